import { setTimeout as delay } from 'node:timers/promises'

/**
 * Does a piece of work again and again, `pause` milliseconds between the end of one round and the next, until the
 * signal comes. A failed round is told and the next one tries again.
 */
export async function rounds(work: () => Promise<void>, pause: number, signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onError)
    await delay(pause, undefined, { signal }).catch(() => undefined)
  }
}
