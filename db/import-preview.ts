import type { ImportAction } from '../machines/roster-import.ts'
import type { RowKind } from '../school/roster/kinds.ts'
import type { RosterRow } from '../school/roster/row.ts'
import type { Queryable } from './connection.ts'
import type { KeptRow, RowPlan } from './import-rows.ts'

/** A row as a person looks at it: what the file says, what is decided, what is to be done. No line: the file does not have it. */
export type SeenRow = Omit<KeptRow, 'line'> & RowPlan & { line: number | null }

/** A page of rows in the order of the file, those that the file does not have at the end. */
export async function listImportRows(tx: Queryable, importId: string, filter: { action?: ImportAction | undefined; kind?: RowKind | undefined; after?: number | undefined; limit: number }): Promise<SeenRow[]> {
  const { rows } = await tx.query<SeenRow>(
    `select seq, kind, source, line, ref, match_key as "matchKey", class_key as "classKey", data, problems, warnings, decision, decided_id as "decidedId", decided_child as "decidedChild",
       action, person_id as "personId", is_new as "isNew", membership_id as "membershipId", guardian_of as "guardianOf", notes, candidates, changes, movement
     from import_rows where import_id = $1 and action is not null and ($2::text is null or action = $2) and ($3::text is null or kind = $3) and seq > $4 order by seq limit $5`,
    [importId, filter.action ?? null, filter.kind ?? null, filter.after ?? 0, filter.limit],
  )
  return rows
}

/** People whom rows of the file enter, by the ids they will have. */
export async function findEntered(tx: Queryable, importId: string, ids: readonly string[]): Promise<Map<string, Pick<RosterRow, 'kind' | 'data' | 'line'>>> {
  const { rows } = await tx.query<Pick<RosterRow, 'kind' | 'data' | 'line'> & { id: string }>(
    `select distinct on (person_id) person_id as id, kind, data, line from import_rows where import_id = $1 and is_new and person_id = any ($2) order by person_id, seq`,
    [importId, ids],
  )
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}
