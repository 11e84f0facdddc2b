import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { asService, inSchool, type Queryable } from '../db/connection.ts'
import { keepAnswer, releaseKey, takeKey } from '../db/idempotency-keys.ts'
import { open, seal } from '../db/sealed.ts'
import { canonicalJson } from './canonical-json.ts'
import { sessionOf } from './authentication.ts'
import type { App, AppDeps } from './deps.ts'
import { Refusal } from './failures.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The command this request is, once its key is taken. Null for what needs none. */
    command: Command | null
  }
  interface FastifyContextConfig {
    /** A POST without an Idempotency-Key: the webhook of inbound mail goes by the message, a file may be made again, a question changes nothing. */
    ownKey?: true
  }
}

interface Command {
  scope: string
  key: string
  /** When the key was taken, to the microsecond: whoever takes it later has another one. */
  takenAt: string
  kept: boolean
  replayed: boolean
}

const keyShape = /^[\x21-\x7e]{1,255}$/
/** Answers may show a new key or a link once; they are kept sealed. */
const sealedAs = 'idempotency_keys.body'
/** Headers that are part of an answer. */
const keptHeaders = ['content-type', 'content-language', 'location'] as const

/**
 * Makes every POST of this scope run once per Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-06): a
 * repeat gets the first answer, whatever it was, except answers of 500 and above and refusals before the command
 * began. Runs after the body has been validated.
 */
export function requireIdempotencyKey(app: App, { db, keys }: Pick<AppDeps, 'db' | 'keys'>): void {
  app.decorateRequest('command', null)

  app.addHook('preHandler', async (request: FastifyRequest, reply: FastifyReply) => {
    const { config, url: route } = request.routeOptions
    if (request.method !== 'POST' || config.ownKey) return
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string' || !keyShape.test(key)) throw new Refusal('idempotencyKeyMissing')

    const { holder } = request
    const scope = `${holder?.orgId ?? ''} ${holder?.id ?? ''} ${route}`
    const fingerprint = createHash('sha256').update(canonicalJson({ params: request.params, body: request.body ?? null, file: request.upload ?? null })).digest('hex')
    const taken = await asService(db, (tx) => takeKey(tx, { scope, key, orgId: holder?.orgId ?? null, fingerprint }))
    if ('takenAt' in taken) {
      request.command = { scope, key, takenAt: taken.takenAt, kept: false, replayed: false }
      return
    }
    if (taken.fingerprint !== fingerprint) throw new Refusal('idempotencyKeyReused')
    if (taken.status === null) throw new Refusal('idempotencyKeyRunning', { retryAfterSeconds: 2 })
    request.command = { scope, key, takenAt: '', kept: true, replayed: true }
    return reply
      .code(taken.status)
      .headers({ ...taken.headers, 'idempotent-replayed': 'true' })
      .serializer((body: unknown) => body as string)
      .send(open(keys, taken.answer!, sealedAs))
  })

  app.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const { command } = request
    if (!command || command.replayed || (command.kept && reply.statusCode < 500)) return payload
    const settle = async (tx: Queryable): Promise<unknown> =>
      reply.statusCode >= 500 ? releaseKey(tx, command) : keep(tx, keys, command, reply, typeof payload === 'string' ? payload : '')
    // The command has acted: its answer goes out even if it can not be kept. A repeat then runs with the same event ids.
    await asService(db, settle).catch((error: unknown) => request.log.error({ err: error }, 'answer not kept'))
    return payload
  })
}

async function keep(tx: Queryable, keys: AppDeps['keys'], command: Command, reply: FastifyReply, body: string): Promise<boolean> {
  const headers = Object.fromEntries(keptHeaders.flatMap((name) => (reply.getHeader(name) ? [[name, String(reply.getHeader(name))]] : [])))
  return keepAnswer(tx, command, { status: reply.statusCode, headers, body: seal(keys, body, sealedAs) })
}

/**
 * Runs a command of the school in one transaction that also keeps its answer: either both are there or neither, so
 * a repeat after a crash can not act twice.
 */
export async function inCommand<T>(
  { db, keys }: Pick<AppDeps, 'db' | 'keys'>,
  request: FastifyRequest,
  reply: FastifyReply,
  status: 200 | 201 | 202,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  return inSchool(db, sessionOf(request).orgId, async (tx) => {
    const result = await work(tx)
    await keepInside(tx, keys, request, reply, status, result)
    return result
  })
}

/** Keeps the answer of a command in the command's own transaction. */
export async function keepInside(tx: Queryable, keys: AppDeps['keys'], request: FastifyRequest, reply: FastifyReply, status: 200 | 201 | 202, result: unknown): Promise<void> {
  const { command } = request
  if (!command) throw new Error('the route takes no key')
  void reply.code(status).type('application/json; charset=utf-8')
  // The key was taken by another request while this one was thought dead: that one acts.
  if (!(await keep(tx, keys, command, reply, String(reply.serialize(result))))) throw new Refusal('idempotencyKeyRunning', { retryAfterSeconds: 2 })
  command.kept = true
}

/** The id of the event a command sends: the same for every repeat, so the cohort takes it once (P2, BR-30). */
export function eventIdOf({ command }: FastifyRequest, part = ''): string {
  if (!command) throw new Error('the route takes no key')
  return `evt_${createHash('sha256').update(`${command.scope}\n${command.key}\n${part}`).digest('base64url')}`
}
