import { createHash } from 'node:crypto'
import type { CellProblem } from '../../../school/roster/row.ts'
import type { RowCandidate, RowPlan, KeptRow } from '../../../db/import-rows.ts'
import type { RowKind } from '../../../school/roster/kinds.ts'
import type { IdPrefix } from '../../../db/ids.ts'

/** What rows are compared with, beside people: the year's classes, and what the file is. */
export interface World {
  importId: string
  academicYear: string
  /** Open classes of the year by the key of their name. */
  classes: ReadonlyMap<string, { id: string; name: string; grades: readonly number[] }>
  /** Keys of the classes whose pupils the file has. */
  classesInFile: ReadonlySet<string>
  /** The lists of the file are complete: who is missing in them is gone. */
  complete: boolean
}

/** The id of something that a row would enter: the same however often the plan is made, so nothing is entered twice. */
export function idFor(prefix: IdPrefix, importId: string, seq: number, what = ''): string {
  const hash = createHash('sha256').update(`${importId}:${seq}:${what}`).digest('base64url')
  return `${prefix}_${hash.replaceAll('-', 'A').replaceAll('_', 'B').slice(0, 16)}`
}

const nothing = { personId: null, isNew: false, membershipId: null, guardianOf: null, notes: [], candidates: [], changes: [], movement: null } as const

/** A plan with only what is not as usual. */
export const planOf = (action: RowPlan['action'], rest: Partial<RowPlan> = {}): RowPlan => ({ action, ...nothing, notes: [], candidates: [], changes: [], ...rest })

/** Something worth knowing about a row, or a question. */
export const noteOf = (code: CellProblem['code'], params: CellProblem['params'] = {}, field: CellProblem['field'] = 'fullName'): CellProblem => ({ field, column: '', code, params })

/** A question to a person, and who it may be. */
export const ask = (code: CellProblem['code'], candidates: RowCandidate[], params: CellProblem['params'] = {}, field: CellProblem['field'] = 'fullName'): RowPlan =>
  planOf('ask', { notes: [noteOf(code, params, field)], candidates })

/**
 * What a row's own problems and a person's word make of a plan: whom it means is kept, so nobody is taken for gone.
 * `found` are problems that only comparing could find.
 */
export function settled<K extends RowKind>(row: KeptRow<K>, plan: RowPlan, found: CellProblem[] = []): RowPlan {
  const idle = { changes: [], movement: null, guardianOf: null, candidates: [], ...(plan.isNew && { personId: null, isNew: false, membershipId: null }) }
  if (row.decision === 'skip') return { ...plan, ...idle, action: 'skip' }
  return row.problems.length + found.length === 0 ? plan : { ...plan, ...idle, action: 'problem', notes: found }
}
