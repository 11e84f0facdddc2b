import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { afterAll, inject } from 'vitest'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { startTemporal } from '../../runtime/embedded/temporal-server.ts'
import { sharedService } from './shared-services.ts'
import type { TemporalFacts } from './temporal-dev-server.ts'

/**
 * A Temporal server of the caller's own, started as `npm start` does it, that may be killed and started again over what
 * it wrote. Ends after the file's tests; call at the top level of a test file.
 */
export async function ownTemporal() {
  const { binary } = await sharedService<TemporalFacts>(inject('brokerUrl'), 'temporal')
  const folder = await mkdtemp(join(tmpdir(), 'own-temporal-'))
  const options = { binary, port: await freePort(), databaseFile: join(folder, 'temporal.db'), namespace: 'default' }
  let server = await startTemporal(options)
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    address: server.address,
    namespace: options.namespace,
    /** SIGKILL, as a power cut would end it. */
    kill: () => server.kill(),
    /** SIGSTOP: it is there and says nothing, until it is thawed. */
    freeze: () => void process.kill(-server.pid, 'SIGSTOP'),
    thaw: () => void process.kill(-server.pid, 'SIGCONT'),
    async startAgain() {
      server = await startTemporal(options)
    },
    /** Every workflow it knows, running or not. */
    async workflowIds(): Promise<string[]> {
      const connection = await Connection.connect({ address: server.address })
      try {
        const ids: string[] = []
        for await (const { workflowId } of new Client({ connection }).workflow.list()) ids.push(workflowId)
        return ids.sort()
      } finally {
        await connection.close()
      }
    },
  }
}
