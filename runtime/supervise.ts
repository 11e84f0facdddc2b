import { setTimeout as delay } from 'node:timers/promises'

/** A started part, whatever it is. */
export type Running = {
  readonly pid: number
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export type Part = {
  /** Shown to the person, in Russian. */
  name: string
  start(): Promise<Running>
  /** Told about every start, the first one included. */
  onStart(pid: number): Promise<void>
}

// A part that dies at once is given more and more time; one that ran for a minute starts from the beginning.
const firstPause = 500
const longestPause = 30_000
const goodRun = 60_000

/**
 * Starts a part and keeps it running: when it dies it is started again, after a pause that doubles up to half a
 * minute. A failure of the first start is the caller's.
 * @returns the way to stop it for good
 */
export async function supervise(part: Part): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  let running = await begin(part)
  const keeping = keep()

  async function keep(): Promise<void> {
    let pause = firstPause
    for (;;) {
      const since = Date.now()
      await running.ended
      if (stopping.signal.aborted) return
      if (Date.now() - since > goodRun) pause = firstPause
      for (;;) {
        console.log(`! ${part.name}: процесс прервался, запускаем снова`)
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => undefined)
        pause = Math.min(pause * 2, longestPause)
        if (stopping.signal.aborted) return
        try {
          running = await begin(part)
          // Asked to stop while it was starting: nobody else knows of this one.
          if (stopping.signal.aborted) return await running.stop()
          break
        } catch {
          // Its own log has the reason; the next attempt comes after a longer pause.
        }
      }
    }
  }

  return {
    async stop() {
      stopping.abort()
      await running.stop()
      await keeping
    },
  }
}

async function begin(part: Part): Promise<Running> {
  const running = await part.start()
  await part.onStart(running.pid)
  return running
}
