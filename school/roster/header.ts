import { columnsOf } from './columns.ts'
import type { Cell, Field, TableKind } from './kinds.ts'
import { limits } from './limits.ts'

/** The row with the titles of a table: what it says the table is, and where each field stands. */
export interface Header {
  kind: TableKind
  /** Position in the rows that were searched. */
  at: number
  columns: ReadonlyMap<Field, number>
  /** Every title, as it is written; empty for a column without. */
  titles: readonly string[]
}

type Has = (field: Field) => boolean

const named = (has: Has) => has('fullName') || (has('lastName') && has('firstName'))
const ofChild = (has: Has) => has('child') || has('childRef') || (has('childLastName') && has('childFirstName'))
const inClass = (has: Has) => has('className') || has('grade')

/** What a table must have, in the order in which kinds are tried: the more telling first. */
const demands: readonly [kind: TableKind, fits: (has: Has, sheetIsClass: boolean) => boolean][] = [
  ['guardians', (has) => named(has) && ofChild(has)],
  ['loads', (has) => has('subject') && inClass(has) && has('teacher')],
  ['staff', (has) => named(has) && (has('position') || has('teachingStaff'))],
  ['students', (has, sheetIsClass) => named(has) && (inClass(has) || sheetIsClass)],
  ['subjects', (has) => has('subject')],
  ['classes', inClass],
  ['staff', (has) => named(has) && (has('phone') || has('email'))],
]

/** Title rows, numbers of the form and empty rows that may stand above the titles. */
export const searchedRows = 40

/**
 * Finds the row with the titles among the first rows: the one in which most columns are recognized. A blank cell takes
 * the title from the cell above: titles of two lines are merged cells there. `sheetIsClass`: the sheet is named «5А»,
 * so a list without a class column is a list of pupils.
 */
export function findHeader(rows: readonly (readonly Cell[])[], wanted?: TableKind, sheetIsClass = false): Header | undefined {
  let best: Header | undefined
  // What has more columns is no roster, and is not gone through title by title.
  const searched = rows.slice(0, searchedRows).map((cells) => cells.slice(0, limits.columns))
  for (const [at, cells] of searched.entries()) {
    const above = searched[at - 1] ?? []
    const own = cells.map(({ text }) => text)
    // A title above a blank cell of the same column; the other way round the row above would be the header itself.
    const titles = Array.from({ length: Math.max(own.length, above.length) }, (_, column) => own[column]?.trim() || above[column]?.text || '')
    for (const [kind, fits] of demands) {
      if (wanted !== undefined && kind !== wanted) continue
      const columns = columnsOf(kind, titles)
      const ownColumns = [...columns.values()].filter((column) => (own[column] ?? '').trim() !== '')
      if (ownColumns.length === 0 || !fits((field) => columns.has(field), sheetIsClass)) continue
      if (!best || columns.size > best.columns.size) best = { kind, at, columns, titles }
      break
    }
  }
  return best
}
