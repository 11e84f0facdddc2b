import { randomBytes } from 'node:crypto'
import type { Queryable } from './connection.ts'
import { secretHash } from './secret-hash.ts'
import type { Account } from './sessions.ts'

/** 192 bits (ASVS 11.5.1). */
const tokenBytes = 24

/** A new one-time link for the account; only its hash is kept. */
export async function issueSignInToken(tx: Queryable, { orgId, personId }: Account, minutes: number): Promise<string> {
  const token = randomBytes(tokenBytes).toString('base64url')
  await tx.query(`insert into sign_in_links (hash, org_id, person_id, expires_at) values ($1, $2, $3, now() + make_interval(mins => $4))`, [secretHash(token), orgId, personId, minutes])
  return token
}

const good = `used_at is null and expires_at > now()`

/** Whether the link would let somebody in. Runs as the service. */
export async function isSignInTokenGood(tx: Queryable, token: string): Promise<boolean> {
  const { rowCount } = await tx.query(`select from sign_in_links where hash = $1 and ${good}`, [secretHash(token)])
  return rowCount === 1
}

/** Uses the link up: of two at once one comes in (ASVS 6.5.1). Runs as the service. */
export async function takeSignInToken(tx: Queryable, token: string): Promise<Account | undefined> {
  const { rows } = await tx.query<Account>(`update sign_in_links set used_at = now() where hash = $1 and ${good} returning org_id as "orgId", person_id as "personId"`, [secretHash(token)])
  return rows[0]
}

/** People of all schools with this address who work there and have something to do in the console, with their password if they have one and their school wants it. */
export interface SignInCandidate {
  orgId: string
  personId: string
  password: string | null
}

/** More people share no address; who tries a password waits for each of them. */
const mostPeople = 5

/** Runs as the service. */
export async function findCandidates(tx: Queryable, email: string): Promise<SignInCandidate[]> {
  const { rows } = await tx.query<SignInCandidate>(
    `select p.org_id as "orgId", p.id as "personId", case when (o.settings -> 'passwords') = 'true' then w.hash end as password
     from people p join organizations o on o.id = p.org_id left join passwords w on w.org_id = p.org_id and w.person_id = p.id
     where lower(p.email) = lower($1)
       and exists (select 1 from memberships m where m.org_id = p.org_id and m.person_id = p.id and m.ended_at is null and m.roles <> '{}')
     order by p.org_id, p.id limit ${mostPeople}`,
    [email],
  )
  return rows
}

/** Queues a letter with a link for each of these people. Runs as the service. */
export async function queueSignInLetters(tx: Queryable, people: readonly SignInCandidate[]): Promise<void> {
  const rows = people.map(({ orgId, personId }) => ({ id: randomBytes(12).toString('hex'), orgId, personId }))
  await tx.query(
    `insert into letters (id, org_id, process_id, code, recipient, values, urgent, outside, queued_at, told_at)
     select 'letter.signIn.' || r.id, r."orgId", 'signIn:' || r.id, 'L-SIGN-IN', jsonb_build_object('person', r."personId"), '{}', true, false, now(), now()
     from jsonb_to_recordset($1::jsonb) as r(id text, "orgId" text, "personId" text)`,
    [JSON.stringify(rows)],
  )
}

/** Writes an attempt down and returns how many there were within the last minutes, this one among them. Runs as the service. */
export async function countAttempt(tx: Queryable, login: string, kind: 'link' | 'password', minutes: number): Promise<number> {
  const hash = secretHash(login.toLowerCase())
  await tx.query(`insert into sign_in_attempts (login_hash, kind) values ($1, $2)`, [hash, kind])
  const { rows } = await tx.query<{ count: number }>(`select count(*)::int as count from sign_in_attempts where login_hash = $1 and kind = $2 and at > now() - make_interval(mins => $3)`, [hash, kind, minutes])
  return rows[0]!.count
}

/** Forgets failures after a success. Runs as the service. */
export async function forgetAttempts(tx: Queryable, login: string): Promise<void> {
  await tx.query(`delete from sign_in_attempts where login_hash = $1 and kind = 'password'`, [secretHash(login.toLowerCase())])
}

/** The password's hash of a person, undefined without one. Runs as the service. */
export async function findPassword(tx: Queryable, { orgId, personId }: Account): Promise<string | undefined> {
  const { rows } = await tx.query<{ hash: string }>(`select hash from passwords where org_id = $1 and person_id = $2`, [orgId, personId])
  return rows[0]?.hash
}

/** Sets or replaces a person's password. Runs as the service. */
export async function storePassword(tx: Queryable, { orgId, personId }: Account, hash: string): Promise<void> {
  await tx.query(`insert into passwords (org_id, person_id, hash) values ($1, $2, $3) on conflict (org_id, person_id) do update set hash = excluded.hash, changed_at = now()`, [orgId, personId, hash])
}
