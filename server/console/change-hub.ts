import { setTimeout as delay } from 'node:timers/promises'
import { hearChanges, type Change } from '../../db/changes.ts'
import type { Database } from '../../db/connection.ts'

/** Somebody who looks at a page of a school. */
interface Listener {
  orgId: string
  /** The one process that is looked at; absent: all of the school. */
  process?: string
  changed: () => void
}

/** Until PostgreSQL is tried again, ms. */
const pause = 2_000

/**
 * Passes on what changes to the pages that are open on this server: one connection to PostgreSQL for all of them, from the
 * first page to the close. Whoever was cut off meanwhile is told to look again.
 */
export function changeHub(db: Database, onError: (error: unknown) => void) {
  const listeners = new Set<Listener>()
  const closing = new AbortController()
  let hearing: Promise<void> | undefined

  const tell = (change?: Change) => {
    for (const { orgId, process, changed } of listeners) {
      if (!change || (change.orgId === orgId && (process === undefined || change.processes === null || change.processes.includes(process)))) changed()
    }
  }
  async function hear(): Promise<void> {
    while (!closing.signal.aborted) {
      const lost = Promise.withResolvers<void>()
      const connection = await hearChanges(db, tell, lost.resolve).catch(onError)
      if (connection) {
        tell()
        closing.signal.addEventListener('abort', () => lost.resolve(), { once: true })
        await lost.promise
        await connection.close().catch(onError)
      }
      await delay(pause, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  return {
    add(listener: Listener): () => void {
      listeners.add(listener)
      hearing ??= hear()
      return () => void listeners.delete(listener)
    },
    async close(): Promise<void> {
      closing.abort()
      await hearing
    },
  }
}
