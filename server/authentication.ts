import type { FastifyReply, FastifyRequest } from 'fastify'
import { findKeyHolder, noteKeyUse, type KeyHolder } from '../db/api-keys.ts'
import { asService } from '../db/connection.ts'
import type { Role } from '../machines/role.ts'
import { secretHash } from '../db/secret-hash.ts'
import type { App, AppDeps } from './deps.ts'
import { Refusal } from './failures.ts'
import { mayRoles, type Right } from './rights.ts'
import { signedIn } from './signed-in.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Null outside the API. */
    holder: KeyHolder | null
  }
  interface FastifyContextConfig {
    /** The right a route asks for. */
    right?: Right
  }
}

/** A person of a school, as the requests of the API see one. */
export interface Session {
  /** The access key, or the session at the console. */
  keyId: string
  orgId: string
  personId: string
  roles: readonly Role[]
}

const bearer = /^Bearer +(sf_[A-Za-z0-9_-]{43})$/i
/** Wrong keys per minute and address; a key has 256 random bits, this only keeps the log and the database quiet. */
const wrongKeysPerMinute = 60

/** Asks every request of this scope for an access key, or who sits at the console, and each route for its right. Needs @fastify/rate-limit. */
export function requireKey(app: App, { db }: Pick<AppDeps, 'db'>): void {
  app.decorateRequest('holder', null)
  const countWrongKey = app.createRateLimit({ max: wrongKeysPerMinute, timeWindow: '1 minute' })

  app.addHook('onRequest', async (request: FastifyRequest, _reply: FastifyReply) => {
    const key = bearer.exec(request.headers.authorization ?? '')?.[1]
    const holder = signedIn() ?? (key && (await asService(db, (tx) => findKeyHolder(tx, secretHash(key)))))
    if (!holder || holder.roles.length === 0) {
      const wrong = await countWrongKey(request)
      if (!wrong.isAllowed && wrong.isExceeded) throw new Refusal('tooManyRequests', { retryAfterSeconds: wrong.ttlInSeconds })
      throw new Refusal('unauthorized')
    }
    request.holder = holder
    // A database that takes no writes still answers questions (F18).
    if (holder.stale) await asService(db, (tx) => noteKeyUse(tx, holder.id)).catch((error: unknown) => request.log.warn({ err: error }, 'use of a key not noted'))
    const { right } = request.routeOptions.config
    // The operator belongs to no school: to him a school's address does not exist.
    if (holder.orgId === null && right !== 'operate') throw new Refusal('notFound')
    if (right !== undefined && !mayRoles(holder.roles, right)) throw new Refusal('forbidden')
  })
}

/** The person of a school who asks. Throws where the route let an operator through: a mistake of ours. */
export function sessionOf({ holder }: FastifyRequest): Session {
  if (!holder?.orgId || !holder.personId) throw new Error('the route has no school')
  return { keyId: holder.id, orgId: holder.orgId, personId: holder.personId, roles: holder.roles }
}

/** Whether the asking person has the right. */
export const may = (session: Session, right: Right): boolean => mayRoles(session.roles, right)
