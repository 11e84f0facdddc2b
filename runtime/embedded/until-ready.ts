import { setTimeout as delay } from 'node:timers/promises'
import type { TetheredProcess } from './tethered-process.ts'

/** The program ended, or stayed silent too long, before it could be used. */
export class NotReady extends Error {
  readonly part: string

  constructor(part: string, what: string, cause: unknown) {
    super(`${part} ${what}`, { cause })
    this.part = part
  }
}

/**
 * Repeats `probe` until it succeeds.
 * @throws NotReady when the program ends first or `limit` (milliseconds) passes; the last probe's error is the cause.
 */
export async function untilReady(name: string, program: TetheredProcess, probe: () => Promise<void>, limit = 60_000): Promise<void> {
  let ended = false
  void program.ended.then(() => (ended = true))
  const deadline = Date.now() + limit
  for (;;) {
    try {
      await probe()
      return
    } catch (error) {
      if (ended) throw new NotReady(name, 'ended while starting', error)
      if (Date.now() > deadline) throw new NotReady(name, `did not answer within ${limit / 1000} s`, error)
      await delay(50)
    }
  }
}
