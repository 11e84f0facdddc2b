import { setTimeout as delay } from 'node:timers/promises'
import { asService, type Database } from '../../db/connection.ts'
import type { Answer } from './api-client.ts'

/** How long a client waits before it asks again, ms. */
const pause = 200

/**
 * A client that asks again, with the same key, for as long as it is told to come later or nobody answers. A key that a
 * request has left behind is free at once: its lease is made to be over.
 */
export async function insist<T>(db: Database, key: string, ask: (key: string) => Promise<Answer<T>>): Promise<Answer<T>> {
  for (;; await delay(pause)) {
    const answer = await ask(key).catch(() => undefined)
    const left = answer?.status === 409 && (answer.body as { type?: string }).type === 'urn:sferum-flow:problem:idempotencyKeyRunning'
    if (left) await asService(db, (tx) => tx.query(`update idempotency_keys set created_at = created_at - interval '30 seconds' where key = $1 and completed_at is null`, [key])).catch(() => {})
    else if (answer && answer.status !== 503) return answer
  }
}
