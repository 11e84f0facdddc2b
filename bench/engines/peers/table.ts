import type pg from 'pg'
import type { Invitation, Outcome, Word } from '../engine.ts'

/** The one table of an application that is built on a peer. Engines that keep invitations themselves write outcomes only. */
export const createTable = `create table invitations (
  id integer primary key,
  email text,
  due_at timestamptz,
  state text not null default 'waiting',
  letter text
)`

/** Writes all invitations in one statement. */
export async function insertInvitations(db: pg.Pool | pg.ClientBase, invitations: readonly Invitation[]): Promise<void> {
  await db.query(`insert into invitations (id, email, due_at, letter) select id, email, to_timestamp(due / 1000), 'waiting' from unnest($1::int[], $2::text[], $3::float8[]) as row (id, email, due)`, [
    invitations.map(({ index }) => index),
    invitations.map(({ email }) => email),
    invitations.map(({ dueAt }) => dueAt),
  ])
}

/** Decides an invitation that still waits; false when it does no more. */
export async function decide(db: pg.Pool, index: number, state: Word | 'expired'): Promise<boolean> {
  const { rowCount } = await db.query(`update invitations set state = $2 where id = $1 and state = 'waiting'`, [index, state])
  return rowCount === 1
}

/** Records how an invitation ended that an engine kept elsewhere; safe to repeat. */
export async function record(db: pg.Pool, index: number, state: Word | 'expired'): Promise<void> {
  await db.query(`insert into invitations (id, state) values ($1, $2) on conflict (id) do nothing`, [index, state])
}

/** The same for many. */
export async function recordAll(db: pg.Pool, indexes: readonly number[], state: Word | 'expired'): Promise<void> {
  await db.query(`insert into invitations (id, state) select id, $2 from unnest($1::int[]) id on conflict (id) do nothing`, [indexes, state])
}

export async function countExpired(admin: pg.Client): Promise<number> {
  return (await admin.query<{ count: number }>(`select count(*)::int as count from invitations where state = 'expired'`)).rows[0]!.count
}

export async function readOutcomes(admin: pg.Client): Promise<Outcome[]> {
  const { rows } = await admin.query<{ id: number; state: Outcome['state']; at: Date | null }>(`select id, state, pg_xact_commit_timestamp(xmin) as at from invitations`)
  return rows.map(({ id, state, at }) => ({ index: id, state, at: at && at.getTime() }))
}
