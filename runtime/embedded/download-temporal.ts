import { TestWorkflowEnvironment } from '@temporalio/testing'

// Run as a program of its own: the SDK downloads inside native code that cannot be interrupted, a process can.
// argv: the directory to download into. The SDK has no "only download", so the server is started and stopped once.
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir: process.argv[2] as string, ttl: '10 years' } },
})
await environment.teardown()
