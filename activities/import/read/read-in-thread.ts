import { Worker } from 'node:worker_threads'
import { limits } from '../../../school/roster/limits.ts'
import type { RosterRow } from '../../../school/roster/row.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'
import type { FoundFile, ReadSettings } from './read-file.ts'

/** What the reading thread says. After rows it waits to be asked for more. */
export type ThreadMessage = { rows: RosterRow[] } | { found: FoundFile } | { unreadable: Pick<Unreadable, 'code' | 'params'> }

/**
 * Reads a file in a thread with a heap of its own, so that no file can take the memory or the time of anything else.
 * `take` gets the rows in batches, the next one when it is done with the last.
 * @throws Unreadable for a file that cannot be read, for whatever reason; the reason of `signal` when it is aborted
 */
export async function readInThread(bytes: Buffer, settings: ReadSettings, take: (rows: RosterRow[]) => Promise<void>, signal?: AbortSignal): Promise<FoundFile> {
  signal?.throwIfAborted()
  const own = new Uint8Array(bytes)
  const thread = new Worker(new URL('./read-thread.ts', import.meta.url), {
    workerData: { bytes: own, settings },
    transferList: [own.buffer],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes, maxYoungGenerationSizeMb: 32 },
    // Neither the environment nor what the program was started with is any of its business.
    env: {},
    execArgv: [],
  })
  const { promise, resolve, reject } = Promise.withResolvers<FoundFile>()
  const slow = setTimeout(() => reject(new Unreadable('fileTooHeavy')), limits.milliseconds)
  const abort = () => reject(signal!.reason as Error)
  signal?.addEventListener('abort', abort)
  thread.on('message', (message: ThreadMessage) => {
    if ('found' in message) resolve(message.found)
    else if ('unreadable' in message) reject(new Unreadable(message.unreadable.code, message.unreadable.params))
    else void take(message.rows).then(() => thread.postMessage('more'), reject)
  })
  // Whatever a reader stumbles over is the file's fault: it would stumble again (reliability.md 43).
  thread.on('error', ({ code }: Error & { code?: string }) => reject(new Unreadable(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'fileTooHeavy' : 'archiveDamaged')))
  thread.on('exit', () => reject(new Unreadable('archiveDamaged')))
  try {
    return await promise
  } finally {
    clearTimeout(slow)
    signal?.removeEventListener('abort', abort)
    await thread.terminate()
  }
}
