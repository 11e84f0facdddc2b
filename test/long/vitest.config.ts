import { defineConfig } from 'vitest/config'
import tests from '../../vitest.config.ts'

/** What takes minutes: whole schools, fifty thousand rows, the README's walk, PostgreSQL away and lost. CI runs it after `npm test`. */
export default defineConfig({ ...tests, test: { ...tests.test, include: ['test/long/*.test.ts'], exclude: [], testTimeout: 600_000 } })
