import { Client, Connection } from '@temporalio/client'
import type { KeyRing } from '../db/key-ring.ts'
import type { Config } from './config.ts'
import { dataConverter } from './data-converter.ts'
import { temporalConnection } from './temporal-connection.ts'

/** A client whose payloads are encrypted. Connects with the first call, so a Temporal that is away delays nothing here. */
export async function temporalClient(config: Config & { TEMPORAL_ADDRESS: string }, keys: KeyRing): Promise<Client> {
  const connection = Connection.lazy(await temporalConnection(config))
  return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, dataConverter: dataConverter(keys) })
}
