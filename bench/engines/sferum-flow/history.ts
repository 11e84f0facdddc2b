import { Client, Connection } from '@temporalio/client'

/** Events and bytes of the histories of all workflows a Temporal server knows. */
export async function historyOf(address: string): Promise<Record<string, number>> {
  const connection = await Connection.connect({ address })
  try {
    const client = new Client({ connection })
    let [workflows, events, bytes] = [0, 0, 0]
    for await (const { workflowId, runId } of client.workflow.list()) {
      const { historyLength, historySize } = await client.workflow.getHandle(workflowId, runId).describe()
      workflows += 1
      events += historyLength
      bytes += historySize ?? 0
    }
    return { workflows, historyEvents: events, historyBytes: bytes }
  } finally {
    await connection.close()
  }
}
