import { randomUUID } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { insertOrder } from '../../db/orders.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { cohortHarness } from '../support/cohort-harness.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { scriptedSmtp } from '../support/scripted-smtp.ts'
import { temporalEnv } from '../support/temporal-env.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const temporal = await temporalEnv()
const smtp = await scriptedSmtp()
const cohorts = await cohortHarness({ db, ...temporal, smtpUrl: smtp.smtpUrl, schedules: false })

const orgId = await sampleSchool(db, `org_${randomUUID().slice(0, 8)}`)
await samplePeople(db, orgId)
const key = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
beforeEach(() => void (smtp.received.length = 0))

/** A plot of one registration, as the school's administrator sees it; what is left of it is cancelled. */
const registering = (settings: object, plot: (registration: Awaited<ReturnType<typeof begin>>) => Promise<void>) => () =>
  cohorts.running(async () => {
    const registration = await begin(settings)
    await plot(registration)
    expect((await registration.tell({ type: 'CANCEL', reason: 'Проверка окончена' })).status).toBe(200)
  })

async function begin(settings: object) {
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || $1`, [settings]))
  const api = client(await scratchApp(db, { dispatcher: cohorts.dispatcher }), key)
  const taskOf = async (kind: string) => ((await api.get(`tasks?kind=${kind}`)).body.items as { id: string }[])[0]!.id
  let processId = ''
  return {
    api,
    async apply(administratorId: string) {
      const { status, body } = await api.post('registrations', { administratorId, orderId: 'o1' })
      expect(status).toBe(202)
      processId = body.processId as string
    },
    tell: (event: object) => api.post(`processes/${processId}/events`, event),
    complete: async (kind: string, evidence: object) => api.post(`tasks/${await taskOf(kind)}/complete`, { evidence }),
    card: async (kind: string) => ((await api.get(`tasks/${await taskOf(kind)}`)).body.values as { title: string; value: string }[]).map(({ title, value }) => `${title}: ${value}`),
    becomes: (state: string) => expect.poll(async () => (await api.get(`processes/${processId}`)).body.state as string).toBe(state),
    letterStates: async () => ((await api.get(`letters?process=${processId}`)).body.items as { code: string; state: string }[]).map(({ code, state }) => `${code} ${state}`),
    toPlatform: () => smtp.received.filter(({ recipients }) => recipients.includes('info@sferum.ru')),
  }
}

test('an application that waited to be confirmed: who left since is told of in Russian, another administrator and order are named, and it goes out', registering({ confirmBeforeSending: true }, async ({ api, apply, tell, complete, becomes, toPlatform }) => {
  const confirm = () => complete('T-REG-SEND', { confirmed: true })
  await apply('p3')
  await becomes('readyToSend')

  expect((await api.patch('memberships/mem_p3', { ended: true })).status).toBe(200)
  const refused = await confirm()
  expect(refused).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:guardRefused' } })
  expect(refused.body.problems).toMatchObject([{ code: 'adminIsTeachingStaff', message: expect.stringContaining('внесите другого администратора') }])
  expect((await tell({ type: 'CONFIRM_SEND' })).body.problems[0].code).toBe('adminIsTeachingStaff')

  expect((await tell({ type: 'SUBMIT_DATA', administratorId: 'p4' })).body.state).toBe('readyToSend')
  expect((await tell({ type: 'ORDER_ATTACHED', orderId: 'nowhere' })).body.problems[0]).toMatchObject({ code: 'orderUnknown', path: 'orderId' })
  expect((await confirm()).status).toBe(200)
  await becomes('awaitingReply')
  expect((await simpleParser(toPlatform()[0]!.raw)).text).toContain('p4@zarechie.example')
}))

test('an application of unknown outcome goes out again as the same message, however often, and settles as a person says (P4)', registering({ confirmBeforeSending: false }, async ({ apply, complete, card, becomes, letterStates, toPlatform }) => {
  smtp.plan('cutAfterDot', 'cutAfterDot', 'cutAfterDot')
  await apply('p2')
  for (const copies of [1, 2]) {
    await becomes('deliveryProblem')
    expect(await card('T-REG-FIX')).toEqual(expect.arrayContaining(['Письмо: Заявка на регистрацию организации', 'Что с ним: Исход неизвестен']))
    expect(toPlatform()).toHaveLength(copies)
    expect(await complete('T-REG-FIX', { outcome: 'sendAgain' })).toMatchObject({ status: 200 })
    await expect.poll(() => toPlatform().length).toBe(copies + 1)
  }
  await becomes('deliveryProblem')
  expect(await complete('T-REG-FIX', { outcome: 'arrived' })).toMatchObject({ status: 200 })
  await becomes('awaitingReply')
  expect(await letterStates()).toEqual(['L-REG-APPLY accepted'])
  expect(new Set(toPlatform().map(({ raw }) => raw.toString('latin1'))).size).toBe(1)
}))

test('an application that was refused is written anew, and nobody can say that it arrived', registering({ confirmBeforeSending: false }, async ({ apply, complete, becomes, letterStates }) => {
  smtp.plan({ recipient: 550 })
  await apply('p2')
  await becomes('deliveryProblem')
  expect((await complete('T-REG-FIX', { outcome: 'arrived' })).body.problems).toMatchObject([{ code: 'letterInDoubt', message: expect.stringContaining('отправьте снова') }])
  expect((await complete('T-REG-FIX', { outcome: 'sendAgain' })).status).toBe(200)
  await becomes('awaitingReply')
  expect((await letterStates()).sort()).toEqual(['L-REG-APPLY accepted', 'L-REG-APPLY failed'])
}))

test('an order cancelled after the application went out: a task says so and takes another order, the application goes on', registering({ confirmBeforeSending: false }, async ({ api, apply, complete, becomes }) => {
  await apply('p2')
  await becomes('awaitingReply')
  const content = Buffer.from('%PDF-1.4\n%%EOF\n')
  const next = { id: 'o2', kind: 'main', number: '113/01-08', foldedNumber: '113/01-08', date: '2026-08-21', title: 'О назначении администратора', signedBy: 'p1', status: 'registered', content, file: { sha256: 'x', mime: 'application/pdf', size: content.length } } as const
  await inSchool(db, orgId, (tx) => insertOrder(tx, orgId, next))
  expect((await api.post('orders/o1/cancel')).status).toBe(200)
  await becomes('awaitingReply')
  expect((await api.get('tasks?kind=T-REG-REORDER')).body.items).toMatchObject([{ title: 'Приказ из заявки отменён: нужны новый приказ и новое письмо' }])
  expect((await complete('T-REG-REORDER', { orderId: 'o1' })).body.problems).toMatchObject([{ code: 'orderIsRegistered' }])
  expect((await complete('T-REG-REORDER', { orderId: 'o2' })).status).toBe(200)
  await becomes('awaitingReply')
}))
