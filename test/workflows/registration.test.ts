import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { cohortHarness } from '../support/cohort-harness.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { applicationInOrder } from '../support/sample-application.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { timeSkippingEnv } from '../support/time-skipping-env.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const { env, ...temporal } = await timeSkippingEnv()
const mail = await mailCatcher()
const cohorts = await cohortHarness({ db, ...temporal, smtpUrl: mail.smtpUrl, schedules: false })

const orgId = 'org_zarechie'
const registration = `orgRegistration:${orgId}`
beforeAll(async () => {
  await sampleSchool(db)
  await samplePeople(db, orgId)
})

test('an application nobody answers climbs the ladder by itself: check, follow-up, escalation, over real working days', () =>
  cohorts.running(async () => {
    await cohorts.start(orgId, [{ id: registration, kind: 'organizationRegistration', input: { number: 'СФ-2026-000001', confirmBeforeSending: false } }])
    const submit = { type: 'SUBMIT_DATA', administratorId: 'p2', facts: applicationInOrder }
    expect(await cohorts.send(registration, submit)).toMatchObject({ accepted: true, state: 'awaitingOrder' })
    const order = { orderId: 'o1', facts: applicationInOrder }
    expect(await cohorts.send(registration, { type: 'ORDER_ATTACHED', ...order })).toMatchObject({ accepted: true, state: 'sending' })

    const application = await mail.letter(({ subject }) => subject?.startsWith('Заявка на регистрацию') ?? false)
    await expect.poll(() => cohorts.stateOf(orgId, registration)).toBe('awaitingReply')
    const deadlines = await inSchool(db, orgId, async (tx) => (await tx.query<{ name: string; at: Date }>('select name, at from deadlines where process_id = $1 order by at', [registration])).rows)
    expect(deadlines.map(({ name }) => name)).toEqual(['TIMER_FOLLOW_UP_1', 'TIMER_FOLLOW_UP_2', 'TIMER_ESCALATE'])

    await env.sleep(deadlines[2]!.at.getTime() - (await env.currentTimeMs()) + 60_000)
    const followUp = await mail.letter(({ subject }) => subject?.startsWith('Re: Заявка на регистрацию') ?? false)
    expect(followUp.headers['in-reply-to']).toContain(application.headers['message-id'])
    await mail.letter(({ to }) => JSON.stringify(to).includes('p1@zarechie.example'))
    const tasks = await inSchool(db, orgId, async (tx) => (await tx.query<{ kind: string }>('select kind from tasks where owner_id = $1 and closed_at is null order by kind', [registration])).rows)
    expect(tasks.map(({ kind }) => kind)).toEqual(['T-REG-CHECK', 'T-REG-ESCALATE'])
    const escalated = await inSchool(db, orgId, async (tx) => (await tx.query<{ at: Date }>(`select at from timeline where process_id = $1 and event = 'TIMER_ESCALATE'`, [registration])).rows)
    // Never early (P5).
    expect(escalated[0]!.at.getTime()).toBeGreaterThanOrEqual(deadlines[2]!.at.getTime())
  }))
