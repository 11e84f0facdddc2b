import type { Queryable } from './connection.ts'

/** A line of the journal: who looked at what (domain.md 13). */
export interface JournalRow {
  id: number
  at: Date
  personId: string | null
  keyId: string | null
  action: string
  object: string
}

/** Writes a line, or one for each of several objects: ids, never the things that were shown. */
export async function insertJournal(
  tx: Queryable,
  orgId: string,
  line: { personId: string | null; keyId: string | null; action: string; object: string | readonly string[] },
): Promise<void> {
  await tx.query(`insert into journal (org_id, person_id, key_id, action, object) select $1, $2, $3, $4, unnest($5::text[])`, [
    orgId,
    line.personId,
    line.keyId,
    line.action,
    [line.object].flat(),
  ])
}

/** A page of the journal, the latest first. */
export async function listJournal(tx: Queryable, filter: { before?: number | undefined; limit: number }): Promise<JournalRow[]> {
  const { rows } = await tx.query<JournalRow>(
    `select id, at, person_id as "personId", key_id as "keyId", action, object from journal
     where ($1::bigint is null or id < $1) order by id desc limit $2`,
    [filter.before ?? null, filter.limit],
  )
  return rows
}
