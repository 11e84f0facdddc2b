import type { Client } from '@temporalio/client'
import type { Payload } from '@temporalio/common'
import { payloadCodec } from '../../runtime/payload-codec.ts'
import { testKeyRing } from './test-key-ring.ts'

const codec = payloadCodec(testKeyRing)

/** Every text in the histories of every workflow of the client's namespace: as Temporal keeps it, and with the payloads opened. */
export async function openedHistories(client: Client): Promise<{ kept: string; opened: string }> {
  const kept: string[] = []
  const opened: string[] = []
  const payloads: Payload[] = []
  for await (const { workflowId, runId } of client.workflow.list()) {
    kept.push(workflowId)
    walk((await client.workflow.getHandle(workflowId, runId).fetchHistory()).events)
  }
  for (const { data } of await codec.decode(payloads)) opened.push(Buffer.from(data ?? []).toString())
  return { kept: kept.join('\n'), opened: [...kept, ...opened].join('\n') }

  function walk(part: unknown): void {
    if (typeof part === 'string') kept.push(part)
    else if (part instanceof Uint8Array) kept.push(Buffer.from(part).toString())
    else if (typeof part === 'object' && part !== null) {
      if ('metadata' in part && 'data' in part) payloads.push(part as Payload)
      Object.values(part).forEach(walk)
    }
  }
}
