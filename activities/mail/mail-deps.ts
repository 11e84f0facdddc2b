import type { Database } from '../../db/connection.ts'
import type { KeyRing } from '../../db/key-ring.ts'

/** What sending letters needs. It opens and closes none of it but the connection to the mail server. */
export interface MailDeps {
  db: Database
  keys: KeyRing
  /** Where letters are handed in: smtp://user:password@host:port, smtps://… */
  smtpUrl: string
  /** The sender's address, the one whose mailbox is read for answers. */
  from: string
  /** Where people reach the service, without a slash at the end. */
  publicUrl: string
  /** Told of letters that cannot be made: ids and the error, nothing personal. */
  onError: (error: unknown, letter: { letterId: string }) => void
  /** How long one attempt may take; the defaults suit the internet. */
  limits?: AttemptLimits
}

/** Bounds of one attempt. */
export interface AttemptLimits {
  /** Connecting and the greeting, ms each. */
  connectMs: number
  /** The whole attempt with an empty letter, ms. */
  attemptMs: number
  /** A letter of n bytes may take n / bytesPerMs longer. */
  bytesPerMs: number
}

export const defaultLimits: AttemptLimits = { connectMs: 10_000, attemptMs: 30_000, bytesPerMs: 100 }

/** Where applications go (R2.1-01). Whether they get there is decided by the mail server that was configured. */
export const platformAddress = 'info@sferum.ru'

/** The circumstances of one run of an activity. */
export interface MailRun {
  /** Now, by the workflow's clock. */
  now: Date
  heartbeat: () => void
  signal: AbortSignal
}
