import { findHeader, searchedRows, type Header } from '../../../school/roster/header.ts'
import type { Cell, Field, TableKind, TableRow } from '../../../school/roster/kinds.ts'
import { readRow, type RowRules } from '../../../school/roster/read-row.ts'
import type { RosterRow } from '../../../school/roster/row.ts'
import { checkClassName } from '../../../school/validation/class-name.ts'
import { limits } from '../../../school/roster/limits.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'

/** How a table was read: shown beside the preview, so that a person sees what was taken for what. */
export interface FoundTable {
  kind: TableKind
  /** Sheet of a workbook or file of an archive; empty for a text. */
  source: string
  /** The row with the titles. */
  line: number
  columns: { field: Field; title: string }[]
  /** Titles of columns that are not read. */
  ignored: string[]
}

/** One part of a file that may be a table. */
export interface TablePart {
  source: string
  rows: AsyncIterable<TableRow>
}

/**
 * Reads the rows of one part: looks for the titles among the first rows, then takes row after row. Undefined as the
 * table when no titles are found, or titles of another kind than `wanted`.
 */
export async function* tableRows(part: TablePart, wanted: TableKind | undefined, rules: RowRules, found: (table: FoundTable) => void): AsyncGenerator<RosterRow> {
  const sheetClass = checkClassName(part.source, rules.gradeMax).ok ? part.source : undefined
  const first: TableRow[] = []
  let reader: ((row: TableRow) => RosterRow | undefined) | undefined
  const begin = () => {
    const header = findHeader(first.map(({ cells }) => cells), wanted, sheetClass !== undefined)
    if (!header) return
    found(describe(part.source, first[header.at]!.line, header))
    reader = rowReader(part.source, header, rules, sheetClass)
    return first.slice(header.at + 1)
  }
  for await (const row of part.rows) {
    if (width(row.cells) > limits.columns) throw new Unreadable('fileManyColumns', { max: limits.columns })
    if (reader) yield* present(reader(row))
    else if (first.push(row) === searchedRows) {
      const rest = begin()
      if (!rest) return
      for (const early of rest) yield* present(reader!(early))
    }
  }
  if (reader) return
  for (const early of begin() ?? []) yield* present(reader!(early))
}

const present = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value])

/** Columns up to the last that says something. */
const width = (cells: readonly Cell[]): number => cells.findLastIndex(({ text }) => text.trim() !== '') + 1

function describe(source: string, line: number, { kind, columns, titles }: Header): FoundTable {
  const read = new Set(columns.values())
  return {
    kind,
    source,
    line,
    columns: [...columns].map(([field, at]) => ({ field, title: titles[at]!.trim() })),
    ignored: titles.map((title) => title.trim().slice(0, 100)).filter((title, at) => title !== '' && !read.has(at)),
  }
}

/** Titles count up to this length; more is no title. */
const titleLength = 100

function rowReader(source: string, { kind, columns, titles }: Header, rules: RowRules, sheetClass: string | undefined) {
  const named = new Map([...columns].map(([field, at]) => [field, titles[at]!.trim().slice(0, titleLength)] as const))
  const fromSheet = sheetClass !== undefined && !named.has('className') && !named.has('grade')
  if (fromSheet) named.set('className', source)
  return ({ line, cells }: TableRow): RosterRow | undefined => {
    const byField = new Map<Field, Cell>()
    for (const [field, at] of columns) if (cells[at]) byField.set(field, cells[at])
    if (fromSheet) byField.set('className', { text: source })
    return readRow(kind, { source, line, cells: byField, titles: named }, rules)
  }
}
