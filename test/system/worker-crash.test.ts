import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import { holdRow } from '../support/held-row.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import type { Program } from '../support/program.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { system } from '../support/system.ts'
import { tcpRelay } from '../support/tcp-relay.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const mail = await mailCatcher()
const temporal = await temporalNamespace()
const programs = await system({ databaseUrl, temporal, smtpUrl: mail.smtpUrl })
const school = await schoolOverHttp(db, programs.url)
let worker: Program
beforeAll(async () => {
  ;[, worker] = await Promise.all([programs.startServer(), programs.startWorker()])
})

/** A worker whose wire to Temporal can be cut. */
const [host, port] = temporal.address.split(':')
const wire = await tcpRelay({ host: host!, port: Number(port) })
const startWorkerOnWire = () => programs.startWorker({ temporalAddress: wire.address })

const day = 24 * 60 * 60 * 1000
const cohortOf = async (task: string) => (await asService(db, (tx) => tx.query<{ cohort_id: string }>('select cohort_id from tasks where id = $1', [task]))).rows[0]!.cohort_id
const stepsOf = async (cohort: string) => (await inSchool(db, school.orgId, (tx) => tx.query('select from cohort_steps where cohort_id = $1', [cohort]))).rowCount!

/** A client that comes back with its key for as long as it is told to. */
async function insist<T>(ask: () => Promise<{ status: number; body: T }>) {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 503) return answer
  }
}

test('the worker is killed while it records a step: another one does it, the answer comes once (F6)', async () => {
  const { processId, createTask } = await school.requestLink(['p3'])
  const cohort = await cohortOf(createTask)
  const before = await stepsOf(cohort)
  const row = await holdRow(db, school.orgId, 'cohorts', cohort)
  const key = randomUUID()
  const answer = insist(() => school.createLink(createTask, key))
  await row.waitedFor()
  await worker.kill()
  await row.release()
  worker = await startWorkerOnWire()
  expect(await answer).toMatchObject({ status: 200, body: { state: 'completed' } })
  expect(await stepsOf(cohort)).toBeGreaterThan(before)
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
  await mail.letter(({ to }) => to?.some(({ address }) => address === 'p3@zarechie.example') ?? false)
})

test('the worker is killed between the commit and its word to Temporal: the step stands, once, and what came after is judged by it (F7)', async () => {
  const { processId, createTask } = await school.requestLink(['p4'])
  const cohort = await cohortOf(createTask)
  const before = await stepsOf(cohort)
  const row = await holdRow(db, school.orgId, 'cohorts', cohort)
  const [created, extended] = [randomUUID(), randomUUID()]
  const answer = insist(() => school.createLink(createTask, created))
  await row.waitedFor()
  wire.mute()
  await row.release()
  await expect.poll(() => stepsOf(cohort)).toBe(before + 1)
  await worker.kill()
  wire.cut()
  // In PostgreSQL the link is there; the Temporal of this moment has never heard of it.
  const extension = insist(() => school.api.post<{ state: string }>(`/processes/${processId}/events`, { type: 'EXTEND', expiresAt: new Date(Date.now() + 20 * day).toISOString(), reason: 'Не все успели' }, extended))
  worker = await startWorkerOnWire()
  expect(await answer).toMatchObject({ status: 200, body: { state: 'completed' } })
  expect(await extension).toMatchObject({ status: 200, body: { state: 'active' } })
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
  expect(await school.linesOf(processId, 'EXTEND')).toHaveLength(1)
  await mail.letter(({ to }) => to?.some(({ address }) => address === 'p4@zarechie.example') ?? false)
})
afterAll(() => programs.expectSilenceAbout(school.canaries))
