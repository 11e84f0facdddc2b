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
  /** When the last change of each school was heard, and since when everything has been, ms. */
  const lastChange = new Map<string, number>()
  let connectedAt = Infinity
  let hearing: Promise<void> | undefined

  const tell = (change?: Change) => {
    if (change) lastChange.set(change.orgId, Date.now())
    for (const { orgId, process, changed } of listeners) {
      if (!change || (change.orgId === orgId && (process === undefined || change.processes === null || change.processes.includes(process)))) changed()
    }
  }
  async function hear(): Promise<void> {
    while (!closing.signal.aborted) {
      const lost = Promise.withResolvers<void>()
      const connection = await hearChanges(db, tell, lost.resolve).catch(onError)
      if (connection) {
        connectedAt = Date.now()
        tell()
        closing.signal.addEventListener('abort', () => lost.resolve(), { once: true })
        await lost.promise
        connectedAt = Infinity
        await connection.close().catch(onError)
      }
      await delay(pause, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  return {
    /** `since` is when the page was made: what happened between that and now is told at once. */
    add(listener: Listener, since: number): () => void {
      listeners.add(listener)
      if (connectedAt < Infinity && since < Math.max(connectedAt, lastChange.get(listener.orgId) ?? 0)) listener.changed()
      hearing ??= hear()
      return () => void listeners.delete(listener)
    },
    async close(): Promise<void> {
      closing.abort()
      await hearing
    },
  }
}
