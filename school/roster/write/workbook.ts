import { Readable } from 'node:stream'
import type { WrittenRows } from './csv.ts'
import { safeText } from './safe-text.ts'
import { zip } from './zip.ts'

/** A sheet to be written: the first row is that of the titles. */
export interface WrittenSheet {
  /** At most 31 characters, none of []:*?/\. */
  name: string
  columns: number
  rows: WrittenRows
}

const xml = (body: string) => Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`)
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const openXml = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
/** In Excel «_x000D_» is a character; a text that says so by itself has its first sign written that way (ISO/IEC 29500, 22.9.2.19). */
const verbatim = (text: string) => escaped(text.replace(/_(?=x[0-9A-F]{4}_)/gi, '_x005F_'))

const relations = (list: readonly [type: string, target: string][]) =>
  xml(`<Relationships xmlns="${packages}/relationships">${list.map(([type, target], at) => `<Relationship Id="r${at + 1}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`)

/** Every cell is a text (numFmt 49), so that Excel makes neither a date of «5-1» nor a number of a telephone; titles are bold. */
const styles = xml(
  `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>' +
    '<cellXfs count="3"><xf xfId="0"/><xf numFmtId="49" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>',
)

/**
 * A workbook with these sheets (ISO/IEC 29500), written as its rows come: neither it nor a sheet is ever in memory as a
 * whole. A source of rows that fails breaks the stream off.
 */
export function workbook(sheets: readonly WrittenSheet[]): Readable {
  const part = (at: number) => `worksheets/sheet${at + 1}.xml`
  const override = (name: string, type: string) => `<Override PartName="/xl/${name}" ContentType="${openXml}.${type}+xml"/>`
  const types =
    `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `${override('workbook.xml', 'sheet.main')}${override('styles.xml', 'styles')}${sheets.map((_, at) => override(part(at), 'worksheet')).join('')}</Types>`
  const list = sheets.map(({ name }, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="r${at + 1}"/>`).join('')
  const parts: [string, Buffer][] = [
    ['[Content_Types].xml', xml(types)],
    ['_rels/.rels', relations([['officeDocument', 'xl/workbook.xml']])],
    ['xl/workbook.xml', xml(`<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${list}</sheets></workbook>`)],
    ['xl/_rels/workbook.xml.rels', relations([...sheets.map((_, at) => ['worksheet', part(at)] as [string, string]), ['styles', 'styles.xml']])],
    ['xl/styles.xml', styles],
  ]
  return zip([
    ...parts.map(([name, bytes]) => [name, () => Readable.from([bytes])] as const),
    ...sheets.map((sheet, at) => [`xl/${part(at)}`, () => Readable.from(sheetXml(sheet))] as const),
  ])
}

async function* sheetXml({ columns, rows }: WrittenSheet): AsyncGenerator<Buffer> {
  yield xml(
    `<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
      `<cols><col min="1" max="${columns}" width="24" style="1" customWidth="1"/></cols><sheetData>`,
  )
  let text = ''
  let line = 0
  for await (const row of rows) {
    line += 1
    const cells = row.map((cell) => (cell === '' ? '<c s="1"/>' : `<c s="${line === 1 ? 2 : 1}" t="inlineStr"><is><t xml:space="preserve">${verbatim(safeText(cell))}</t></is></c>`))
    text += `<row r="${line}">${cells.join('')}</row>`
    if (text.length < pieceCharacters) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(`${text}</sheetData></worksheet>`)
}

const pieceCharacters = 32 * 1024
