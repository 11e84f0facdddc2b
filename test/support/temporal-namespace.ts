import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import proto from '@temporalio/proto'
import { inject } from 'vitest'
import { sharedService } from './shared-services.ts'
import type { TemporalFacts } from './temporal-dev-server.ts'

/**
 * A namespace of the caller's own on the shared Temporal server, for programs that take every task of their queue.
 * Ends with the server.
 */
export async function temporalNamespace(): Promise<{ address: string; namespace: string }> {
  const { address } = await sharedService<TemporalFacts>(inject('brokerUrl'), 'temporal')
  const namespace = `system-${randomUUID()}`
  const connection = await Connection.connect({ address })
  try {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: proto.google.protobuf.Duration.fromObject({ seconds: 86_400 }) })
    // The server's parts learn of a namespace one after another.
    for (;;) {
      const known = await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 }).then(
        () => true,
        () => false,
      )
      if (known) return { address, namespace }
      await delay(100)
    }
  } finally {
    await connection.close()
  }
}
