import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { apiClient } from '../support/api-client.ts'
import { keyOf } from '../support/api.ts'
import { holdRow } from '../support/held-row.ts'
import { insist } from '../support/insist.ts'
import { invitedPerson, pageIn } from '../support/invited-person.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { ownPostgres } from '../support/own-postgres.ts'
import { ownTemporal } from '../support/own-temporal.ts'
import type { Program } from '../support/program.ts'
import { quiet } from '../support/quiet.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { system } from '../support/system.ts'
import { tcpRelay } from '../support/tcp-relay.ts'

const [postgres, temporal] = await Promise.all([ownPostgres(), ownTemporal()])
const db = openDatabase(postgres.databaseUrl)
afterAll(() => db.close())
const mail = await mailCatcher()
const programs = await system({ databaseUrl: postgres.databaseUrl, temporal, smtpUrl: mail.smtpUrl })
const school = await schoolOverHttp(db, programs.url, { teachers: 40 })
const adminKey = await keyOf(db, school.orgId, ['platformAdmin', 'teacher'], 'p2')

/** The wires of the worker and of a second server to PostgreSQL. */
const [workerWire, serverWire] = await Promise.all([tcpRelay(postgres.place), tcpRelay(postgres.place)])
const over = ({ address }: { address: string }) => ({ databaseUrl: Object.assign(new URL(postgres.databaseUrl), { host: address }).href })
const wiredPort = await freePort()
const wiredUrl = `http://127.0.0.1:${wiredPort}`
const wired = apiClient(wiredUrl, adminKey)

let running: Program[]
const start = () => Promise.all([programs.startServer(), programs.startWorker(over(workerWire))])
beforeAll(async () => {
  running = (await Promise.all([start(), programs.startServer(wiredPort, over(serverWire))])).flat()
})

const patience = { timeout: 30_000 }
const problem = (code: string) => `urn:sferum-flow:problem:${code}`
const rows = <T extends object>(sql: string, values: unknown[] = []) => inSchool(db, school.orgId, async (tx) => (await tx.query<T>(sql, values)).rows)
const lettersTo = async (person: string) => (await mail.letters()).filter(({ to, subject }) => subject!.includes('Приглашение') && to!.some(({ address }) => address === `${person}@zarechie.example`))
const letterTo = (person: string) => mail.letter(({ to, subject }) => subject!.includes('Приглашение') && to!.some(({ address }) => address === `${person}@zarechie.example`))
const linkFor = (person: string) => ({ target: 'staffRoom', platformRole: 'teacher', recipients: [{ personId: person }] })
let free = 3
const next = () => `p${free++}`

/** Nobody had to be started anew. */
async function expectAllAlive() {
  for (const { ended } of running) expect(await Promise.race([ended.then(() => 'ended'), new Promise((resolve) => setImmediate(resolve, 'alive'))])).toBe('alive')
}

test('the answer to a commit is lost: what was committed is found, and nothing is done again (F17)', async () => {
  // By the server: the command is answered from what it left.
  const asked = next()
  const key = randomUUID()
  const lost = serverWire.loseAnswer('update idempotency_keys set status', 'commit')
  expect(await wired.post('/links', linkFor(asked), key)).toMatchObject({ status: 503, body: { type: problem('unavailable') } })
  await lost
  const again = await wired.post<{ processId: string }>('/links', linkFor(asked), key)
  expect(again.status).toBe(202)
  expect(again.headers.get('idempotent-replayed')).toBe('true')

  // By the worker: the step is found there, and who waits hears of it.
  const person = next()
  const { processId, createTask } = await school.requestLink([person])
  const stepLost = workerWire.loseAnswer('insert into cohort_steps', 'commit')
  expect(await school.createLink(createTask)).toMatchObject({ status: 200, body: { state: 'completed' } })
  await stepLost
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)

  // By the worker again, of a letter that the mail server has taken.
  await quiet(db, school.orgId)
  const written = next()
  const { createTask: another } = await school.requestLink([written])
  const outcomeLost = workerWire.loseAnswer('insert into letter_attempts', 'commit')
  expect((await school.createLink(another)).status).toBe(200)
  await outcomeLost
  await quiet(db, school.orgId)
  expect(await lettersTo(written)).toHaveLength(1)
  expect(await rows(`select outcome from letter_attempts a join letters l on l.id = a.letter_id where l.recipient ->> 'person' = $1`, [written])).toEqual([{ outcome: 'accepted' }])

  await expect.poll(() => rows('select from invitations where person_id = $1', [asked]), patience).toHaveLength(1)
  await expectAllAlive()
})

test('a database is there no more and nothing says so: requests are answered in time, what is lost is given up, and a command is carried out once (F15, F16)', async () => {
  await Promise.all([postgresIsLost(), temporalStandsStill()])
  await expectAllAlive()
})

/** Also those who were in its hands when the way to PostgreSQL was lost are heard again. */
async function postgresIsLost() {
  expect((await wired.get('/tasks')).status).toBe(200)
  serverWire.mute()
  const requests = Promise.all(Array.from({ length: 12 }, () => wired.get('/tasks')))
  expect(await (await fetch(`${wiredUrl}/health`)).json()).toEqual({ status: 'alive' })
  const ready = await fetch(`${wiredUrl}/ready`)
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 503, body: { status: 'notReady', dependencies: { postgres: 'down' } } })
  for (const answer of await requests) expect(answer).toMatchObject({ status: 503, body: { type: problem('unavailable') } })
  serverWire.unmute()
  expect((await wired.get('/tasks')).status).toBe(200)
}

/** As with a store that is too slow: Temporal takes everything and answers nothing, until it goes on. */
async function temporalStandsStill() {
  const person = next()
  const { processId, createTask } = await school.requestLink([person])
  temporal.freeze()
  const key = randomUUID()
  const late = await school.createLink(createTask, key)
  expect(late).toMatchObject({ status: 503, body: { type: problem('unavailable') } })
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
  temporal.thaw()
  expect(await insist(db, key, (same) => school.createLink(createTask, same))).toMatchObject({ status: 200, body: { state: 'completed' } })
  await quiet(db, school.orgId)
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
  expect(await lettersTo(person)).toHaveLength(1)
}

/** Makes the database take writes, or none; every connection begins anew. */
async function takeWrites(taken: boolean) {
  const client = await db.pool.connect()
  try {
    await client.query('set default_transaction_read_only = off')
    await client.query(`alter database sferum set default_transaction_read_only = ${taken ? 'off' : 'on'}`)
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()')
  } finally {
    client.release(true)
  }
}

test('PostgreSQL takes no writes: what is there can be read, what would change it is told to come later, and goes on by itself (F18)', async () => {
  const person = next()
  const { processId, createTask } = await school.requestLink([person])
  expect((await school.createLink(createTask)).status).toBe(200)
  const page = invitedPerson(pageIn((await letterTo(person)).text!))
  await rows('update api_keys set last_used_at = null')
  await takeWrites(false)
  const key = randomUUID()
  await expect.poll(async () => (await school.api.get<{ state: string }>(`/processes/${processId}`)).body.state).toBe('active')
  const ready = await fetch(`${programs.url}/ready`)
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 200, body: { status: 'degraded', dependencies: { postgres: 'readOnly' } } })
  expect(await school.api.post('/links', linkFor(next()), key)).toMatchObject({ status: 503, body: { type: problem('unavailable') } })
  expect((await page.look()).buttons).toContain('Я отправил заявку')
  expect(await page.press('Я отправил заявку')).toMatchObject({ status: 503, text: expect.stringContaining('Служба временно недоступна') })

  await takeWrites(true)
  expect(await insist(db, key, (same) => school.api.post('/links', linkFor(`p${free - 1}`), same))).toMatchObject({ status: 202 })
  expect(await page.press('Я отправил заявку')).toMatchObject({ status: 200, text: expect.stringContaining('Вы сообщили, что заявка отправлена') })
  await quiet(db, school.orgId)
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
  await expectAllAlive()
})

test('PostgreSQL dies under a command and stays away: everybody is told to come later, and the command is carried out once (F16)', async () => {
  const people = [next(), next()]
  const { processId, createTask } = await school.requestLink(people)
  const [cohort] = await rows<{ id: string }>('select cohort_id as id from tasks where id = $1', [createTask])
  const row = await holdRow(db, school.orgId, 'cohorts', cohort!.id)
  const key = randomUUID()
  const cutOff = school.createLink(createTask, key)
  await row.waitedFor()
  await postgres.kill()
  await expect(row.release()).rejects.toThrow()

  const later = { status: 503, body: { type: problem('unavailable'), status: 503, title: expect.stringMatching(/^[А-Я][а-я ]+/), detail: expect.stringMatching(/[а-я]/) } }
  for (const answer of [await school.api.get('/tasks'), await school.api.post('/links', linkFor(next())), await cutOff]) {
    expect(answer).toMatchObject(later)
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(answer.headers.get('content-language')).toBe('ru')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const page = await fetch(`${programs.url}/i/${'A'.repeat(32)}`)
  expect(page.status).toBe(503)
  expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await page.text()).toContain('Служба временно недоступна')
  expect(await (await fetch(`${programs.url}/health`)).json()).toEqual({ status: 'alive' })
  const ready = await fetch(`${programs.url}/ready`)
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({ status: 503, body: { status: 'notReady', dependencies: { postgres: 'down', temporal: 'up', worker: 'up', smtp: 'up' } } })

  await postgres.startAgain()
  expect(await insist(db, key, (same) => school.createLink(createTask, same))).toMatchObject({ status: 200, body: { state: 'completed' } })
  await quiet(db, school.orgId)
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
  for (const person of people) expect(await lettersTo(person), person).toHaveLength(1)
  await expectAllAlive()
})

/** From asking for a link to its being there, however often it takes to ask. */
async function linkComes(person: string): Promise<string> {
  const started = await insist(db, randomUUID(), (key) => school.api.post<{ processId: string }>('/links', linkFor(person), key))
  expect(started.status, JSON.stringify(started.body)).toBe(202)
  const { processId } = started.body
  const task = async () => (await school.api.get<{ items: { id: string }[] }>(`/tasks?process=${processId}`).catch(() => undefined))?.body.items?.[0]?.id
  await expect.poll(task, { timeout: 60_000 }).toBeDefined()
  const created = (await rows<{ id: string }>('select id from tasks where owner_id = $1', [processId]))[0]!.id
  expect(await insist(db, randomUUID(), (key) => school.createLink(created, key))).toMatchObject({ status: 200, body: { state: 'completed' } })
  return processId
}

/** Each of these was done once. */
async function expectOnce(people: readonly string[], processes: readonly string[]) {
  expect(new Set(processes).size).toBe(people.length)
  expect(await rows('select 1 from invitations where person_id = any ($1)', [people])).toHaveLength(people.length)
  const lines = await rows<{ event: string; times: number }>(
    `select event, count(*)::int as times from timeline where process_id = any ($1) and event in ('PERSON_ADDED', 'LINK_CREATED') group by event order by event`,
    [processes],
  )
  expect(lines).toEqual([{ event: 'LINK_CREATED', times: people.length }, { event: 'PERSON_ADDED', times: people.length }])
}

test('PostgreSQL dies twice under work: nothing is lost, nothing is done twice, every letter goes out once (F16)', { timeout: 120_000 }, async () => {
  const people = Array.from({ length: 8 }, next)
  let done = 0
  const work = Promise.all(people.map((person) => linkComes(person).finally(() => (done += 1))))
  for (const enough of [1, 4]) {
    await expect.poll(() => done, { timeout: 60_000, interval: 10 }).toBeGreaterThanOrEqual(enough)
    await postgres.kill()
    await postgres.startAgain()
  }
  const processes = await work
  await expectAllAlive()
  // Longer than the pauses between the attempts of an activity (30 s) and than a letter is in the hands of who has lost it (35 s).
  await quiet(db, school.orgId, 60_000)
  await expectOnce(people, processes)
  for (const person of people) expect(await lettersTo(person), person).toHaveLength(1)
})

test('everything dies at once under work: afterwards it goes on by itself, nothing is lost or done twice (F30)', { timeout: 120_000 }, async () => {
  const people = Array.from({ length: 8 }, next)
  let done = 0
  const work = Promise.all(people.map((person) => linkComes(person).finally(() => (done += 1))))
  await expect.poll(() => done, { timeout: 60_000, interval: 10 }).toBeGreaterThan(0)
  await Promise.all([postgres.kill(), temporal.kill(), ...running.map((program) => program.kill())])
  await Promise.all([postgres.startAgain(), temporal.startAgain()])
  // What was in the hands of the dead is free: a minute has passed.
  await rows(`update letters set next_attempt_at = next_attempt_at - interval '1 minute', claimed_until = claimed_until - interval '1 minute' where state in ('queued', 'rendered', 'sending')`)
  await start()
  const processes = await work
  await expect.poll(() => rows(`select from letters where state in ('queued', 'rendered', 'sending')`), { timeout: 60_000 }).toEqual([])
  await expectOnce(people, processes)
  for (const person of people) {
    const copies = await lettersTo(person)
    expect(copies.length, person).toBeGreaterThanOrEqual(1)
    expect(new Set(copies.map(({ headers }) => headers['message-id'])).size, person).toBe(1)
  }
})

afterAll(() => programs.expectSilenceAbout([...school.canaries, adminKey]))
