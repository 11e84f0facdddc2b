import { setTimeout as delay } from 'node:timers/promises'
import { isAway } from '../../db/away.ts'

const pauseMs = 500

/**
 * Writes down what is known here alone, again and again while PostgreSQL is away. Throws what went wrong when it is
 * something else, and when the signal comes.
 */
export async function whileAway<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || !isAway(error)) throw error
      await delay(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
}
