import { simpleParser } from 'mailparser'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { greenMail } from '../support/green-mail.ts'
import { deliveryReport } from '../support/messages.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { scriptedSmtp } from '../support/scripted-smtp.ts'
import { system } from '../support/system.ts'
import { tcpRelay } from '../support/tcp-relay.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const smtp = await scriptedSmtp()
const { hostname, port } = new URL(smtp.smtpUrl)
const door = await tcpRelay({ host: hostname, port: Number(port) }, { up: false })
const post = await greenMail()
const mailbox = post.newMailbox()
const programs = await system({ databaseUrl, temporal: await temporalNamespace(), smtpUrl: `smtp://${door.address}`, mailFrom: mailbox.address, imapUrl: mailbox.imapUrl })
const school = await schoolOverHttp(db, programs.url, { teachers: 6 })
const { api, tasksOf, linesOf } = school
beforeAll(() => Promise.all([programs.startServer(), programs.startWorker()]))

const patience = { timeout: 20_000 }
interface Letter {
  id: string
  state: string
  stateTitle: string
  attempts: number
  lastError: string | null
}
const lettersOf = async (process: string) => (await api.get<{ items: Letter[] }>(`/letters?process=${process}`)).body.items
/** The one letter of an invitation. */
const letterOf = async (process: string) => (await lettersOf(process))[0]
const receivedBy = (address: string) => smtp.received.filter(({ recipients }) => recipients.includes(address))

/** A link that is there on the platform; its invitations by person. */
async function invite(...people: string[]) {
  const link = await school.requestLink(people)
  expect((await school.createLink(link.createTask)).status).toBe(200)
  const recipients = async () => (await api.get<{ people: { personId: string; processId: string; stateTitle: string; delivery: string }[] }>(`/links/${link.id}`)).body.people
  return {
    processes: new Map((await recipients()).map(({ personId, processId }) => [personId, processId])),
    deliveryTo: async (person: string) => (await recipients()).find(({ personId }) => personId === person)?.delivery,
  }
}

/** A minute of the outbox: pauses between attempts are over. */
const minutePasses = () => inSchool(db, school.orgId, (tx) => tx.query(`update letters set next_attempt_at = next_attempt_at - interval '1 minute' where state in ('queued', 'rendered')`))

test('F19: while the mail server refuses connections nothing is marked as sent and nobody is bothered; later the letters go out by themselves, once each', async () => {
  const { processes, deliveryTo } = await invite('p3', 'p4')
  const letters = async () => (await Promise.all([...processes.values()].map(letterOf))).map((letter) => letter!)
  await expect.poll(async () => (await letters()).map(({ lastError }) => lastError), patience).toContainEqual(expect.stringMatching(/^E[A-Z]+$/))
  for (const { state } of await letters()) expect(['queued', 'rendered']).toContain(state)
  expect([await deliveryTo('p3'), await deliveryTo('p4')]).toEqual(['notSent', 'notSent'])
  for (const process of processes.values()) expect(await tasksOf(process)).toEqual([])
  // The rest of the service goes on, and says what is missing.
  expect(await (await fetch(`${programs.url}/ready`)).json()).toMatchObject({ status: 'degraded', dependencies: { smtp: 'down', postgres: 'up', temporal: 'up' } })

  await door.comeUp()
  await minutePasses()
  await expect.poll(async () => [await deliveryTo('p3'), await deliveryTo('p4')], patience).toEqual(['accepted', 'accepted'])
  expect(smtp.received.map(({ recipients }) => recipients)).toEqual(expect.arrayContaining([['p3@zarechie.example'], ['p4@zarechie.example']]))
  expect(smtp.received).toHaveLength(2)
})

test('F20: a recipient the server asks to come back for is tried again, and gets one letter', async () => {
  smtp.plan({ recipient: 451 })
  const { processes, deliveryTo } = await invite('p5')
  const process = processes.get('p5')!
  await expect.poll(async () => (await letterOf(process))?.lastError, patience).toBe('451')
  expect(await letterOf(process)).toMatchObject({ state: 'rendered', attempts: 1 })
  expect(await tasksOf(process)).toEqual([])
  await minutePasses()
  await expect.poll(() => deliveryTo('p5'), patience).toBe('accepted')
  expect(await letterOf(process)).toMatchObject({ state: 'accepted', attempts: 2 })
  expect(receivedBy('p5@zarechie.example')).toHaveLength(1)
})

test('F20: a recipient the server refuses is undeliverable at once; who invites is told, corrects the address, and a new letter goes there', async () => {
  smtp.plan({ recipient: 550 })
  const { processes, deliveryTo } = await invite('p6')
  const process = processes.get('p6')!
  await expect.poll(async () => (await tasksOf(process)).map(({ kind }) => kind), patience).toEqual(['T-MAIL-FIX'])
  expect(await letterOf(process)).toMatchObject({ state: 'failed', stateTitle: 'Не отправлено', attempts: 1, lastError: '550' })
  const task = (await tasksOf(process))[0]!.id
  const card = (await api.get<{ title: string; mine: boolean; values: { value: string }[] }>(`/tasks/${task}`)).body
  expect(card).toMatchObject({ title: 'Письмо не доставлено: исправьте адрес', mine: true })
  expect(card.values.map(({ value }) => value)).toContain('Мамедов Вагиф')

  expect((await api.patch('/people/p6', { email: 'new.p6@zarechie.example' })).status).toBe(200)
  expect((await api.post(`/tasks/${task}/complete`, { evidence: { result: 'addressCorrected' } })).status).toBe(200)
  await expect.poll(() => deliveryTo('p6'), patience).toBe('accepted')
  expect((await lettersOf(process)).map(({ state }) => state)).toEqual(['accepted', 'failed'])
  expect(receivedBy('new.p6@zarechie.example')).toHaveLength(1)
  expect(receivedBy('p6@zarechie.example')).toHaveLength(0)
  expect(await tasksOf(process)).toEqual([])
})

test('F22: a letter that was taken and comes back a while later makes its invitation undeliverable once, however often the report comes', async () => {
  const { processes, deliveryTo } = await invite('p7')
  const process = processes.get('p7')!
  await expect.poll(() => deliveryTo('p7'), patience).toBe('accepted')
  const { messageId } = await simpleParser(receivedBy('p7@zarechie.example')[0]!.raw)
  const bounces = async () => (await api.get<{ items: { processId: string | null }[] }>(`/inbound?kind=bounce&process=${process}`)).body.items.length
  const report = deliveryReport(messageId!)
  const reported = (raw: Buffer) => createTransport(post.smtpUrl).sendMail({ envelope: { from: 'mailer-daemon@mx.example', to: mailbox.address }, raw })
  await reported(report)
  await expect.poll(bounces, patience).toBe(1)
  await expect.poll(() => deliveryTo('p7'), patience).toBe('bounced')
  // The same report by another way, and the report of another server about the same letter.
  await reported(report)
  await reported(deliveryReport(messageId!))
  await expect.poll(bounces, patience).toBe(2)
  // What comes after them is taken after them: by then they have had their effect, if any.
  await reported(deliveryReport(messageId!, { subject: 'Последнее' }))
  await expect.poll(bounces, patience).toBe(3)

  expect(await letterOf(process)).toMatchObject({ state: 'bounced', stateTitle: 'Вернулось' })
  expect(await linesOf(process, 'LETTER_BOUNCED')).toHaveLength(1)
  expect((await tasksOf(process)).map(({ kind, state }) => [kind, state])).toEqual([['T-MAIL-FIX', 'open']])
  expect((await api.get<{ state: string }>(`/processes/${process}`)).body.state).toBe('sent')
})

afterAll(() => programs.expectSilenceAbout([...school.canaries, 'new.p6@zarechie.example', mailbox.address]))
