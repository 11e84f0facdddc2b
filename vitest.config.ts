import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // Temporal's native worker wants a process of its own, not a thread.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    // How long a test waits for what a busy machine will do; nothing waits so long unless something is wrong.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
})
