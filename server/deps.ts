import type { FastifyInstance, FastifyBaseLogger, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { DestinationStream, LevelWithSilent } from 'pino'
import type { MailSource, ReceivedMail } from '../activities/inbox/receive-raw.ts'
import type { Database } from '../db/connection.ts'
import type { KeyRing } from '../db/key-ring.ts'
import type { Dispatcher, Resumer } from '../workflows/dispatcher.ts'

/** Something outside of this process that it works with. */
export interface Dependency {
  /** Without it no request that changes anything can be answered; without the others work waits and goes on by itself. */
  required: boolean
  /** Resolves when it answers, with `readOnly` when it takes nothing in; rejects when it does not answer. */
  check(): Promise<'readOnly' | void>
}

/** Everything the server needs. It opens and closes none of it. */
export interface AppDeps {
  db: Database
  dispatcher: Dispatcher & Resumer
  keys: KeyRing
  /** Where people reach the service, without a slash at the end: «https://flow.school.example». */
  publicUrl: string
  /** Takes a raw MIME message into the school's inbox. */
  receiveMail: (raw: Buffer, source: MailSource) => Promise<ReceivedMail>
  ready: Readonly<Record<string, Dependency>>
  log: { level: LevelWithSilent; stream?: DestinationStream }
  /** Addresses of proxies whose X-Forwarded-* headers are believed (CIDR). */
  trustProxy: readonly string[]
}

/** The Fastify instance with schemas as types. */
export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, TypeBoxTypeProvider>
