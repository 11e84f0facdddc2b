import { defineConfig } from 'vitest/config'
import tests from '../../vitest.config.ts'

/** Runs the recorder with what tests have. It is no test: a run of the tests does not record. */
export default defineConfig({ ...tests, test: { ...tests.test, include: ['test/histories/record.ts'] } })
