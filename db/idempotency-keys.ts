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
 * @returns when it was taken (to the microsecond: the fence against a request thought dead), or what is known of it
 */
export async function takeKey(
  tx: Queryable,
  key: { scope: string; key: string; orgId: string | null; fingerprint: string },
): Promise<{ takenAt: string } | KeptAnswer> {
  const taken = await tx.query<{ takenAt: string }>(
    `insert into idempotency_keys as kept (scope, key, org_id, fingerprint) values ($1, $2, $3, $4)
     on conflict (scope, key) do update set created_at = now(), fingerprint = excluded.fingerprint, status = null, headers = null, body = null, completed_at = null
     where (kept.completed_at is null and kept.fingerprint = excluded.fingerprint and kept.created_at < now() - make_interval(secs => $5))
        or kept.created_at < now() - make_interval(hours => $6)
     returning created_at::text as "takenAt"`,
    [key.scope, key.key, key.orgId, key.fingerprint, leaseSeconds, keptHours],
  )
  if (taken.rows[0]) return taken.rows[0]
  const { rows } = await tx.query<KeptAnswer>(
    `select fingerprint, status, headers, body as answer from idempotency_keys where scope = $1 and key = $2`,
    [key.scope, key.key],
  )
  // Gone between the two statements: the first request failed and let go of it.
  return rows[0] ?? takeKey(tx, key)
}

/** A key in the hands of one request. */
interface TakenKey {
  scope: string
  key: string
  takenAt: string
}

/** Keeps the answer of a request, to be repeated for the same key. False when another request has taken the key since. */
export async function keepAnswer(
  tx: Queryable,
  { scope, key, takenAt }: TakenKey,
  answer: { status: number; headers: Record<string, string>; body: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update idempotency_keys set status = $4, headers = $5, body = $6, completed_at = now()
     where scope = $1 and key = $2 and created_at = $3::timestamptz and completed_at is null`,
    [scope, key, takenAt, answer.status, JSON.stringify(answer.headers), answer.body],
  )
  return rowCount === 1
}

/** Lets go of a key whose request came to nothing, so that a repeat runs it again. */
export async function releaseKey(tx: Queryable, { scope, key, takenAt }: TakenKey): Promise<void> {
  await tx.query(
    `delete from idempotency_keys where scope = $1 and key = $2 and created_at = $3::timestamptz and completed_at is null`,
    [scope, key, takenAt],
  )
}

/** Deletes answers past their 72 hours and returns how many. Runs as the service. */
export async function deleteOldKeys(tx: Queryable): Promise<number> {
  const { rowCount } = await tx.query(`delete from idempotency_keys where created_at < now() - make_interval(hours => $1)`, [keptHours])
  return rowCount ?? 0
}
