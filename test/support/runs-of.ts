import type { Client, WorkflowExecutionInfo } from '@temporalio/client'

/** The runs of a workflow, each continued by the next as new, the first one first. */
export async function runsOf(client: Client, workflowId: string): Promise<string[]> {
  const runs: WorkflowExecutionInfo[] = []
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(run)
  return runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime()).map(({ runId }) => runId)
}
