import { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, inject } from 'vitest'
import { dataConverter } from '../../runtime/data-converter.ts'
import { sharedService } from './shared-services.ts'
import { testKeyRing } from './test-key-ring.ts'
import type { TimeSkippingFacts } from './time-skipping-server.ts'

/**
 * A Temporal server of the caller's own whose clock jumps ahead while a workflow's result is awaited or
 * `env.sleep()` runs. The clock is one for the whole server, so tests of one file run one after another. Give
 * workers the same `dataConverter`. Closed after the file's tests; call at the top level of a test file.
 */
export async function timeSkippingEnv() {
  const { executable } = await sharedService<TimeSkippingFacts>(inject('brokerUrl'), 'timeSkipping')
  const converter = dataConverter(testKeyRing)
  const env = await started(() => TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path: executable } }, client: { dataConverter: converter } }))
  afterAll(() => env.teardown())
  return { env, client: env.client, nativeConnection: env.nativeConnection, dataConverter: converter }
}

/** The SDK gives a server five seconds to be up. Java on a busy machine can need more: then it is started anew. */
async function started<T>(start: () => Promise<T>, attempts = 4): Promise<T> {
  try {
    return await start()
  } catch (error) {
    if (attempts === 1 || !String(error).includes('did not start within')) throw error
    return started(start, attempts - 1)
  }
}
