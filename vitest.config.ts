import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { cacheDirectory } from './runtime/cache-directory.ts'

// Node keeps what it has compiled, for test files and for the programs they start: loading is the greater part of a short test.
process.env.NODE_COMPILE_CACHE ??= join(cacheDirectory(process.env.XDG_CACHE_HOME), 'compiled')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**'],
    globalSetup: 'test/support/global-setup.ts',
    // Temporal's native worker wants a process of its own, not a thread.
    pool: 'forks',
    maxWorkers: 2,
    // Node runs this code as it is, in tests too, and loads each module once for all files of a process: nothing is mocked,
    // and no module keeps anything that another file could find.
    isolate: false,
    experimental: { viteModuleRunner: false, nodeLoader: false },
    testTimeout: 60_000,
    // How long a test waits for what a busy machine will do; nothing waits so long unless something is wrong.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
})
