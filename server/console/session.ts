import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { KeyHolder } from '../../db/api-keys.ts'
import { asService } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { secretHash } from '../../db/secret-hash.ts'
import { endSession, findSession, insertSession, noteSessionUse, type Account } from '../../db/sessions.ts'
import type { AppDeps } from '../deps.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sits at the console. Null elsewhere, and for who has not signed in. */
    sitting: Sitting | null
  }
}

/** A session in use. */
export interface Sitting {
  holder: KeyHolder
  /** What forms of this session carry: only a page of this session can know it. */
  csrf: string
}

/** 256 bits (ASVS 7.2.3). */
const secretBytes = 32
const secretShape = /^[A-Za-z0-9_-]{43}$/
/** No longer than the session lives on the server (db/sessions.ts), s. */
const maxAge = 12 * 60 * 60

/**
 * The cookie of a session. Over HTTPS `__Host-`: no other host of the domain can set it and no other path. A browser
 * keeps no such cookie of a plain http://localhost, so there the same goes without the prefix.
 */
export function sessionCookie(publicUrl: string) {
  const secure = new URL(publicUrl).protocol === 'https:'
  const name = secure ? '__Host-session' : 'session'
  const options = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const
  return {
    read: (request: FastifyRequest): string | undefined => {
      const secret = request.cookies[name]
      return secret !== undefined && secretShape.test(secret) ? secret : undefined
    },
    set: (reply: FastifyReply, secret: string) => reply.setCookie(name, secret, { ...options, maxAge }),
    clear: (reply: FastifyReply) => reply.clearCookie(name, options),
  }
}

/** Who holds this secret, or undefined. Notes the use once a minute, unless the page asked by itself because something had changed. */
export async function sittingOf({ db }: Pick<AppDeps, 'db'>, request: FastifyRequest, secret: string): Promise<Sitting | undefined> {
  const holder = await asService(db, (tx) => findSession(tx, secretHash(secret)))
  if (!holder) return undefined
  // A database that takes no writes still answers questions (F18).
  if (holder.stale && request.headers['x-live'] === undefined) await asService(db, (tx) => noteSessionUse(tx, holder.id)).catch((error: unknown) => request.log.warn({ err: error }, 'use of a session not noted'))
  return { holder: { ...holder, stale: false }, csrf: csrfOf(secret) }
}

const csrfOf = (secret: string): string => createHash('sha256').update(`csrf:${secret}`).digest('base64url')

/** Whether a form carries the token of this session. */
export function isOwnForm({ csrf }: Sitting, token: unknown): boolean {
  if (typeof token !== 'string' || token.length !== csrf.length) return false
  return timingSafeEqual(Buffer.from(token), Buffer.from(csrf))
}

/** A new session for the account; one that this browser had before has ended (ASVS 7.2.4). Returns its secret. */
export async function beginSession({ db }: Pick<AppDeps, 'db'>, account: Account, before: string | undefined): Promise<string> {
  const secret = randomBytes(secretBytes).toString('base64url')
  await asService(db, async (tx) => {
    if (before) await endSession(tx, secretHash(before))
    await insertSession(tx, { id: newId('ses'), hash: secretHash(secret), ...account })
  })
  return secret
}
