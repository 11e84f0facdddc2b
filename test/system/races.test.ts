import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { dataConverter } from '../../runtime/data-converter.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { cohortQuery } from '../../workflows/messages.ts'
import { apiClient, type Answer } from '../support/api-client.ts'
import { keyOf } from '../support/api.ts'
import { holdRow } from '../support/held-row.ts'
import { invitedPerson, pageIn, type ShownPage } from '../support/invited-person.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { quiet } from '../support/quiet.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { system } from '../support/system.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const mail = await mailCatcher()
const temporal = await temporalNamespace()
const connection = await Connection.connect({ address: temporal.address })
afterAll(() => connection.close())
const workflows = new Client({ connection, namespace: temporal.namespace, dataConverter: dataConverter(testKeyRing) }).workflow
const programs = await system({ databaseUrl, temporal, smtpUrl: mail.smtpUrl })
const school = await schoolOverHttp(db, programs.url, { teachers: 70 })
/** A second server beside the first: who races may come in by either. */
const otherPort = await freePort()
const otherUrl = `http://127.0.0.1:${otherPort}`
const head = apiClient(otherUrl, await keyOf(db, school.orgId, ['head'], 'p1'))
const adminKey = await keyOf(db, school.orgId, ['platformAdmin', 'teacher'], 'p2')
beforeAll(() => Promise.all([programs.startServer(), programs.startServer(otherPort), programs.startWorker()]))

const patience = { timeout: 20_000 }
type Problem = { type: string; detail: string; closedBy: { id: string }; closedAt: string }
const problem = (code: string) => `urn:sferum-flow:problem:${code}`
const rows = <T extends object>(sql: string, values: unknown[] = []) => inSchool(db, school.orgId, async (tx) => (await tx.query<T>(sql, values)).rows)

interface Recipient {
  personId: string
  invitationId: string
  processId: string
  page: string
}

let free = 3
const tokens: string[] = []
/** How long the last link took to reach its people, ms. */
let took = 0
/** A link that is there on the platform, and its people with the pages of their letters. */
async function liveLink(count: number, expiresAt?: Date): Promise<{ id: string; processId: string; people: Recipient[] }> {
  const began = Date.now()
  const people = Array.from({ length: count }, () => `p${free++}`)
  const link = await school.requestLink(people, expiresAt)
  expect((await school.createLink(link.createTask)).status).toBe(200)
  const { body } = await school.api.get<{ people: Omit<Recipient, 'page'>[] }>(`/links/${link.id}`)
  const recipients: Recipient[] = []
  for (const recipient of body.people) {
    const letter = await mail.letter(({ to, subject }) => JSON.stringify(to).includes(`${recipient.personId}@zarechie`) && subject!.includes('Приглашение'))
    recipients.push({ ...recipient, page: pageIn(letter.text!) })
  }
  tokens.push(...recipients.map(({ page }) => page.split('/i/')[1]!))
  took = Date.now() - began
  return { ...link, people: recipients }
}

/** «Я отправил заявку», by one of the two servers. */
const accept = ({ page }: { page: string }, at: number): Promise<ShownPage> => invitedPerson(at % 2 === 0 ? page : page.replace(programs.url, otherUrl)).submit('request-sent')

/** What is known of each invitation of a link: in PostgreSQL, in its workflow, in the letters that arrived. */
async function known(link: { id: string; processId: string }) {
  const found = await rows<{ id: string; state: string; request: string; answers: string[]; heard: string[] }>(
    `select p.id, p.state, p.context ->> 'request' as request,
       array(select a.type from recipient_answers a where a.invitation_id = i.id order by a.at) as answers,
       array(select t.event from timeline t where t.process_id = p.id and t.applied and t.event in ('REQUEST_SENT', 'LINK_CLOSED') order by t.seq) as heard
     from invitations i join processes p on p.id = i.process_id where i.link_id = $1`,
    [link.id],
  )
  const [cohort] = await rows<{ id: string }>('select c.workflow_id as id from cohorts c join processes p on p.cohort_id = c.id where p.id = $1', [link.processId])
  const { alive } = await workflows.getHandle(cohort!.id).query(cohortQuery)
  const inWorkflow = new Map(alive.map(({ id, state }) => [id, state]))
  const letters = await mail.letters()
  return new Map(found.map(({ id, ...row }) => [id, { ...row, workflow: inWorkflow.get(id), letters }]))
}

/** One of them came first for each person, and everybody who keeps books says the same one. */
async function expectAgreement(link: { id: string; processId: string; people: Recipient[] }, answers: readonly ShownPage[]) {
  await quiet(db, school.orgId)
  const books = await known(link)
  for (const [at, { personId, processId }] of link.people.entries()) {
    const { status, text } = answers[at]!
    const accepted = status === 200
    expect(status === 200 || status === 410, `${personId}: ${status} ${text}`).toBe(true)
    expect(text).toContain(accepted ? 'Вы сообщили, что заявка отправлена' : 'Ссылка больше не действует')
    const book = books.get(processId)!
    expect(book, personId).toMatchObject({ state: 'expired', workflow: 'expired', request: accepted ? 'sent' : 'none', answers: accepted ? ['REQUEST_SENT'] : [] })
    expect([...book.heard].sort(), personId).toEqual(accepted ? ['LINK_CLOSED', 'REQUEST_SENT'] : ['LINK_CLOSED'])
    const notices = book.letters.filter(({ to, subject }) => JSON.stringify(to).includes(`${personId}@zarechie`) && subject === 'Срок приглашения истёк')
    expect(notices, `who was ${accepted ? 'taken' : 'too late'} hears so: ${personId}`).toHaveLength(accepted ? 0 : 1)
  }
}

test('F28: fifty say at once that the request is sent: one is taken, forty-nine hear that it is done, one line is written', async () => {
  const link = await liveLink(1)
  const [person] = link.people
  // All of them stand at one door, and it is opened.
  const door = await holdRow(db, school.orgId, 'invite_links', link.id)
  const presses = Promise.all(Array.from({ length: 50 }, (_, at) => accept(person!, at)))
  await door.waitedFor()
  await door.release()
  const answers = await presses
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const late = answers.filter(({ status }) => status === 409)
  expect(late).toHaveLength(49)
  for (const { text } of late) expect(text).toContain('Уже сделано')
  await quiet(db, school.orgId)
  expect(await school.linesOf(person!.processId, 'REQUEST_SENT')).toHaveLength(1)
  expect((await known(link)).get(person!.processId)).toMatchObject({ state: 'sent', workflow: 'sent', request: 'sent', answers: ['REQUEST_SENT'] })
})

test('F29: accepting and revoking at once: for each person one comes first, and database, workflow and letters agree which', async () => {
  for (const before of [0, 2, 3, 4, 6]) {
    const link = await liveLink(6)
    const early = link.people.slice(0, before).map(accept)
    const revoked = school.api.post(`/processes/${link.processId}/events`, { type: 'REVOKE' })
    const late = link.people.slice(before).map(accept)
    const answers = await Promise.all([...early, ...late])
    expect((await revoked).status).toBe(200)
    await expectAgreement(link, answers)
    expect(await school.linesOf(link.processId, 'REVOKE')).toHaveLength(1)
    expect(await school.tasksOf(link.processId)).toContainEqual(expect.objectContaining({ kind: 'T-LINK-REVOKE', state: 'open' }))
  }
})

test('F29: accepting at the end of the term: the database’s clock decides, never after the deadline, and the workflow follows', async () => {
  // A term that the letters reach the people in, however busy this machine is.
  const link = await liveLink(16, new Date(Date.now() + 5_000 + 4 * took))
  const [{ at: end }] = (await rows<{ at: Date }>('select expires_at as at from invite_links where id = $1', [link.id])) as [{ at: Date }]
  const answers = await Promise.all(
    link.people.map(async (person, at) => {
      // The last quarter of a second, and the first after it.
      await new Promise((resolve) => setTimeout(resolve, end.getTime() - Date.now() + (at - 8) * 30))
      return accept(person, at)
    }),
  )
  await expect.poll(() => school.stateOf(link.processId), patience).toBe('closing')
  await expectAgreement(link, answers)
  // P3, P5: no answer was taken after the deadline, and no timer fired before it.
  expect(await rows(`select 1 from recipient_answers a join invitations i on i.id = a.invitation_id where i.link_id = $1 and a.at >= $2`, [link.id, end])).toEqual([])
  const [fired] = await school.linesOf(link.processId, 'TIMER_EXPIRED')
  expect(Date.parse(fired!.at)).toBeGreaterThanOrEqual(end.getTime())
})

test('F26: the clocks of two servers and of a worker are an hour wrong: until the end everybody takes an answer, after it nobody, and the link closes once, in time', async () => {
  const hour = 60 * 60 * 1000
  const ports = [await freePort(), await freePort()] as const
  const [ahead, behind, worker] = await Promise.all([programs.startServer(ports[0], { clockAhead: hour }), programs.startServer(ports[1], { clockAhead: -hour }), programs.startWorker({ clockAhead: hour })])
  const link = await liveLink(4, new Date(Date.now() + 5_000 + 4 * took))
  const [{ at: end }] = (await rows<{ at: Date }>('select expires_at as at from invite_links where id = $1', [link.id])) as [{ at: Date }]
  const byPort = link.people.map(({ page }, at) => invitedPerson(page.replace(programs.url, `http://127.0.0.1:${ports[at % 2]}`)))
  const early = await Promise.all(byPort.slice(0, 2).map((person) => person.submit('request-sent')))
  expect(await school.stateOf(link.processId)).toBe('active')
  await expect.poll(async () => (await rows('select 1 from invite_links where id = $1 and now() >= expires_at', [link.id])).length, patience).toBe(1)
  const late = await Promise.all(byPort.slice(2).map((person) => person.submit('request-sent')))
  expect([...early, ...late].map(({ status }) => status)).toEqual([200, 200, 410, 410])
  await expect.poll(() => school.stateOf(link.processId), patience).toBe('closing')
  await expectAgreement(link, [...early, ...late])
  const fired = await school.linesOf(link.processId, 'TIMER_EXPIRED')
  expect(fired).toHaveLength(1)
  expect(Date.parse(fired[0]!.at)).toBeGreaterThanOrEqual(end.getTime())
  await Promise.all([ahead, behind, worker].map((program) => program.stop()))
})

test('the same request at once by two servers is one command with one answer', async () => {
  const recipients = [{ personId: `p${free++}` }]
  const key = randomUUID()
  const ask = (url: string) => apiClient(url, adminKey).post<{ id: string; type: string }>('/links', { target: 'staffRoom', platformRole: 'teacher', recipients }, key)
  const answers = await Promise.all([programs.url, otherUrl, programs.url, otherUrl, programs.url, otherUrl].map(ask))
  const made = answers.filter(({ status }) => status === 202)
  expect(made.length).toBeGreaterThan(0)
  for (const { status, body } of answers) expect(status === 202 ? body : { status, type: body.type }).toEqual(status === 202 ? made[0]!.body : { status: 409, type: problem('idempotencyKeyRunning') })
  expect(await ask(otherUrl)).toMatchObject({ status: 202, body: made[0]!.body })
  await expect.poll(() => rows(`select 1 from invitations where person_id = $1`, [recipients[0]!.personId])).toHaveLength(1)
})

test('two people complete one task at once: one is taken, the other hears who was first and when', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id, processId, createTask } = await school.requestLink([`p${free++}`])
    const complete = (api: typeof school.api, who: string): Promise<Answer<Problem>> => api.post(`/tasks/${createTask}/complete`, { evidence: { url: `https://max.ru/join/EXAMPLE-ONLY-${who}` } })
    const [p1, p2] = await Promise.all([complete(head, 'p1'), complete(school.api, 'p2')])
    const answers = { p1, p2 }
    const [winner, loser] = answers.p1.status === 200 ? (['p1', 'p2'] as const) : (['p2', 'p1'] as const)
    expect(answers[winner].status).toBe(200)
    expect(answers[loser]).toMatchObject({ status: 409, body: { type: problem('taskClosed'), closedBy: { id: winner }, detail: expect.stringMatching(winner === 'p1' ? /Воронцова Елена, \d/ : /Лисицын Павел, \d/) } })
    expect(Number.isNaN(Date.parse(answers[loser].body.closedAt))).toBe(false)
    expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
    expect((await head.post<{ url: string }>(`/links/${id}/reveal`)).body.url).toBe(`https://max.ru/join/EXAMPLE-ONLY-${winner}`)
  }
})

afterAll(() => programs.expectSilenceAbout([...school.canaries, ...tokens, adminKey]))
