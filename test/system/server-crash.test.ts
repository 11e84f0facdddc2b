import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { apiClient } from '../support/api-client.ts'
import { keyOf } from '../support/api.ts'
import { holdRow } from '../support/held-row.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { system } from '../support/system.ts'
import { tcpRelay } from '../support/tcp-relay.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'
import type { Program } from '../support/program.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const { smtpUrl } = await mailCatcher()
const temporal = await temporalNamespace()
const programs = await system({ databaseUrl, temporal, smtpUrl })
const school = await schoolOverHttp(db, programs.url, { teachers: 4 })
const adminKey = await keyOf(db, school.orgId, ['platformAdmin'], 'p2')

/** A server beside the first, to be killed: with a wire to Temporal and a folder for temporary files of its own. */
const [host, port] = temporal.address.split(':')
const wire = await tcpRelay({ host: host!, port: Number(port) })
const temporaryFolder = await mkdtemp(join(tmpdir(), 'upload-'))
afterAll(() => rm(temporaryFolder, { recursive: true }))
const victimPort = await freePort()
const victimUrl = `http://127.0.0.1:${victimPort}`

let server: Program
let victim: Program
beforeAll(async () => {
  ;[server, victim] = await Promise.all([programs.startServer(), programs.startServer(victimPort, { temporalAddress: wire.address, temporaryFolder }), programs.startWorker()])
})

const cohortOf = async (task: string) => (await asService(db, (tx) => tx.query<{ cohort_id: string }>('select cohort_id from tasks where id = $1', [task]))).rows[0]!.cohort_id

const linkFor = (person: string) => ({ target: 'staffRoom', platformRole: 'teacher', recipients: [{ personId: person }] })
/** How many rows there are. */
const count = async (sql: string, values: unknown[] = []) => (await inSchool(db, school.orgId, (tx) => tx.query(sql, values))).rowCount!

/** An order with a scan of nine megabytes. */
function orderForm(): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries({ kind: 'main', number: '113/01-08', date: '2026-08-21', title: 'О назначении администратора' })) form.append(name, value)
  form.append('file', new Blob(['%PDF-1.4\n', Buffer.alloc(9 * 1024 * 1024, ' '), '\n%%EOF\n'], { type: 'application/pdf' }), 'prikaz.pdf')
  return form
}

test('a server is killed before it has noted a key, before a process starts that it has announced, and in the middle of an upload: each happens once, by itself or with the same key (F1, F2, F4)', async () => {
  const keys = { unnoted: randomUUID(), announced: randomUUID(), upload: randomUUID() }
  const [victims, others] = [apiClient(victimUrl, adminKey), apiClient(programs.url, adminKey)]

  // F2: its command is in PostgreSQL, Temporal has not heard of it.
  wire.mute()
  const announced = expect(victims.post('/links', linkFor('p6'), keys.announced)).rejects.toThrow('fetch failed')
  await expect.poll(() => count(`select from cohorts where status = 'starting'`), { interval: 20 }).toBe(1)

  // F1: its key waits at the door.
  const door = await db.pool.connect()
  await door.query('begin; lock table idempotency_keys in share mode')
  const unnoted = expect(victims.post('/links', linkFor('p5'), keys.unnoted)).rejects.toThrow('fetch failed')
  await expect.poll(async () => (await door.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rowCount, { interval: 20 }).toBe(1)

  // F4: half of a file is there.
  const orders = await count('select from orders')
  const upload = new Response(orderForm())
  const bytes = Buffer.from(await upload.clone().arrayBuffer())
  const headers = { authorization: `Bearer ${adminKey}`, 'idempotency-key': keys.upload, 'content-type': upload.headers.get('content-type')!, 'content-length': bytes.length }
  const half = request(`${victimUrl}/api/v1/orders`, { method: 'POST', headers })
  const broken = once(half, 'error')
  await new Promise((resolve) => half.write(bytes.subarray(0, bytes.length / 2), resolve))

  await victim.kill()
  await Promise.all([announced, unnoted, broken])
  await door.query('rollback')
  door.release()
  expect(await readdir(temporaryFolder)).toEqual([])
  expect(await count('select from orders')).toBe(orders)
  expect(await count('select from idempotency_keys where key = any ($1)', [[keys.unnoted, keys.upload]])).toBe(0)
  expect(await count(`select from invitations where person_id = 'p5'`)).toBe(0)
  await expect.poll(() => count(`select from invitations where person_id = 'p6'`)).toBe(1)

  const again = await others.post<{ processId: string }>('/links', linkFor('p6'), keys.announced)
  expect(again.status).toBe(202)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await school.stateOf(again.body.processId)).toBe('creating')
  expect(await others.post('/links', linkFor('p5'), keys.unnoted)).toMatchObject({ status: 202 })
  await expect.poll(() => count(`select from invitations where person_id = 'p5'`)).toBe(1)
  expect(await others.post('/orders', orderForm(), keys.upload)).toMatchObject({ status: 201 })
  expect(await count('select from orders')).toBe(orders + 1)
  expect(await count('select from invitations')).toBe(2)
})

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

afterAll(() => programs.expectSilenceAbout([...school.canaries, adminKey]))
