import { randomUUID } from 'node:crypto'
import { afterAll } from 'vitest'
import { openDatabase } from '../../db/connection.ts'
import { cohortHarness } from './cohort-harness.ts'
import { mailCatcher } from './mail-catcher.ts'
import { scratchDatabase } from './scratch-database.ts'
import { temporalEnv } from './temporal-env.ts'

/**
 * A database of its own with the real host of its processes and a catcher of its letters, and the id of a school that is
 * still to be entered. Call at the top level of a test file.
 */
export async function hostedSchool() {
  const db = openDatabase(await scratchDatabase())
  afterAll(() => db.close())
  const mail = await mailCatcher()
  const cohorts = await cohortHarness({ db, ...(await temporalEnv()), smtpUrl: mail.smtpUrl, schedules: false })
  return { db, mail, cohorts, orgId: `org_${randomUUID().slice(0, 8)}` }
}
