import { shiftDate } from '../../../school/calendar/local-date.ts'
import { emptyCell, type Cell, type TableRow } from '../../../school/roster/kinds.ts'
import type { Archive } from '../../../school/roster/archive.ts'
import { limits } from '../../../school/roster/limits.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'
import { unescaped, type Workbook } from './workbook.ts'
import { xmlPieces } from './xml.ts'

interface OpenCell {
  column: number
  type: string
  style: number
  formula: boolean
  value: string
}

/** Every row of a sheet that has a value, in order. Columns may be skipped there; they come as empty cells. */
export async function* sheetRows(archive: Archive, { sharedTexts, isDate, from1904 }: Workbook, part: string): AsyncGenerator<TableRow> {
  let rows: TableRow[] = []
  let line = 0
  let cells: Cell[] = []
  let next = 0
  let cell: OpenCell | undefined
  let element = ''
  const finish = (found: OpenCell) => {
    const value = valueOf(found, sharedTexts, isDate, from1904)
    if (value.text === '' && !value.formula) return
    if (found.column >= limits.columns) throw new Unreadable('fileManyColumns', { max: limits.columns })
    while (cells.length < found.column) cells.push(emptyCell)
    cells[found.column] = value
  }
  const reading = xmlPieces(archive.open(part), {
    open: (name, attribute) => {
      element = name
      if (name === 'row') {
        line = lineOf(attribute('r')) ?? line + 1
        cells = []
        next = 0
      } else if (name === 'c') {
        const reference = attribute('r')
        const column = reference === undefined ? next : columnOf(reference)
        next = column + 1
        cell = { column, type: attribute('t') ?? 'n', style: Number(attribute('s') ?? 0), formula: false, value: '' }
      } else if (name === 'f' && cell) cell.formula = true
      else if (name === 'rPh') element = 'rPh'
    },
    text: (text) => {
      if (cell && (element === 'v' || element === 't') && cell.value.length < limits.cellCharacters) cell.value += text.slice(0, limits.cellCharacters)
    },
    close: (name) => {
      element = ''
      if (name === 'c' && cell) {
        finish(cell)
        cell = undefined
      } else if (name === 'row' && cells.length > 0) rows.push({ line, cells })
    },
  })
  for await (const _ of reading) {
    yield* rows
    rows = []
  }
  yield* rows
}

/** The number a row says it has, where a sheet can have such a row. */
function lineOf(said: string | undefined): number | undefined {
  const line = Number(said)
  return Number.isInteger(line) && line > 0 && line <= limits.lines ? line : undefined
}

/** «AB12» stands in column 27, counted from 0. */
function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]+/i.exec(reference)?.[0].toUpperCase() ?? 'A') column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

function valueOf({ type, style, formula, value }: OpenCell, sharedTexts: readonly string[], isDate: Workbook['isDate'], from1904: boolean): Cell {
  const cellOf = (cell: Cell): Cell => (formula ? { ...cell, formula: true } : cell)
  switch (type) {
    case 's':
      return cellOf({ text: sharedTexts[Number(value)] ?? '' })
    case 'b':
      return cellOf({ text: value === '1' ? 'да' : 'нет' })
    case 'd':
      return cellOf({ text: value, date: value.slice(0, 10) })
    case 'n':
      return cellOf(value !== '' && isDate(style) ? dateOf(Number(value), from1904) : { text: numberText(value) })
    default:
      return cellOf({ text: unescaped(value) })
  }
}

/** «8.9000000002E10» is stored, 89000000002 was meant; a fraction stays as it is. */
function numberText(value: string): string {
  const number = Number(value)
  return value !== '' && Number.isSafeInteger(number) ? String(number) : value
}

/** A day by its number; a spreadsheet of 1900 believes in 29 February of that year. */
function dateOf(serial: number, from1904: boolean): Cell {
  const day = Math.floor(serial)
  if (!(day >= 0 && day < 3_000_000)) return { text: String(serial) }
  const date = from1904 ? shiftDate('1904-01-01', day) : shiftDate(day > 59 ? '1899-12-30' : '1899-12-31', day)
  return { text: date.split('-').reverse().join('.'), date }
}
