import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { holdRow } from '../support/held-row.ts'
import type { Program } from '../support/program.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { scriptedSmtp, type ReceivedLetter } from '../support/scripted-smtp.ts'
import { system } from '../support/system.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'

const teachers = 60
const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const smtp = await scriptedSmtp()
const programs = await system({ databaseUrl, temporal: await temporalNamespace(), smtpUrl: smtp.smtpUrl })
const school = await schoolOverHttp(db, programs.url, { teachers })
let worker: Program
beforeAll(async () => {
  ;[, worker] = await Promise.all([programs.startServer(), programs.startWorker()])
})

interface Letter {
  id: string
  state: string
  attempts: number
  lastError: string | null
}
const lettersOf = async (code: string) => (await school.api.get<{ items: Letter[] }>(`/letters?code=${code}&limit=100`)).body.items
const inState = async (code: string, state: string) => (await lettersOf(code)).filter((letter) => letter.state === state)
const messageId = ({ raw }: ReceivedLetter) => /^message-id: (.*)$/im.exec(raw.toString())![1]!

/** A minute of the outbox in which no letter is in living hands: pauses and claims of the dead are over. */
const minutePasses = () =>
  inSchool(db, school.orgId, (tx) =>
    tx.query(`update letters set next_attempt_at = next_attempt_at - interval '1 minute', claimed_until = claimed_until - interval '1 minute' where state in ('queued', 'rendered', 'sending')`),
  )

/** Kills the worker between the final dot and the answer (F8), and starts another a minute later. */
async function dieAfterDot(hangs: Promise<void>) {
  await hangs
  await worker.kill()
  await minutePasses()
  worker = await programs.startWorker()
}

/** Kills the worker between the 250 and the row of the letter (F9), and starts another a minute later. */
async function dieAfterAnswer(hangs: Promise<void>) {
  await hangs
  const [sending, ...others] = await inState('L-INV-TEACHER', 'sending')
  expect(others).toEqual([])
  const row = await holdRow(db, school.orgId, 'letters', sending!.id)
  smtp.answer()
  await row.waitedFor()
  await worker.kill()
  await row.release()
  await minutePasses()
  worker = await programs.startWorker()
}

test('the worker is killed twice in the middle of sixty letters: none is lost, each is one message, and two of them went out again (F8, F9)', { timeout: 120_000 }, async () => {
  const { createTask } = await school.requestLink(Array.from({ length: teachers }, (_, i) => `p${i + 3}`))
  smtp.plan(...Array.from({ length: 19 }, () => 'accept' as const), 'hangAfterDot')
  const first = smtp.hangs()
  expect((await school.createLink(createTask)).status).toBe(200)
  await first
  smtp.plan(...Array.from({ length: 19 }, () => 'accept' as const), 'hangAfterDot')
  const second = smtp.hangs()
  await dieAfterDot(first)
  await dieAfterAnswer(second)

  await expect.poll(async () => (await inState('L-INV-TEACHER', 'accepted')).length, { timeout: 30_000 }).toBe(teachers - 1)
  // The first is tried again with the rest, the second after a pause.
  await minutePasses()
  await expect.poll(async () => (await inState('L-INV-TEACHER', 'accepted')).length, { timeout: 30_000 }).toBe(teachers)
  const copies = Map.groupBy(smtp.received, messageId)
  expect(copies.size).toBe(teachers)
  expect(new Set(smtp.received.flatMap(({ recipients }) => recipients)).size).toBe(teachers)
  expect([...copies.values()].filter(({ length }) => length === 2)).toHaveLength(2)
  expect(smtp.received).toHaveLength(teachers + 2)
  // The same bytes, the uncertainty on record, and the invitations know that their letters went out.
  for (const [one, ...more] of copies.values()) for (const copy of more) expect(copy).toEqual(one)
  expect((await lettersOf('L-INV-TEACHER')).filter(({ attempts, lastError }) => attempts === 2 && lastError === 'workerLost')).toHaveLength(2)
  const delivered = () => inSchool(db, school.orgId, async (tx) => (await tx.query(`select from invitations where delivery = 'accepted'`)).rowCount)
  await expect.poll(delivered, { timeout: 30_000 }).toBe(teachers)
})

test('an application that may have arrived is not sent again until a person says so, and a person says how it goes on (F8)', { timeout: 120_000 }, async () => {
  const before = smtp.received.length
  const applications = () => smtp.received.slice(before)
  smtp.plan('hangAfterDot')
  const first = smtp.hangs()
  const { processId } = (await school.api.post<{ processId: string }>('/registrations', { administratorId: 'p2', orderId: 'o1' })).body
  await dieAfterDot(first)
  await expect.poll(() => school.stateOf(processId), { timeout: 30_000 }).toBe('deliveryProblem')
  const letter = (await inState('L-REG-APPLY', 'unknownOutcome'))[0]!
  expect((await school.tasksOf(processId)).map(({ kind }) => kind)).toContain('T-REG-FIX')
  expect(applications().map(({ recipients }) => recipients)).toEqual([['info@sferum.ru']])

  const decide = (outcome: string) => school.api.post<Letter>(`/letters/${letter.id}/outcome`, { outcome })
  smtp.plan('cutAfterDot')
  expect((await decide('sendAgain')).status).toBe(200)
  await minutePasses()
  await expect.poll(() => applications().length, { timeout: 30_000 }).toBe(2)
  await expect.poll(async () => (await lettersOf('L-REG-APPLY'))[0]!.state, { timeout: 30_000 }).toBe('unknownOutcome')
  expect(await school.stateOf(processId)).toBe('deliveryProblem')

  expect(await decide('arrived')).toMatchObject({ status: 200, body: { state: 'accepted' } })
  await expect.poll(() => school.stateOf(processId)).toBe('awaitingReply')
  expect(applications()).toHaveLength(2)
  expect(new Set(applications().map(messageId)).size).toBe(1)
})

afterAll(() => programs.expectSilenceAbout(school.canaries))
