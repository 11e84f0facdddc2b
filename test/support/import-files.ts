import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** Files as schools send them, made in the test. */

const cp1251 = new Map([...'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u0098™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕї'].map((letter, at) => [letter, 0x80 + at]))
const koi8 = 'юабцдефгхийклмнопярстужвьызшэщчъЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ'

export const windows1251 = (text: string): Buffer =>
  Buffer.from([...text].map((letter) => (letter < '\u0080' ? letter.charCodeAt(0) : /[А-я]/.test(letter) ? letter.charCodeAt(0) - 0x410 + 0xc0 : (cp1251.get(letter) ?? 0x3f))))
export const koi8r = (text: string): Buffer =>
  Buffer.from([...text].map((letter) => (letter < '\u0080' ? letter.charCodeAt(0) : letter === 'ё' ? 0xa3 : letter === 'Ё' ? 0xb3 : koi8.includes(letter) ? 0xc0 + koi8.indexOf(letter) : 0x3f)))
export const utf16le = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
export const utf16be = (text: string): Buffer => utf16le(text).swap16()

/** A text table; cells with a delimiter, quote or line break are quoted. */
export const table = (rows: readonly (readonly string[])[], delimiter = ';', end = '\r\n'): string =>
  rows.map((row) => row.map((cell) => (/[";,\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter)).join(end) + end

/** A zip archive of these files. */
export async function archive(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content as string), name)
  zip.end()
  return buffer(zip.outputStream as NodeJS.ReadableStream as never)
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** A cell of a workbook: a text, a number, or the attributes and content of `<c>` as they are. */
export type SheetCell = string | number | { attributes: string; content: string } | null

interface WorkbookParts {
  /** Rows by the name of their sheet. */
  sheets: Readonly<Record<string, readonly (readonly SheetCell[])[]>>
  from1904?: boolean
  /** More `<numFmt>` and `<xf>` for the cells to refer to. */
  styles?: string
  /** Texts go into the table of shared texts. */
  shared?: boolean
}

const column = (at: number): string => (at < 26 ? '' : column(Math.floor(at / 26) - 1)) + String.fromCharCode(65 + (at % 26))

/** A workbook as Excel writes one, in its parts: change them, then zip them. */
export function workbookParts({ sheets, from1904 = false, styles, shared = true }: WorkbookParts): Record<string, string> {
  const texts: string[] = []
  const cell = (value: SheetCell, reference: string): string => {
    if (value === null) return ''
    if (typeof value === 'number') return `<c r="${reference}"><v>${value}</v></c>`
    if (typeof value !== 'string') return `<c r="${reference}" ${value.attributes}>${value.content}</c>`
    if (!shared) return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escaped(value)}</t></is></c>`
    texts.push(value)
    return `<c r="${reference}" t="s"><v>${texts.length - 1}</v></c>`
  }
  const parts: Record<string, string> = {}
  Object.values(sheets).forEach((rows, index) => {
    const data = rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, `${column(c)}${r + 1}`)).join('')}</row>`).join('')
    parts[`xl/worksheets/sheet${index + 1}.xml`] = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${data}</sheetData></worksheet>`
  })
  const names = Object.keys(sheets)
  const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`
  const relations = (list: string[]) => `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}</Relationships>`
  return {
    '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relations([relation('rId1', 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr${from1904 ? ' date1904="1"' : ''}/><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([...names.map((_, i) => relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`)), relation('rId90', 'sharedStrings', 'sharedStrings.xml'), relation('rId91', 'styles', 'styles.xml')]),
    'xl/sharedStrings.xml': `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${texts.map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`,
    'xl/styles.xml': `<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${styles ?? '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'}</styleSheet>`,
    ...parts,
  }
}

/** A whole workbook. */
export const workbook = (parts: WorkbookParts): Promise<Buffer> => archive(workbookParts(parts))
