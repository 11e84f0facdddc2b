import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { Unreadable } from '../../../school/roster/unreadable.ts'
import { readFile, type ReadSettings } from './read-file.ts'
import type { ThreadMessage } from './read-in-thread.ts'

/* A thread of its own: reads one file and hands its rows over, batch by batch, each after the one before was taken. */

const batchRows = 500
const port = parentPort!
const { bytes, settings } = workerData as { bytes: Uint8Array; settings: ReadSettings }
const say = (message: ThreadMessage) => port.postMessage(message)

try {
  const reading = readFile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), settings)
  for (let next = await reading.next(), batch = []; ; next = await reading.next()) {
    if (!next.done) batch.push(next.value)
    if (batch.length === batchRows || (next.done && batch.length > 0)) {
      say({ rows: batch })
      batch = []
      await once(port, 'message')
    }
    if (next.done) {
      say({ found: next.value })
      break
    }
  }
} catch (error) {
  if (!(error instanceof Unreadable)) throw error
  say({ unreadable: { code: error.code, params: error.params } })
}
