import { afterAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { cohortHarness } from '../support/cohort-harness.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { ownNamespace } from '../support/own-namespace.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const temporal = await ownNamespace()
const cohorts = await cohortHarness({ db, ...temporal, smtpUrl: (await mailCatcher()).smtpUrl, schedules: true })

test('a registration gives its school the schedule of its mornings, in its own zone; triggered, it sweeps', async () => {
  const orgId = await sampleSchool(db)
  await samplePeople(db, orgId)
  // Whatever day the test runs on, the school works.
  const { localDate } = localClock('Europe/Samara')
  const corrections = [new Date(), new Date(Date.now() + 24 * 60 * 60 * 1000)].map((day) => ({ date: localDate(day), kind: 'working' }))
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || jsonb_build_object('calendarCorrections', $1::jsonb)`, [JSON.stringify(corrections)]))

  await cohorts.running(async () => {
    await cohorts.start(orgId, [{ id: `orgRegistration:${orgId}`, kind: 'organizationRegistration', input: { number: 'СФ-2026-000001', confirmBeforeSending: false } }])
    const schedule = temporal.client.schedule.getHandle(`schoolDay:${orgId}`)
    const described = () => schedule.describe().catch(() => undefined)
    await expect.poll(described, { timeout: 20_000 }).toBeDefined()
    const { spec, policies } = (await described())!
    expect(spec.timezone).toBe('Europe/Samara')
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 7 }], minute: [{ start: 30 }] }])
    // Missed days are not made up for, and one that still runs is not joined by the next: one digest, not three (edge case 16).
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 6 * 60 * 60 * 1000 })

    await schedule.trigger()
    const sweeps = () => inSchool(db, orgId, async (tx) => (await tx.query('select checked, findings from sweeps')).rows)
    await expect.poll(sweeps, { timeout: 20_000 }).toEqual([{ checked: 0, findings: [] }])
  })
})
