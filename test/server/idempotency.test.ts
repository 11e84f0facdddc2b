import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import { deleteOldKeys } from '../../db/idempotency-keys.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const head = await keyOf(db, orgId, ['head'])
const person = { people: [{ lastName: 'Ким', firstName: 'Анна' }] }
const count = () => inSchool(db, orgId, async (tx) => (await tx.query<{ n: number }>('select count(*)::int as n from people')).rows[0]!.n)
const withKey = (key: string) => ({ 'idempotency-key': key })

test('a POST without a key is refused', async () => {
  const app = await scratchApp(db)
  const { statusCode, json } = await app.inject({ method: 'POST', url: '/api/v1/people', headers: { authorization: `Bearer ${head}` }, payload: person })
  expect(statusCode).toBe(400)
  expect(json().type).toBe('urn:sferum-flow:problem:idempotencyKeyMissing')
})

test('the same key and payload gets the same answer, and one effect', async () => {
  const api = client(await scratchApp(db), head)
  const key = randomUUID()
  const before = await count()
  const first = await api.post('people', person, withKey(key))
  const second = await api.post('people', { people: [{ firstName: 'Анна', lastName: 'Ким' }] }, withKey(key))
  expect(second).toMatchObject({ status: 201, text: first.text })
  expect(second.headers['idempotent-replayed']).toBe('true')
  expect(await count()).toBe(before + 1)
})

test('twenty equal requests at once have one effect; the rest repeat it or are told to wait', async () => {
  const api = client(await scratchApp(db), head)
  const key = randomUUID()
  const before = await count()
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('people', person, withKey(key))))
  expect(await count()).toBe(before + 1)
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1)
  for (const { status, body, headers } of answers.filter((answer) => answer.status !== 201)) {
    expect(status).toBe(409)
    expect(body.type).toBe('urn:sferum-flow:problem:idempotencyKeyRunning')
    expect(headers['retry-after']).toBe('2')
  }
})

test('the same key with another payload is refused', async () => {
  const api = client(await scratchApp(db), head)
  const key = randomUUID()
  await api.post('people', person, withKey(key))
  expect(await api.post('people', { people: [{ lastName: 'Другая', firstName: 'Анна' }] }, withKey(key))).toMatchObject({ status: 422, body: { type: 'urn:sferum-flow:problem:idempotencyKeyReused' } })
})

test('what the command itself refused is repeated; what never reached it is not', async () => {
  const api = client(await scratchApp(db), head)
  const key = randomUUID()
  expect((await api.post('people', { people: [{ lastName: 'Ким' }] }, withKey(key))).status).toBe(422)
  const refused = await api.post('people', { people: [{ lastName: 'Kim', firstName: 'Анна' }] }, withKey(key))
  expect(refused.body.problems[0].code).toBe('nameLatin')
  const again = await api.post('people', { people: [{ lastName: 'Kim', firstName: 'Анна' }] }, withKey(key))
  expect(again.headers['idempotent-replayed']).toBe('true')
  expect(again.text).toBe(refused.text)
})

test('an answer of 503 is not kept: the same key runs again', async () => {
  const key = randomUUID()
  let broken = true
  const dispatcher = { resume: () => Promise.resolve(), deliver: () => (broken ? Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })) : Promise.resolve([])), start: () => Promise.resolve([]) }
  const api = client(await scratchApp(db, { dispatcher, receiveMail: () => Promise.reject(new Error('x')) }), head)
  const [{ id }] = (await api.post('people', person)).body.rows.map((row: { person: { id: string } }) => row.person)
  expect(id).toBeDefined()
  const order = await api.post('orders', { kind: 'main', number: '1', date: '2026-08-20', title: 'О назначении' })
  await inSchool(db, orgId, (tx) =>
    tx.query(
      `with c as (insert into cohorts (id, org_id, workflow_id) values ('coh_x', $1, 'orgRegistration:x') returning id)
       insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) select 'orgRegistration:x', $1, id, 'organizationRegistration', 1, 'draft', '{}', 1, now(), now() from c`,
      [orgId],
    ),
  )
  const away = await api.post(`orders/${order.body.id}/cancel`, {}, withKey(key))
  expect(away).toMatchObject({ status: 503, body: { type: 'urn:sferum-flow:problem:unavailable' } })
  expect(away.headers['retry-after']).toBe('5')
  broken = false
  // The order itself was cancelled by the first attempt; the repeat says so after telling the registration.
  expect((await api.post(`orders/${order.body.id}/cancel`, {}, withKey(key))).body.type).toBe('urn:sferum-flow:problem:orderCancelled')
})

test('a key left behind by a killed server is taken over once its lease is over', async () => {
  const api = client(await scratchApp(db), head)
  const key = randomUUID()
  await api.post('people', person, withKey(key))
  await asService(db, (tx) => tx.query(`update idempotency_keys set completed_at = null, status = null, body = null where key = $1`, [key]))
  expect((await api.post('people', person, withKey(key))).status).toBe(409)
  await asService(db, (tx) => tx.query(`update idempotency_keys set created_at = now() - interval '31 seconds' where key = $1`, [key]))
  expect((await api.post('people', person, withKey(key))).status).toBe(201)
})

test('answers are forgotten after 72 hours', async () => {
  const api = client(await scratchApp(db), head)
  const key = randomUUID()
  await api.post('people', person, withKey(key))
  await asService(db, (tx) => tx.query(`update idempotency_keys set created_at = now() - interval '73 hours' where key = $1`, [key]))
  expect(await asService(db, deleteOldKeys)).toBe(1)
})

test('answers are kept sealed: a new access key is nowhere to be read', async () => {
  const api = client(await scratchApp(db), head)
  const created = await api.post('people', { people: [{ lastName: 'Ключева', firstName: 'Анна', memberships: [{ kind: 'staff', roles: ['registrar'] }] }] })
  const issued = await api.post('api-keys', { name: 'Секретарь', personId: created.body.rows[0].person.id, roles: ['registrar'] })
  expect(issued.body.key).toMatch(/^sf_/)
  const { rows } = await asService(db, (tx) => tx.query<{ body: string }>('select body from idempotency_keys'))
  expect(rows.some(({ body }) => body?.includes(issued.body.key) || body?.includes('Ключева'))).toBe(false)
})
