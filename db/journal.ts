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

/** What was looked at, by whom, without naming anybody else than the person themself. */
export interface JournalTrace {
  at: Date
  action: string
  /** The person looked themself. */
  self: boolean
  /** Roles of who looked, as they are now; none for the service and for who has left. */
  roles: string[]
}

/** Who looked at these things of a person, and took away lists while the person was in them, the first first. */
export async function listLooks(tx: Queryable, person: { id: string; objects: readonly string[] }): Promise<JournalTrace[]> {
  const { rows } = await tx.query<JournalTrace>(
    `select j.at, j.action, coalesce(j.person_id = $1, false) as self,
       array(select distinct r from memberships m, unnest(m.roles) r where m.person_id = j.person_id and m.ended_at is null order by r) as roles
     from journal j
     where j.object = $1 or j.object = any ($2)
       or (j.action in ('registerTaken', 'registerTakenInFull') and j.at >= (select created_at from people where id = $1))
     order by j.id`,
    [person.id, person.objects],
  )
  return rows
}

/** What the person looked at themself: when and what kind of thing, not whose. */
export async function listOwnLooks(tx: Queryable, personId: string): Promise<{ at: Date; action: string }[]> {
  const { rows } = await tx.query<{ at: Date; action: string }>(`select at, action from journal where person_id = $1 order by id`, [personId])
  return rows
}
