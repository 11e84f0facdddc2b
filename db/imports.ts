import type { ImportAction, importConfirmations } from '../machines/roster-import.ts'
import type { FileKind } from '../school/roster/kinds.ts'
import type { ProblemParams, ValidationCode } from '../school/texts/validation.ts'
import type { Queryable } from './connection.ts'
import { certify } from './erasure-certificates.ts'
import { eraseImports } from './import-erasure.ts'

/** What a person must confirm, and how much of what it is about. */
export interface Confirmation {
  code: (typeof importConfirmations)[number]
  count: number
  of: number
}

/** What the work on an import is at. */
export const importPhases = ['reading', 'comparing', 'writing'] as const
export type ImportPhase = (typeof importPhases)[number]

/** The import of a file. */
export interface ImportRow {
  id: string
  processId: string
  openedBy: string
  openedAt: Date
  fileName: string
  fileSize: number
  /** What the person said of the file; null where the file decides. */
  wantedKind: FileKind | null
  wantedYear: string | null
  wantedComplete: boolean | null
  state: string
  /** What reading found; null until every row is there. */
  kind: FileKind | null
  academicYear: string | null
  complete: boolean | null
  found: Record<string, unknown> | null
  failure: { code: ValidationCode; params: ProblemParams } | null
  phase: ImportPhase | null
  done: number
  total: number | null
  version: string | null
  counts: Record<ImportAction, number> | null
  confirmations: Confirmation[]
  committedAt: Date | null
}

const columns = `id, process_id as "processId", opened_by as "openedBy", opened_at as "openedAt", file_name as "fileName", file_size as "fileSize",
  wanted_kind as "wantedKind", wanted_year as "wantedYear", wanted_complete as "wantedComplete", state, kind, academic_year as "academicYear",
  complete, found, failure, phase, done, total, version, counts, confirmations, committed_at as "committedAt"`

export type NewImport = Pick<ImportRow, 'id' | 'processId' | 'openedBy' | 'fileName' | 'fileSize' | 'wantedKind' | 'wantedYear' | 'wantedComplete'>

export async function insertImport(tx: Queryable, orgId: string, row: NewImport): Promise<void> {
  await tx.query(
    `insert into imports (id, org_id, process_id, opened_by, file_name, file_size, wanted_kind, wanted_year, wanted_complete) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [row.id, orgId, row.processId, row.openedBy, row.fileName, row.fileSize, row.wantedKind, row.wantedYear, row.wantedComplete],
  )
}

export async function findImport(tx: Queryable, id: string): Promise<ImportRow | undefined> {
  const { rows } = await tx.query<ImportRow>(`select ${columns} from imports where id = $1`, [id])
  return rows[0]
}

/** A page of imports, the latest first. */
export async function listImports(tx: Queryable, filter: { after?: readonly [openedAt: string, id: string] | undefined; limit: number }): Promise<ImportRow[]> {
  const { rows } = await tx.query<ImportRow>(
    `select ${columns} from imports where $1::timestamptz is null or (opened_at, id) < ($1, $2) order by opened_at desc, id desc limit $3`,
    [filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit],
  )
  return rows
}

/** Makes the works on one school's imports wait for each other, and for nothing else. Held until the transaction ends. */
export async function lockImports(tx: Queryable): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('imports:' || current_org(), 0))`)
}

/** How far the work has come. In a transaction of its own: people look at it while the work goes on. */
export async function noteProgress(tx: Queryable, id: string, { phase, done, total }: { phase: ImportPhase; done: number; total: number | null }): Promise<void> {
  await tx.query(`update imports set phase = $2, done = $3, total = $4 where id = $1`, [id, phase, done, total])
}

/** An import that is over keeps nothing, whatever work on it has not heard yet. */
const alive = `state not in ('failed', 'cancelled', 'expired')`

/** What reading found. From then on the rows are there, and the file is not. False when the import is over by now. */
export async function noteFound(tx: Queryable, id: string, read: { kind: FileKind; academicYear: string; complete: boolean; found: unknown; rows: number }): Promise<boolean> {
  const { rowCount } = await tx.query(`update imports set kind = $2, academic_year = $3, complete = $4, found = $5, done = $6, total = $6 where id = $1 and ${alive}`, [
    id,
    read.kind,
    read.academicYear,
    read.complete,
    JSON.stringify(read.found),
    read.rows,
  ])
  return rowCount === 1
}

export async function noteFailure(tx: Queryable, id: string, failure: { code: string; params: ProblemParams }): Promise<void> {
  await tx.query(`update imports set failure = $2, phase = null where id = $1 and ${alive}`, [id, JSON.stringify(failure)])
}

/** The plan that is there to be looked at. False when the import is over by now. */
export async function notePlan(tx: Queryable, id: string, plan: { version: string; counts: Record<ImportAction, number>; confirmations: Confirmation[] }): Promise<boolean> {
  const values = [id, plan.version, JSON.stringify(plan.counts), JSON.stringify(plan.confirmations)]
  const { rowCount } = await tx.query(`update imports set version = $2, counts = $3, confirmations = $4, phase = null where id = $1 and ${alive}`, values)
  return rowCount === 1
}

export async function noteCommitted(tx: Queryable, id: string, counts: Record<ImportAction, number>): Promise<void> {
  await tx.query(`update imports set committed_at = now(), counts = $2, phase = null where id = $1`, [id, JSON.stringify(counts)])
}

/** Keeps the states of imports as their machines have them; who has ended keeps no rows and no file, and an act says so. */
export async function projectImports(tx: Queryable, orgId: string, at: Date, rows: readonly { id: string; state: string; ended: boolean }[]): Promise<void> {
  await tx.query(`update imports i set state = r.state from json_to_recordset($1) as r (id text, state text) where i.id = r.id`, [JSON.stringify(rows)])
  const ended = rows.filter((row) => row.ended).map(({ id }) => id)
  if (ended.length > 0) await certify(tx, orgId, { rule: 'importTerm', at, erasedBy: null, counts: await eraseImports(tx, ended), people: [] })
}
