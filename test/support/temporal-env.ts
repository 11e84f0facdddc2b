import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { afterAll, inject } from 'vitest'
import { dataConverter } from '../../runtime/data-converter.ts'
import { sharedService } from './shared-services.ts'
import type { TemporalFacts } from './temporal-dev-server.ts'
import { testKeyRing } from './test-key-ring.ts'

/**
 * The shared Temporal server: a client and a connection for workers, both with the payload encryption of
 * production (give workers the `dataConverter` too). Task queues and workflow ids must be random. Closed after the
 * file's tests; call at the top level of a test file.
 */
export async function temporalEnv() {
  const facts = await sharedService<TemporalFacts>(inject('brokerUrl'), 'temporal')
  const converter = dataConverter(testKeyRing)
  const connection = await Connection.connect({ address: facts.address })
  const nativeConnection = await NativeConnection.connect({ address: facts.address })
  afterAll(async () => {
    await connection.close()
    await nativeConnection.close()
  })
  const client = new Client({ connection, namespace: facts.namespace, dataConverter: converter })
  return { ...facts, client, connection, nativeConnection, dataConverter: converter }
}
