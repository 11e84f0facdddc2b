import type { Queryable } from './connection.ts'

/** What is known of a key: still running, or answered. `answer` is sealed by the caller. */
export interface KeptAnswer {
  fingerprint: string
  status: number | null
  headers: Record<string, string> | null
  answer: string | null
}

/** A request that has not answered for this long is dead (its server was killed): the same key may run it again. */
const leaseSeconds = 30
/** How long an answer is repeated. */
const keptHours = 72

/**
 * Takes a key for the request that comes first, or for one that repeats a dead request with the same payload.
 * @returns 'taken', or what is known of the key
 */
export async function takeKey(
  tx: Queryable,
  key: { scope: string; key: string; orgId: string | null; fingerprint: string },
): Promise<'taken' | KeptAnswer> {
  const { rowCount } = await tx.query(
    `insert into idempotency_keys as kept (scope, key, org_id, fingerprint) values ($1, $2, $3, $4)
     on conflict (scope, key) do update set created_at = now(), fingerprint = excluded.fingerprint, status = null, headers = null, body = null, completed_at = null
     where (kept.completed_at is null and kept.fingerprint = excluded.fingerprint and kept.created_at < now() - make_interval(secs => $5))
        or kept.created_at < now() - make_interval(hours => $6)`,
    [key.scope, key.key, key.orgId, key.fingerprint, leaseSeconds, keptHours],
  )
  if (rowCount === 1) return 'taken'
  const { rows } = await tx.query<KeptAnswer>(
    `select fingerprint, status, headers, body as answer from idempotency_keys where scope = $1 and key = $2`,
    [key.scope, key.key],
  )
  // Gone between the two statements: the first request failed and let go of it.
  return rows[0] ?? takeKey(tx, key)
}

/** Keeps the answer of a request, to be repeated for the same key. */
export async function keepAnswer(
  tx: Queryable,
  key: { scope: string; key: string },
  answer: { status: number; headers: Record<string, string>; body: string },
): Promise<void> {
  await tx.query(
    `update idempotency_keys set status = $3, headers = $4, body = $5, completed_at = now() where scope = $1 and key = $2`,
    [key.scope, key.key, answer.status, JSON.stringify(answer.headers), answer.body],
  )
}

/** Lets go of a key whose request came to nothing, so that a repeat runs it again. */
export async function releaseKey(tx: Queryable, key: { scope: string; key: string }): Promise<void> {
  await tx.query(`delete from idempotency_keys where scope = $1 and key = $2 and completed_at is null`, [key.scope, key.key])
}

/** Deletes answers past their 72 hours and returns how many. Runs as the service. */
export async function deleteOldKeys(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(`delete from idempotency_keys where created_at < now() - make_interval(hours => $1)`, [keptHours])
  return rowCount ?? 0
}
