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

/** Writes a line. `object` is an id, never the thing that was shown. */
export async function insertJournal(
  tx: Queryable,
  orgId: string,
  line: { personId: string | null; keyId: string | null; action: string; object: string },
): Promise<void> {
  await tx.query(`insert into journal (org_id, person_id, key_id, action, object) values ($1, $2, $3, $4, $5)`, [
    orgId,
    line.personId,
    line.keyId,
    line.action,
    line.object,
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
