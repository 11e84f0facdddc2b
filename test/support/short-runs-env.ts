import { TestWorkflowEnvironment } from '@temporalio/testing'
import { afterAll, inject } from 'vitest'
import { dataConverter } from '../../runtime/data-converter.ts'
import { sharedService } from './shared-services.ts'
import type { TemporalFacts } from './temporal-dev-server.ts'
import { testKeyRing } from './test-key-ring.ts'

/**
 * A Temporal server of the caller's own that suggests continue-as-new after `events` events of history, not after 4,096:
 * what takes a cohort months happens within seconds. Closed after the file's tests; call at the top level of a test file.
 */
export async function shortRunsEnv(events: number) {
  const { binary } = await sharedService<TemporalFacts>(inject('brokerUrl'), 'temporal')
  const converter = dataConverter(testKeyRing)
  const env = await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path: binary },
      extraArgs: ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${events}`],
    },
    client: { dataConverter: converter },
  })
  afterAll(() => env.teardown())
  return { client: env.client, nativeConnection: env.nativeConnection, dataConverter: converter }
}
