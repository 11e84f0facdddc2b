import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { cohortHarness } from '../support/cohort-harness.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { temporalEnv } from '../support/temporal-env.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const mail = await mailCatcher()
const cohorts = await cohortHarness({ db, ...(await temporalEnv()), smtpUrl: mail.smtpUrl, schedules: false })
const orgId = `org_${randomUUID().slice(0, 8)}`
let key = ''
beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId)
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || '{"confirmBeforeSending": true}'`))
  key = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
})

test('an application that waited to be confirmed: who left since is told of in Russian, another administrator and order are named, and it goes out', () =>
  cohorts.running(async () => {
    const api = client(await scratchApp(db, { dispatcher: cohorts.dispatcher }), key)
    const { processId } = (await api.post('registrations', { administratorId: 'p3', orderId: 'o1' })).body as { processId: string }
    const process = async () => (await api.get(`processes/${processId}`)).body as { state: string; tasks: { id: string; kind: string; closedAt: string | null }[] }
    const confirm = async () => api.post(`tasks/${(await api.get('tasks?kind=T-REG-SEND')).body.items[0].id}/complete`, { evidence: { confirmed: true } })
    expect((await process()).state).toBe('readyToSend')

    expect((await api.patch('memberships/mem_p3', { ended: true })).status).toBe(200)
    const refused = await confirm()
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:guardRefused' } })
    expect(refused.body.problems).toMatchObject([{ code: 'adminIsTeachingStaff', message: expect.stringContaining('внесите другого администратора') }])
    expect((await api.post(`processes/${processId}/events`, { type: 'CONFIRM_SEND' })).body.problems[0].code).toBe('adminIsTeachingStaff')

    expect((await api.post(`processes/${processId}/events`, { type: 'SUBMIT_DATA', administratorId: 'p4' })).body.state).toBe('readyToSend')
    expect((await api.post(`processes/${processId}/events`, { type: 'ORDER_ATTACHED', orderId: 'nowhere' })).body.problems[0]).toMatchObject({ code: 'orderUnknown', path: 'orderId' })
    expect((await confirm()).status).toBe(200)
    const letter = await mail.letter(({ subject }) => subject?.includes('Заявка на регистрацию') ?? false)
    expect(letter.text).toContain('p4@zarechie.example')
    await expect.poll(async () => (await process()).state).toBe('awaitingReply')
  }))
