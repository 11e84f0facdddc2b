import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asService, openDatabase } from '../../db/connection.ts'
import { holdRow } from '../support/held-row.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { system } from '../support/system.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'
import type { Program } from '../support/program.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const { smtpUrl } = await mailCatcher()
const programs = await system({ databaseUrl, temporal: await temporalNamespace(), smtpUrl })
const school = await schoolOverHttp(db, programs.url)
let server: Program
beforeAll(async () => {
  ;[server] = await Promise.all([programs.startServer(), programs.startWorker()])
})

const cohortOf = async (task: string) => (await asService(db, (tx) => tx.query<{ cohort_id: string }>('select cohort_id from tasks where id = $1', [task]))).rows[0]!.cohort_id

test('the server is killed after the event was sent: the same key gets the result, and it happened once (F3)', async () => {
  const { processId, createTask } = await school.requestLink(['p3'])
  const key = randomUUID()
  const row = await holdRow(db, school.orgId, 'cohorts', await cohortOf(createTask))
  const reset = expect(school.createLink(createTask, key)).rejects.toThrow('fetch failed')
  await row.waitedFor()
  await server.kill()
  await reset
  await row.release()
  server = await programs.startServer()
  await expect.poll(() => school.stateOf(processId)).toBe('active')

  // Whoever repeats at once is told to wait: the dead request still has the key.
  const early = await school.createLink(createTask, key)
  expect(early).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:idempotencyKeyRunning' } })
  expect(early.headers.get('retry-after')).toBe('2')
  await asService(db, (tx) => tx.query(`update idempotency_keys set created_at = created_at - interval '30 seconds' where key = $1`, [key]))
  expect(await school.createLink(createTask, key)).toMatchObject({ status: 200, body: { state: 'completed' } })
  const again = await school.createLink(createTask, key)
  expect(again).toMatchObject({ status: 200, body: { state: 'completed' } })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
})

test('the server is asked to stop: what it has begun is answered, what comes later is not taken, and it ends (F5)', async () => {
  const { processId, createTask } = await school.requestLink(['p4'])
  const row = await holdRow(db, school.orgId, 'cohorts', await cohortOf(createTask))
  const begun = Array.from({ length: 10 }, () => school.createLink(createTask))
  await row.waitedFor()
  const stopped = server.stop()
  await expect.poll(() => school.api.post('/people', {}).then(({ status }) => status, () => 'refused')).toBe('refused')
  await row.release()
  const answers = await Promise.all(begun)
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)])
  // Or the idle connection would keep the process until its patience is over.
  expect(new Set(answers.map(({ headers }) => headers.get('connection')))).toEqual(new Set(['close']))
  await stopped

  server = await programs.startServer()
  expect(await school.stateOf(processId)).toBe('active')
  expect(await school.linesOf(processId, 'LINK_CREATED')).toHaveLength(1)
})

afterAll(() => programs.expectSilenceAbout(school.canaries))
