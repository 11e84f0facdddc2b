import type { Archive } from '../../../school/roster/archive.ts'
import { limits } from '../../../school/roster/limits.ts'
import { storable } from '../../../school/roster/storable.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'
import { readXml } from './xml.ts'

/** A workbook (ISO/IEC 29500): its sheets in order, and what their cells refer to. */
export interface Workbook {
  sheets: { name: string; part: string }[]
  /** Days are counted from 1 January 1904, as Excel for Mac once did. */
  from1904: boolean
  sharedTexts: string[]
  /** Whether a cell of this style shows a date. */
  isDate: (style: number) => boolean
}

/** Whether an archive is a workbook. */
export const isWorkbook = ({ names }: Archive): boolean => names.includes('[Content_Types].xml') && names.some((name) => /(^|\/)workbook\d*\.xml$/i.test(name))

/** Reads everything of a workbook but the cells. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const [main] = (await relations(archive, '')).filter(({ type }) => type === 'officeDocument')
  if (!main || !archive.names.includes(main.part)) throw new Unreadable('archiveUnknown')
  const parts = await relations(archive, main.part)
  const partOf = new Map(parts.map(({ id, part }) => [id, part]))
  const find = (type: string) => parts.find((relation) => relation.type === type && archive.names.includes(relation.part))?.part

  const sheets: Workbook['sheets'] = []
  let from1904 = false
  await readXml(archive.open(main.part), {
    open: (name, attribute) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attribute('date1904') ?? '')
      const part = name === 'sheet' ? partOf.get(attribute('id') ?? '') : undefined
      // A hidden sheet is none that the person meant.
      if (part !== undefined && archive.names.includes(part) && (attribute('state') ?? 'visible') === 'visible') sheets.push({ name: attribute('name') ?? '', part })
    },
  })
  const texts = find('sharedStrings')
  const styles = find('styles')
  return { sheets, from1904, sharedTexts: texts === undefined ? [] : await readSharedTexts(archive, texts), isDate: styles === undefined ? () => false : await readStyles(archive, styles) }
}

/** What a part refers to: id, the last word of the type, the part. */
async function relations(archive: Archive, of: string): Promise<{ id: string; type: string; part: string }[]> {
  const folder = of.slice(0, of.lastIndexOf('/') + 1)
  const file = `${folder}_rels/${of.slice(folder.length)}.rels`
  if (!archive.names.includes(file)) return []
  const found: { id: string; type: string; part: string }[] = []
  await readXml(archive.open(file), {
    open: (name, attribute) => {
      const target = attribute('Target')
      if (name !== 'Relationship' || target === undefined || attribute('TargetMode') === 'External') return
      const part = new URL(target, `file:///${folder}`).pathname.slice(1)
      found.push({ id: attribute('Id') ?? '', type: (attribute('Type') ?? '').split('/').at(-1)!, part: decodeURIComponent(part) })
    },
  })
  return found
}

async function readSharedTexts(archive: Archive, part: string): Promise<string[]> {
  const texts: string[] = []
  let current: string | undefined
  let phonetic = false
  let inText = false
  await readXml(archive.open(part), {
    open: (name) => {
      if (name === 'si') current = ''
      else if (name === 'rPh') phonetic = true
      else if (name === 't') inText = true
    },
    text: (text) => {
      if (inText && !phonetic && current !== undefined && current.length < limits.cellCharacters) current += text.slice(0, limits.cellCharacters)
    },
    close: (name) => {
      if (name === 't') inText = false
      else if (name === 'rPh') phonetic = false
      else if (name === 'si' && current !== undefined) {
        texts.push(unescaped(current))
        current = undefined
        if (texts.length > limits.sharedTexts) throw new Unreadable('fileTooHeavy')
      }
    },
  })
  return texts
}

/** Characters that XML cannot hold stand there as «_x000D_». */
export const unescaped = (text: string): string => storable(text.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))))

/** Built-in formats of dates (18.8.30); those up to 36 and from 50 are East Asian. Times alone are no dates. */
const builtInDates = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58])

async function readStyles(archive: Archive, part: string): Promise<Workbook['isDate']> {
  const dates = new Set(builtInDates)
  const formats: number[] = []
  let inCells = false
  await readXml(archive.open(part), {
    open: (name, attribute) => {
      if (name === 'numFmt' && isDateFormat(attribute('formatCode') ?? '')) dates.add(Number(attribute('numFmtId')))
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) formats.push(Number(attribute('numFmtId') ?? 0))
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return (style) => dates.has(formats[style] ?? 0)
}

/** A format that shows a day or a year, beside quoted texts, colours and conditions. */
export function isDateFormat(code: string): boolean {
  const plain = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, '')
  return !/^(general|standard|основной)$/i.test(plain) && /[dyдг]/i.test(plain)
}
