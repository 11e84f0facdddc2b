import type { KeyHolder } from './api-keys.ts'
import type { Queryable } from './connection.ts'

/** A session nobody uses for so long has ended, and so has one that is so old (ASVS 7.3.1, 7.3.2). */
const idle = `interval '2 hours'`
const absolute = `interval '12 hours'`
const alive = `s.ended_at is null and s.seen_at > now() - ${idle} and s.created_at > now() - ${absolute}`

/** A person of a school, or the operator, who belongs to none. */
export type Account = { orgId: string; personId: string } | { orgId: null; personId: null }

/** What the person may do now; the operator's role is his own. */
const rolesOf = (alias: string) => `case when ${alias}.org_id is null then array['operator']
  else array(select distinct role from memberships m, unnest(m.roles) role
             where m.org_id = ${alias}.org_id and m.person_id = ${alias}.person_id and m.ended_at is null) end`

/** Begins a session. Runs as the service; `hash` is that of its secret. */
export async function insertSession(tx: Queryable, session: { id: string; hash: string } & Account): Promise<void> {
  await tx.query(`insert into sessions (id, hash, org_id, person_id) values ($1, $2, $3, $4)`, [session.id, session.hash, session.orgId, session.personId])
}

/**
 * Who sits at the session with this hash, with the roles of this moment: dismissal and taken roles act at once, and who
 * has none left is nobody. Runs as the service.
 */
export async function findSession(tx: Queryable, hash: string): Promise<KeyHolder | undefined> {
  const { rows } = await tx.query<KeyHolder>(
    `select s.id, s.org_id as "orgId", s.person_id as "personId", ${rolesOf('s')} as roles, s.seen_at < now() - interval '1 minute' as stale
     from sessions s where s.hash = $1 and ${alive}`,
    [hash],
  )
  return rows[0]?.roles.length ? rows[0] : undefined
}

/** Whether somebody still sits at the session. Runs as the service. */
export async function isSessionAlive(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`select from sessions s where s.id = $1 and ${alive} and cardinality(${rolesOf('s')}) > 0`, [id])
  return rowCount === 1
}

/** Notes that somebody sits at the session. Runs as the service. */
export async function noteSessionUse(tx: Queryable, id: string): Promise<void> {
  await tx.query(`update sessions set seen_at = now() where id = $1`, [id])
}

/** Ends one session. Runs as the service. */
export async function endSession(tx: Queryable, hash: string): Promise<void> {
  await tx.query(`update sessions set ended_at = now() where hash = $1 and ended_at is null`, [hash])
}

/** Ends every session of the account; returns how many there were. Runs as the service. */
export async function endSessionsOf(tx: Queryable, { orgId, personId }: Account): Promise<number> {
  const { rowCount } = await tx.query(`update sessions s set ended_at = now() where org_id is not distinct from $1 and person_id is not distinct from $2 and ${alive}`, [orgId, personId])
  return rowCount ?? 0
}

/** How many sessions of the account are alive. Runs as the service. */
export async function countSessionsOf(tx: Queryable, { orgId, personId }: Account): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(`select count(*)::int as count from sessions s where org_id is not distinct from $1 and person_id is not distinct from $2 and ${alive}`, [orgId, personId])
  return rows[0]!.count
}

/** Removes what has ended a month ago, and links and attempts that are as old. Runs as the service. */
export async function deleteOldSignIns(tx: Queryable): Promise<void> {
  await tx.query(`delete from sessions where created_at < now() - interval '1 month'`)
  await tx.query(`delete from sign_in_links where expires_at < now() - interval '1 month'`)
  await tx.query(`delete from sign_in_attempts where at < now() - interval '1 day'`)
}
