import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import { invitedPerson, pageIn } from '../support/invited-person.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { ownTemporal } from '../support/own-temporal.ts'
import type { Program } from '../support/program.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { system } from '../support/system.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const mail = await mailCatcher()
const temporal = await ownTemporal()
const programs = await system({ databaseUrl, temporal, smtpUrl: mail.smtpUrl })
const school = await schoolOverHttp(db, programs.url, { teachers: 6 })
let worker: Program
beforeAll(async () => {
  ;[, worker] = await Promise.all([programs.startServer(), programs.startWorker()])
})

const patience = { timeout: 30_000 }
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000)
const letterTo = (person: string, words: string) => mail.letter(({ subject, to }) => (subject?.includes(words) ?? false) && (to?.some(({ address }) => address?.startsWith(`${person}@`)) ?? false))
const pageOf = async (person: string) => invitedPerson(pageIn((await letterTo(person, 'Приглашение')).text ?? ''))

/** The invitations know that their letters went out: no activity is on its way. */
const lettersAreNoted = () => expect.poll(async () => (await inSchool(db, school.orgId, (tx) => tx.query(`select from invitations where state = 'sent' and delivery = 'notSent'`))).rowCount, patience).toBe(0)

/** The link has closed by its timer: once, and not before its term. */
async function expectClosedOnce(processId: string, expiresAt: Date) {
  await expect.poll(() => school.stateOf(processId), patience).toBe('closing')
  const lines = await school.linesOf(processId, 'TIMER_EXPIRED')
  expect(lines).toHaveLength(1)
  expect(Date.parse(lines[0]!.at)).toBeGreaterThanOrEqual(expiresAt.getTime())
}

test('no worker lives when a term ends: the page refuses by the clock of the database, afterwards the link closes once and one letter says so (F11)', { timeout: 120_000 }, async () => {
  const expiresAt = inSeconds(15)
  const { processId, createTask } = await school.requestLink(['p3', 'p4', 'p5'], expiresAt)
  await school.createLink(createTask)
  const [late, asked, refused] = await Promise.all(['p3', 'p4', 'p5'].map(pageOf))
  await lettersAreNoted()
  await worker.kill()
  expect(await asked!.press('Я отправил заявку')).toMatchObject({ status: 200 })
  expect(await refused!.press('Отказаться')).toMatchObject({ status: 200 })
  await expect.poll(async () => (await late!.look()).buttons, { ...patience, interval: 500 }).toEqual(['Попросить новую ссылку'])
  expect(await late!.submit('open')).toMatchObject({ status: 410 })
  expect(await late!.submit('request-sent')).toMatchObject({ status: 410 })
  expect(await school.stateOf(processId)).toBe('active')
  expect(await late!.press('Попросить новую ссылку')).toMatchObject({ status: 200 })

  worker = await programs.startWorker()
  await expectClosedOnce(processId, expiresAt)
  await letterTo('p3', 'истёк')
  // What was said in time counts, although it was heard afterwards.
  await expect.poll(async () => (await asService(db, (tx) => tx.query('select from recipient_answers where told_at is null'))).rowCount, patience).toBe(0)
  expect((await mail.letters()).filter(({ subject }) => subject?.includes('истёк'))).toHaveLength(1)
})

test('Temporal is killed while starts come in: none is lost, none doubled, and what is due meanwhile happens once, not early (F13, F14)', { timeout: 120_000 }, async () => {
  const expiresAt = inSeconds(10)
  const { processId, createTask } = await school.requestLink(['p6'], expiresAt)
  await school.createLink(createTask)
  await lettersAreNoted()

  const start = (key: string) => school.api.post<{ processId: string }>('/links', { target: 'staffRoom', platformRole: 'teacher', recipients: [] }, key)
  let answered = 0
  const dead = Promise.withResolvers<void>()
  const starts = Array.from({ length: 40 }, async () => {
    const answer = await start(randomUUID())
    if (++answered === 10) dead.resolve(temporal.kill())
    return answer
  })
  await dead.promise
  const key = randomUUID()
  const extend = () => school.api.post(`/processes/${processId}/events`, { type: 'LINK_DIED_EARLY' }, key)
  const away = await extend()
  expect(away).toMatchObject({ status: 503, body: { type: 'urn:sferum-flow:problem:unavailable' } })
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  const answers = await Promise.all(starts)
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
  await expect.poll(() => Date.now(), patience).toBeGreaterThan(expiresAt.getTime())

  await temporal.startAgain()
  await expectClosedOnce(processId, expiresAt)
  for (const { body } of answers) {
    await expect.poll(() => school.stateOf(body.processId), patience).toBe('creating')
    expect(await school.linesOf(body.processId, 'TASK_ISSUED')).toHaveLength(1)
  }
  const announced = (await asService(db, (tx) => tx.query<{ id: string }>('select workflow_id as id from cohorts order by 1'))).rows.map(({ id }) => id)
  await expect.poll(() => temporal.workflowIds(), patience).toEqual(announced.sort())
  await letterTo('p6', 'истёк')
  expect((await mail.letters()).filter(({ subject, to }) => subject?.includes('истёк') && to?.[0]?.address?.startsWith('p6@'))).toHaveLength(1)
})

afterAll(() => programs.expectSilenceAbout(school.canaries))
