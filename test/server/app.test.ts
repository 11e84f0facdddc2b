import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, expect, test } from 'vitest'
import { asService, openDatabase } from '../../db/connection.ts'
import { insertInbound } from '../../db/inbound.ts'
import { catalogue } from '../../machines/catalogue.ts'
import { client, keyOf, operatorKey, scratchApp } from '../support/api.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const head = await keyOf(db, orgId, ['head'])

test('the service says that it is alive, and which dependency is not', async () => {
  const up = (required: boolean) => ({ required, check: async () => {} })
  const down = (required: boolean) => ({ required, check: () => Promise.reject(new Error('away')) })
  const app = await scratchApp(db, { ready: { postgres: up(true), temporal: down(true), smtp: up(false) } })
  expect((await app.inject('/health')).json()).toEqual({ status: 'alive' })
  const ready = await app.inject('/ready')
  expect(ready.statusCode).toBe(503)
  expect(ready.json()).toEqual({ status: 'notReady', dependencies: { postgres: 'up', temporal: 'down', smtp: 'up' } })
})

test('without mail the service is degraded and goes on', async () => {
  const app = await scratchApp(db, { ready: { postgres: { required: true, check: async () => {} }, smtp: { required: false, check: () => Promise.reject(new Error('away')) } } })
  const ready = await app.inject('/ready')
  expect(ready.statusCode).toBe(200)
  expect(ready.json()).toEqual({ status: 'degraded', dependencies: { postgres: 'up', smtp: 'down' } })
})

test('metrics count requests by their route and never by their address', async () => {
  const app = await scratchApp(db)
  await client(app, head).get('people/per_secret')
  const { body, headers } = await app.inject('/metrics')
  expect(headers['content-type']).toContain('text/plain')
  expect(body).toContain('http_requests_total{method="GET",route="/api/v1/people/:id",status="404"} 1')
  expect(body).toContain('sferum_database_up 1')
  expect(body).toContain('sferum_outbox_depth 0')
  expect(body).not.toContain('per_secret')
})

test('the API page is valid OpenAPI 3.1 and lists every event a person may send', async () => {
  const app = await scratchApp(db)
  const document = (await app.inject('/openapi.json')).json()
  const { valid, errors } = await new Validator().validate(document)
  expect(errors).toBeUndefined()
  expect(valid).toBe(true)
  expect(document.openapi).toBe('3.1.0')
  const wanted = Object.values(catalogue).flatMap(({ kind, events }) => Object.keys(events).filter((type) => kind !== 'humanTask' && events[type]!.from.includes('person')).map((type) => `${kind}.${type}`))
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(wanted))
  const posts = Object.entries(document.paths as Record<string, { post?: { parameters?: { name: string }[] } }>).filter(([, { post }]) => post)
  // A message is known by itself, a sheet may be made again, a question changes nothing; what is on its way is only hastened.
  const keyless = posts.filter(([, { post }]) => !post!.parameters?.some(({ name }) => name === 'Idempotency-Key')).map(([path]) => path)
  expect(keyless.sort().map((path) => path.replace('/api/v1', ''))).toEqual([
    '/inbound/mail',
    '/joinings/preview',
    '/joinings/{id}/sheet',
    '/onboardings/preview',
    '/operator/letters/{id}/hasten',
    '/operator/stuck/{id}/retry',
    '/people/search',
    '/people/{id}/export',
  ])
  const docs = await app.inject('/docs/')
  expect(docs.statusCode).toBe(200)
  expect(docs.headers['content-security-policy']).toContain('script-src')
})

test('errors are problem documents in the reader’s language', async () => {
  const app = await scratchApp(db)
  const russian = await app.inject('/api/v1/people')
  expect(russian.statusCode).toBe(401)
  expect(russian.headers).toMatchObject({ 'content-type': 'application/problem+json; charset=utf-8', 'www-authenticate': 'Bearer', 'content-language': 'ru' })
  expect(russian.json()).toMatchObject({ type: 'urn:sferum-flow:problem:unauthorized', title: 'Нужен ключ доступа', status: 401 })
  const english = await app.inject({ url: '/nowhere', headers: { 'accept-language': 'de, en;q=0.8, ru;q=0.3' } })
  expect(english.json()).toMatchObject({ title: 'Not found', status: 404 })
})

test('wrong keys are counted: guessing ends with 429', async () => {
  const app = await scratchApp(db)
  const statuses: number[] = []
  for (let guess = 0; guess < 65; guess += 1) statuses.push((await app.inject({ url: '/api/v1/people', headers: { authorization: `Bearer sf_${'x'.repeat(43)}` } })).statusCode)
  expect(new Set(statuses.slice(0, 60))).toEqual(new Set([401]))
  expect(statuses.at(-1)).toBe(429)
  expect((await client(app, head).get('people')).status).toBe(200)
})

test('an unexpected error is logged in full and answered with nothing', async () => {
  const lines: string[] = []
  const app = await scratchApp(db, { receiveMail: () => Promise.reject(new TypeError('inner detail')), log: { level: 'info', stream: { write: (line: string) => void lines.push(line) } } })
  const { status, text } = await client(app, head).post('inbound/mail', 'From: a', { 'content-type': 'message/rfc822' })
  expect(status).toBe(500)
  expect(text).not.toContain('inner detail')
  expect(lines.find((line) => line.includes('inner detail'))).toContain('TypeError')
})

test('nothing personal and no token gets into the log', async () => {
  const lines: string[] = []
  const app = await scratchApp(db, { log: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } } })
  const api = client(app, head)
  await api.post('people', { people: [{ lastName: 'Канарейкина', firstName: 'Анна', phone: '+79000000077', email: 'kanarejka@zarechie.example' }] })
  await api.post('people/search', { search: 'Канарейкина' })
  await app.inject(`/i/${'t0ken'.repeat(8)}`)
  await app.inject({ method: 'POST', url: '/api/v1/people', headers: { authorization: `Bearer ${head}`, 'content-type': 'application/json', 'idempotency-key': 'k' }, payload: '{"lastName":"Канарейкина"' })
  const log = lines.join('')
  expect(lines.length).toBeGreaterThan(4)
  for (const canary of ['Канарейкина', encodeURIComponent('Канарейкина'), '79000000077', 'kanarejka', 't0ken', head, '127.0.0.1']) expect(log).not.toContain(canary)
})

test('the operator sees technical routes only, and opens schools', async () => {
  const app = await scratchApp(db)
  const operator = client(app, await operatorKey(db))
  expect((await operator.get('people')).status).toBe(404)
  expect((await client(app, head).get('operator/state')).status).toBe(403)
  expect((await operator.get('operator/state')).body.backlog).toEqual({ timersOverdue: 0, lettersWaiting: 0, cohortsStarting: 0, tasksOverdue: 0 })

  const school = {
    fullName: 'Муниципальное общеобразовательное учреждение «Луговская школа»', shortName: 'МОУ «Луговская школа»', type: 'sosh', gradeMax: 11, inn: '0001000028', ogrn: '1170002000024',
    region: 'Новоречинская область', address: '000000, с. Луговое', timezone: 'Asia/Omsk', schoolWeek: 6, email: 'school@lugovoe.example', phone: '+70000000008', head: { lastName: 'Луговая', firstName: 'Вера' },
  }
  const wrong = await operator.post('operator/organizations', { ...school, inn: '123456789012', timezone: '+03:00' })
  expect(wrong.body.problems.map(({ code }: { code: string }) => code)).toEqual(['innPersonal', 'timezoneUnknown'])
  const opened = await operator.post('operator/organizations', school)
  expect(opened.status).toBe(201)
  const own = await client(app, opened.body.key).get('organizations')
  expect(own.body.items).toEqual([expect.objectContaining({ id: opened.body.id, shortName: school.shortName, settings: expect.objectContaining({ quietHours: true, confirmBeforeSending: false }) })])
})

test('mail that names no school waits for the operator, who sees nothing of it; the school it is given to reads it', async () => {
  const app = await scratchApp(db)
  const operator = client(app, await operatorKey(db))
  const content = { from: 'info@sferum.example', subject: 'Ответ', text: 'Канарейкина одобрена', date: null, attachments: [] }
  await asService(db, (tx) => insertInbound(tx, testKeyRing, { id: 'msg_stray', orgId: null, source: 'imap', messageId: null, contentHash: 'stray', kind: 'answer', processId: null, letterId: null, content, raw: Buffer.from('x'), told: false }))
  const list = await operator.get('operator/inbound')
  expect(list.body.items).toEqual([{ id: 'msg_stray', source: 'imap', kind: 'answer', receivedAt: expect.any(String) }])
  expect((await client(app, head).get('inbound/msg_stray')).status).toBe(404)
  expect((await operator.post('operator/inbound/msg_stray/school', { organizationId: 'org_nowhere' })).body.problems[0].code).toBe('schoolUnknown')
  expect((await operator.post('operator/inbound/msg_stray/school', { organizationId: orgId })).status).toBe(200)
  expect((await operator.post('operator/inbound/msg_stray/school', { organizationId: orgId })).status).toBe(404)
  expect((await client(app, head).get('inbound/msg_stray')).body.text).toBe('Канарейкина одобрена')
  expect((await client(app, head).get('inbound?unfiled=true')).body.items).toHaveLength(1)
})

test('a posted message goes to the inbox of the key’s school', async () => {
  const taken: { raw: string; source: unknown }[] = []
  const app = await scratchApp(db, { receiveMail: async (raw, source) => (taken.push({ raw: raw.toString(), source }), { id: 'msg_1', duplicate: false }) })
  const api = client(app, head)
  const posted = await api.post('inbound/mail', 'Subject: x\r\n\r\ny', { 'content-type': 'message/rfc822' })
  expect(posted.body).toEqual({ id: 'msg_1', duplicate: false })
  expect(taken).toEqual([{ raw: 'Subject: x\r\n\r\ny', source: { name: 'webhook', orgId } }])
  expect((await api.post('inbound/mail', {})).status).toBe(415)
})

test('every identifier has its word', async () => {
  const { body } = await client(await scratchApp(db), head).get('meta')
  expect(body.processes.find(({ id }: { id: string }) => id === 'inviteLink').states).toContainEqual({ id: 'active', title: 'Действует' })
  expect(body.tasks).toContainEqual({ id: 'T-LINK-CREATE', title: 'Создайте ссылку-приглашение' })
})

test('settings are changed one by one, and wrong ones are named', async () => {
  const api = client(await scratchApp(db), head)
  const changed = await api.patch(`organizations/${orgId}`, { settings: { confirmBeforeSending: true }, phone: '8 (846) 200-00-01' })
  expect(changed.body).toMatchObject({ phone: '+78462000001', settings: { confirmBeforeSending: true, quietHours: false } })
  expect((await api.patch(`organizations/${orgId}`, { settings: { schoolBreaks: [{ from: '2026-11-03', to: '2026-11-01' }] } })).body.problems[0]).toMatchObject({ code: 'breakBackwards', path: 'settings.schoolBreaks.0.to' })
  expect((await api.patch(`organizations/${orgId}`, { settings: { sms: true } })).body.problems[0]).toMatchObject({ code: 'fieldUnknown', path: 'settings.sms' })
  expect((await api.patch(`organizations/${orgId}`, { email: 'a@b.example,c@d.example' })).body.problems[0].code).toBe('emailMany')
})
