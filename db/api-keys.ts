import type { Role } from '../machines/role.ts'
import type { Queryable } from './connection.ts'

/** An access key without its secret: only the SHA-256 of that is kept. */
export interface ApiKeyRow {
  id: string
  personId: string | null
  name: string
  roles: Role[]
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** What a key opens. `roles` are those its person has now, never more than the key was given. */
export interface KeyHolder {
  id: string
  orgId: string | null
  personId: string | null
  roles: Role[]
  /** Its use has not been noted for a minute. */
  stale: boolean
}

/**
 * Who holds the key with this hash, unless it is revoked. A key of a school counts for as long as its person works
 * there: dismissal and taken roles act at once. Runs as the service.
 */
export async function findKeyHolder(tx: Queryable, hash: string): Promise<KeyHolder | undefined> {
  const { rows } = await tx.query<KeyHolder>(
    `select id, org_id as "orgId", person_id as "personId",
       case when org_id is null then roles
            else array(select distinct role from memberships m, unnest(m.roles) role
                       where m.org_id = k.org_id and m.person_id = k.person_id and m.ended_at is null and role = any (k.roles)) end as roles,
       last_used_at is null or last_used_at < now() - interval '1 minute' as stale
     from api_keys k where hash = $1 and revoked_at is null`,
    [hash],
  )
  return rows[0]
}

/** Notes that a key was used. Runs as the service. */
export async function noteKeyUse(tx: Queryable, id: string): Promise<void> {
  await tx.query(`update api_keys set last_used_at = now() where id = $1`, [id])
}

/** Stores a new key. `orgId` null is the operator's, who belongs to no school. */
export async function insertApiKey(
  tx: Queryable,
  key: { id: string; orgId: string | null; personId: string | null; name: string; roles: readonly Role[]; hash: string },
): Promise<void> {
  await tx.query(`insert into api_keys (id, org_id, person_id, name, roles, hash) values ($1, $2, $3, $4, $5, $6)`, [
    key.id,
    key.orgId,
    key.personId,
    key.name,
    key.roles,
    key.hash,
  ])
}

/** The school's keys, the newest first. */
export async function listApiKeys(tx: Queryable): Promise<ApiKeyRow[]> {
  const { rows } = await tx.query<ApiKeyRow>(
    `select id, person_id as "personId", name, roles, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"
     from api_keys order by created_at desc, id`,
  )
  return rows
}

/** Ends a key of the school for good. False when there is no such key; a second time changes nothing. */
export async function revokeApiKey(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`update api_keys set revoked_at = coalesce(revoked_at, now()) where id = $1`, [id])
  return rowCount === 1
}
