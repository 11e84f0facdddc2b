import { Client } from '@temporalio/client'
import { temporalEnv } from './temporal-env.ts'
import { temporalNamespace } from './temporal-namespace.ts'

/**
 * The shared Temporal server as {@link temporalEnv} has it, in a namespace of the caller's own: workflow ids and schedules
 * that bear a school's name meet nobody else's.
 */
export async function ownNamespace() {
  const { connection, nativeConnection, dataConverter } = await temporalEnv()
  const { namespace } = await temporalNamespace()
  return { client: new Client({ connection, namespace, dataConverter }), nativeConnection, dataConverter }
}
