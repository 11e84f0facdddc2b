import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { chromiumStarter } from './chromium-server.ts'
import { greenMailStarter } from './green-mail-server.ts'
import { postgresStarter } from './postgres-server.ts'
import { openBroker } from './shared-services.ts'
import { temporalStarter } from './temporal-dev-server.ts'
import { timeSkippingStarter } from './time-skipping-server.ts'
import { workflowBundleStarter } from './workflow-bundle-file.ts'

declare module 'vitest' {
  interface ProvidedContext {
    brokerUrl: string
  }
}

/** Runs once, in vitest's own process, around all test files. Starts nothing that no test file asks for. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'sferum-flow-test-'))
  const broker = await openBroker({
    postgres: postgresStarter(folder),
    temporal: temporalStarter(),
    timeSkipping: timeSkippingStarter(folder),
    workflowBundle: workflowBundleStarter(folder),
    greenMail: greenMailStarter(),
    chromium: chromiumStarter(),
  })
  project.provide('brokerUrl', broker.url)
  return async () => {
    await broker.close()
    await rm(folder, { recursive: true, force: true })
  }
}
