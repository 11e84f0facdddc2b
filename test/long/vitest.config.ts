import { defineConfig } from 'vitest/config'
import tests from '../../vitest.config.ts'

/** Whole schools and fifty thousand rows: what takes minutes, and what `npm test` shows in the small. */
export default defineConfig({ ...tests, test: { ...tests.test, include: ['test/long/*.test.ts'], exclude: [], testTimeout: 600_000 } })
