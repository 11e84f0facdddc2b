import type { ImportAction } from '../machines/roster-import.ts'
import type { RowKind } from '../school/roster/kinds.ts'
import type { CellProblem, RosterRow } from '../school/roster/row.ts'
import type { Queryable } from './connection.ts'

/** What changes about somebody or something that is there already. Null: nothing was known. */
export interface RowChange {
  field: 'lastName' | 'firstName' | 'patronymic' | 'phone' | 'email' | 'position' | 'teachingStaff' | 'startsOn' | 'className'
  before: string | boolean | null
  after: string | boolean | null
}

/** What only an order may do (BR-16), or the year's end. Classes by id, or by key where they are yet to be opened. */
export interface RowMovement {
  kind: 'classTransfer' | 'departure' | 'readmission' | 'staffDeparture' | 'yearEnd'
  fromClassId: string | null
  toClassKey: string | null
}

/** Who a row may mean: somebody of the register, or a row of the file. */
export interface RowCandidate {
  personId: string
  line?: number
}

/** What is to be done with a row. */
export interface RowPlan {
  action: ImportAction
  /** The person it is about, or the class, subject or load; null where that is open. */
  personId: string | null
  /** The person is yet to be entered, under this id. */
  isNew: boolean
  /** The membership that changes, or that is to be entered. */
  membershipId: string | null
  /** Whose guardian the membership makes the person. */
  guardianOf: string | null
  /** Questions, and what is worth knowing, found by comparing; warnings do not block. */
  notes: CellProblem[]
  candidates: RowCandidate[]
  changes: RowChange[]
  movement: RowMovement | null
}

export type RowDecision = 'same' | 'new' | 'skip'

/** A row as it is kept: what the file says, what a person decided. */
export interface KeptRow<K extends RowKind = RowKind> extends RosterRow<K> {
  seq: number
  decision: RowDecision | null
  decidedId: string | null
  /** Whose guardian it is, where a person had to say so. */
  decidedChild: string | null
}

const kept = `seq, kind, source, line, ref, match_key as "matchKey", class_key as "classKey", data, problems, warnings, decision, decided_id as "decidedId", decided_child as "decidedChild"`
const planned = `action, person_id as "personId", is_new as "isNew", membership_id as "membershipId", guardian_of as "guardianOf", notes, candidates, changes, movement`

/** Adds rows of the file in one statement. */
export async function insertImportRows(tx: Queryable, orgId: string, importId: string, firstSeq: number, rows: readonly RosterRow[]): Promise<void> {
  await tx.query(
    `insert into import_rows (import_id, org_id, seq, kind, source, line, ref, match_key, class_key, data, problems, warnings)
     select $1, $2, $3 + r.at, r.kind, r.source, r.line, r.ref, r."matchKey", r."classKey", r.data, r.problems, r.warnings
     from json_to_recordset($4) as r (at integer, kind text, source text, line integer, ref text, "matchKey" text, "classKey" text, data jsonb, problems jsonb, warnings jsonb)`,
    [importId, orgId, firstSeq, JSON.stringify(rows.map((row, at) => ({ at, ...row })))],
  )
}

/** Where the rows of a kind go on. */
export interface RowPlace {
  matchKey: string
  seq: number
}

/** Rows of a kind in the order in which namesakes stand together. */
export async function readRowsByName<K extends RowKind>(tx: Queryable, importId: string, kind: K, after: RowPlace | undefined, limit: number): Promise<KeptRow<K>[]> {
  const { rows } = await tx.query<KeptRow<K>>(
    `select ${kept}
     from import_rows where import_id = $1 and kind = $2 and line is not null and ($3::text is null or (match_key, seq) > ($3, $4))
     order by match_key, seq limit $5`,
    [importId, kind, after?.matchKey ?? null, after?.seq ?? null, limit],
  )
  return rows
}

/**
 * Writes what is to be done with rows; those of which the same is planned already are left alone. The rows are named twice:
 * PostgreSQL, which knows nothing yet of rows that have just come, would else hold every row of the import against these.
 */
export async function writePlans(tx: Queryable, importId: string, plans: readonly (RowPlan & { seq: number })[]): Promise<void> {
  await tx.query(
    `update import_rows i set action = r.action, person_id = r."personId", is_new = r."isNew", membership_id = r."membershipId", guardian_of = r."guardianOf", notes = r.notes,
       candidates = r.candidates, changes = r.changes, movement = r.movement
     from json_to_recordset($2) as r (seq integer, action text, "personId" text, "isNew" boolean, "membershipId" text, "guardianOf" text, notes jsonb, candidates jsonb, changes jsonb, movement jsonb)
     where i.import_id = $1 and i.seq = any ($3) and i.seq = r.seq
       and (i.action, i.person_id, i.is_new, i.membership_id, i.guardian_of, i.notes, i.candidates, i.changes, i.movement)
         is distinct from (r.action, r."personId", r."isNew", r."membershipId", r."guardianOf", r.notes, r.candidates, r.changes, r.movement)`,
    [importId, JSON.stringify(plans), plans.map(({ seq }) => seq)],
  )
}

/** What a person says of a row. `undo` takes everything back that was said of it. */
export interface Said {
  row: number
  decision: RowDecision | 'child' | 'undo'
  personId?: string
}

/** Keeps what a person decided about rows; of several decisions about one the last counts. */
export async function writeDecisions(tx: Queryable, importId: string, decisions: readonly Said[]): Promise<void> {
  await tx.query(
    `update import_rows i set
       decision = case r.decision when 'undo' then null when 'child' then i.decision else r.decision end,
       decided_id = case r.decision when 'same' then r."personId" when 'child' then i.decided_id end,
       decided_child = case r.decision when 'undo' then null when 'child' then r."personId" else i.decided_child end
     from json_to_recordset($2) as r (row integer, decision text, "personId" text)
     where i.import_id = $1 and i.seq = r.row`,
    [importId, JSON.stringify([...new Map(decisions.map((one) => [`${one.row} ${one.decision === 'child'}`, one])).values()])],
  )
}

/** What a person says of every row of a kind, or of every row with which the same is to be done. */
export interface SaidOfEvery {
  decision: 'skip' | 'undo'
  action?: ImportAction
  kind?: RowKind
}

/** Keeps what a person decided about many rows at once, as they were planned last. */
export async function decideEvery(tx: Queryable, importId: string, { decision, action, kind }: SaidOfEvery): Promise<void> {
  await tx.query(
    `update import_rows set decision = $2, decided_id = null, decided_child = case when $2::text is null then null else decided_child end
     where import_id = $1 and ($3::text is null or action = $3) and ($4::text is null or kind = $4)`,
    [importId, decision === 'skip' ? decision : null, action ?? null, kind ?? null],
  )
}

export async function countImportRows(tx: Queryable, importId: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(`select count(*)::int as count from import_rows where import_id = $1 and line is not null`, [importId])
  return rows[0]!.count
}

/** Rows of a kind with which one of these is to be done, in the order of the file. */
export async function readRowsOfAction<K extends RowKind>(tx: Queryable, importId: string, kind: K, actions: readonly ImportAction[], after: number, limit: number): Promise<(KeptRow<K> & RowPlan)[]> {
  const { rows } = await tx.query<KeptRow<K> & RowPlan>(
    `select ${kept}, ${planned} from import_rows where import_id = $1 and kind = $2 and action = any ($3) and seq > $4 order by seq limit $5`,
    [importId, kind, actions, after, limit],
  )
  return rows
}

/** Pupils of these names that the file enters, under the ids they will have. */
export async function findRowsByName(tx: Queryable, importId: string, names: readonly string[]): Promise<{ id: string; matchKey: string; classKey: string | null }[]> {
  const { rows } = await tx.query<{ id: string; matchKey: string; classKey: string | null }>(
    `select person_id as id, match_key as "matchKey", class_key as "classKey" from import_rows where import_id = $1 and kind = 'student' and action = 'create' and is_new and match_key = any ($2)`,
    [importId, names],
  )
  return rows
}

/** The pupils or guardians whom rows of an import mean, as far as they were carried out or had nothing to change. */
export async function listImportedPeople(tx: Queryable, importId: string, kind: 'student' | 'guardian'): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select distinct person_id as id from import_rows
     where import_id = $1 and kind = $2 and line is not null and person_id is not null and action in ('create', 'change', 'move', 'same') order by 1`,
    [importId, kind],
  )
  return rows.map(({ id }) => id)
}
