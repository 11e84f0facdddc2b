import type { Queryable } from './connection.ts'
import { newId } from './ids.ts'

export interface SubjectRow {
  id: string
  name: string
}

/** The school's subjects by name. */
export async function listSubjects(tx: Queryable): Promise<SubjectRow[]> {
  const { rows } = await tx.query<SubjectRow>(`select id, name from subjects order by folded_name, id`)
  return rows
}

/** Which of these ids are subjects of the school. */
export async function findSubjects(tx: Queryable, ids: readonly string[]): Promise<Map<string, SubjectRow>> {
  const { rows } = await tx.query<SubjectRow>(`select id, name from subjects where id = any ($1)`, [ids])
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * Subjects by their folded name; those the school does not have yet are entered as they are written. `created` tells
 * which of them are new.
 */
export async function ensureSubjects(tx: Queryable, orgId: string, subjects: readonly { name: string; key: string }[]): Promise<Map<string, SubjectRow & { created: boolean }>> {
  const byKey = new Map(subjects.map((one) => [one.key, one]))
  const { rows: created } = await tx.query<{ id: string }>(
    `insert into subjects (id, org_id, name, folded_name)
     select id, $1, name, key from json_to_recordset($2) as row (id text, name text, key text)
     on conflict (org_id, folded_name) do nothing returning id`,
    [orgId, JSON.stringify([...byKey.values()].map(({ name, key }) => ({ id: newId('sub'), name, key })))],
  )
  const fresh = new Set(created.map(({ id }) => id))
  const { rows } = await tx.query<SubjectRow & { key: string }>(`select id, name, folded_name as key from subjects where folded_name = any ($1)`, [[...byKey.keys()]])
  return new Map(rows.map(({ key, ...row }) => [key, { ...row, created: fresh.has(row.id) }]))
}
