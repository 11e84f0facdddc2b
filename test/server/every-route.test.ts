import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { seal } from '../../db/sealed.ts'
import type { App } from '../../server/deps.ts'
import { away, client, keyOf, operatorKey, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { schoolDigest } from '../support/school-digest.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const token = randomBytes(24).toString('base64url')
const classToken = randomBytes(16).toString('base64url')
let head = ''
let operator = ''
beforeAll(async () => {
  await samplePeople(db, orgId)
  head = await keyOf(db, orgId, ['head', 'platformAdmin'], 'p1')
  operator = await operatorKey(db)
  await inSchool(db, orgId, async (tx) => {
    // When a key was used last is noted once a minute; not while this runs.
    await tx.query(`update api_keys set last_used_at = now() + interval '1 hour'`)
    await tx.query(`update organizations set staff_room_on = '2026-09-01'`)
    await tx.query(
      `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, url, issued_at, expires_at, state, platform_state)
       values ('lnk_1', $1, 'inviteLink:lnk_1', 'ПР-2026-000001', 'staffRoom', 'teacher', 'group', $2, now(), now() + interval '1 hour', 'active', 'live')`,
      [orgId, seal(testKeyRing, 'https://max.ru/join/EXAMPLE-ONLY', 'linkUrl')],
    )
    await tx.query(`insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery) values ('inv_1', $1, 'invitation:inv_1', 'lnk_1', 'p3', 'staffRoom', 'teacher', 'sent', 'accepted')`, [orgId])
    await tx.query(`insert into link_tokens (hash, org_id, link_id) values ($1, $2, 'lnk_1')`, [createHash('sha256').update(classToken).digest('hex'), orgId])
    await tx.query(`insert into invitation_tokens (hash, org_id, invitation_id) values ($1, $2, 'inv_1')`, [createHash('sha256').update(token).digest('hex'), orgId])
  })
})

interface Schema {
  type?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  minimum?: number
  items?: Schema
  properties?: Record<string, Schema>
}
interface Operation {
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  query: { name: string; schema: Schema }[]
  body: Schema | undefined
}

/** What the API's own page lists. */
async function operations(app: App): Promise<Operation[]> {
  type Listed = { parameters?: { in: string; name: string; schema: Schema }[]; requestBody?: { content: Record<string, { schema: Schema }> } }
  const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, Record<string, Listed>> }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase() as Operation['method'],
      path,
      query: parameters.filter((parameter) => parameter.in === 'query'),
      body: Object.values(requestBody?.content ?? {})[0]?.schema,
    })),
  )
}

const filled = (path: string, id = 'p3') => path.replace('{id}', encodeURIComponent(id)).replace('{name}', 'TIMER_ESCALATE')
const asWhom = (path: string) => (path.includes('/operator/') ? operator : head)
/** Pages that the API's own page does not list. */
const hiddenPages = ['/openapi.json', '/metrics', '/docs', '/docs/static/index.css', '/i/style.css', `/i/${token}`, `/i/${classToken}`, `/i/${token}/open`, `/i/${token}/decline`]

/** reliability.md 4, «Headers». */
function expectGuarded(headers: Record<string, unknown>, what: string) {
  expect(headers, what).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'x-frame-options': 'DENY', 'strict-transport-security': 'max-age=31536000' })
  expect(headers['content-security-policy'], what).toMatch(/^sandbox$|(default-src|object-src) 'none'/)
  if (headers['content-security-policy'] !== 'sandbox') expect(headers['content-security-policy'], what).toMatch(/base-uri 'none'.*frame-ancestors 'none'|frame-ancestors 'none'.*base-uri 'none'/)
}

test('every page, looked at twice, leaves every row of the school as it was', async () => {
  const app = await scratchApp(db)
  const pages = [...(await operations(app)).filter(({ method }) => method === 'GET').map(({ path }) => filled(path)), ...hiddenPages]
  expect(pages.length).toBeGreaterThan(30)
  const before = await schoolDigest(db, orgId)
  for (const url of [...pages, ...pages]) {
    const { statusCode, headers } = await app.inject({ url, headers: { authorization: `Bearer ${asWhom(url)}` } })
    expect(statusCode, url).toBeLessThan(500)
    expectGuarded(headers, url)
    if (!url.endsWith('.css')) expect(headers['cache-control'], url).toBe('no-store')
    await app.inject({ method: 'HEAD', url, headers: { authorization: `Bearer ${asWhom(url)}` } })
  }
  expect(await schoolDigest(db, orgId)).toEqual(before)
})

test('whatever goes wrong, the answer is guarded and says nothing of the inside', async () => {
  const app = await scratchApp(db, { receiveMail: () => Promise.reject(new TypeError('inner detail')) })
  const bearer = { authorization: `Bearer ${head}`, 'idempotency-key': 'every-route' }
  const json = { ...bearer, 'content-type': 'application/json' }
  const api = '/api/v1'
  const wrong: [status: number, request: InjectOptions][] = [
    [400, { method: 'POST', url: `${api}/people`, headers: json, payload: '{' }],
    [400, { url: '/i/%ZZ' }],
    [401, { url: `${api}/people` }],
    [403, { method: 'POST', url: `/i/${token}/decline`, headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' }, payload: '' }],
    [404, { url: '/nowhere' }],
    [404, { url: '/i/wrong' }],
    [404, { url: '/docs/static/nowhere.js' }],
    [405, { method: 'DELETE', url: `/i/${token}` }],
    [413, { method: 'POST', url: `${api}/people`, headers: json, payload: ' '.repeat(2_000_000) }],
    [415, { method: 'POST', url: `${api}/people`, headers: { ...bearer, 'content-type': 'text/plain' }, payload: 'x' }],
    [422, { method: 'POST', url: `${api}/people`, headers: json, payload: '{}' }],
    [500, { method: 'POST', url: `${api}/inbound/mail`, headers: { ...bearer, 'content-type': 'message/rfc822' }, payload: 'Subject: x\r\n\r\n' }],
    [503, { method: 'POST', url: `${api}/orders/o1/cancel`, headers: bearer }],
  ]
  await inSchool(db, orgId, (tx) =>
    tx.query(
      `with c as (insert into cohorts (id, org_id, workflow_id, status) values ('coh_1', $1, 'x', 'running') returning id)
       insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) select 'orgRegistration:1', $1, id, 'organizationRegistration', 1, 'draft', '{}', 1, now(), now() from c`,
      [orgId],
    ),
  )
  for (const [status, request] of wrong) {
    const what = `${status} ${JSON.stringify(request).slice(0, 80)}`
    const { statusCode, headers, body } = await app.inject(request)
    expect(statusCode, what).toBe(status)
    expectGuarded(headers, what)
    expect(headers['cache-control'], what).toBe('no-store')
    expect(body, what).not.toMatch(/inner detail|FST_|node_modules|at .*\.[jt]s/)
  }
})

test('what is no request at all is answered, guarded, and the connection ended', async () => {
  const app = await scratchApp(db)
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const say = async (words: string) => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(words)
    const [top = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    const [line = '', ...fields] = top.split('\r\n')
    const headers = Object.fromEntries(fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]))
    return { status: Number(line.split(' ')[1]), headers, problem: JSON.parse(body) as { type: string; title: string } }
  }
  const post = `POST /api/v1/people HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${head}\r\nContent-Type: application/json\r\n`
  for (const [status, words] of [
    [400, 'GARBAGE\r\n\r\n'],
    [400, 'BREW /health HTTP/1.1\r\nHost: x\r\n\r\n'],
    [400, `${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    [400, `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    [431, `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`],
  ] as const) {
    const answer = await say(words)
    expect(answer, words.slice(0, 60)).toMatchObject({ status, headers: { connection: 'close', 'cache-control': 'no-store' }, problem: { type: 'urn:sferum-flow:problem:malformedRequest', title: 'Запрос не читается' } })
    expectGuarded(answer.headers, words.slice(0, 60))
  }
})

const cursor = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url')
const hostileText = ['a\u0000b', '\ud800\u202e', `'"\\%_`, 'х'.repeat(5_000)]
const hostileTime = ['0000-01-01T00:00:00Z', '2026-12-31T23:59:60Z', '9999-12-31T23:59:59-14:00']
const hostileCursors = [cursor('x', 'y'), cursor('2026-02-30T00:00:00Z', 'y'), cursor('infinity', '\u0000'), cursor('0000-01-01', 'x'), cursor(1e300), cursor(1.5), cursor({}), cursor('\u0000'), 'ё']

/** Something that fits the schema. */
function sample(schema: Schema = {}): unknown {
  if (schema.anyOf) return sample(schema.anyOf[0])
  if (schema.enum) return schema.enum[0]
  if (schema.const !== undefined) return schema.const
  if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([name, member]) => [name, sample(member)]))
  if (schema.type === 'array') return [sample(schema.items)]
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1
  if (schema.type === 'boolean') return true
  return schema.format === 'date-time' ? new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString() : 'p3'
}

/** The value once for each text in it, with that text made hostile. */
function spoilt(value: unknown): unknown[] {
  if (typeof value === 'string') return [...hostileText, ...hostileTime]
  if (Array.isArray(value)) return value.flatMap((item: unknown, at) => spoilt(item).map((bad) => value.with(at, bad)))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => spoilt(member).map((bad) => ({ ...value, [name]: bad })))
}

test('no text in any place of any request makes the service fail', async () => {
  // A workflow service that takes everything: what is refused is refused before it.
  const dispatcher = { ...away, deliver: async (events: readonly { id: string }[]) => events.map(({ id }) => ({ id, accepted: true as const, state: 'active', seq: 1 })), start: async () => [] }
  const app = await scratchApp(db, { dispatcher, receiveMail: async () => ({ id: 'msg_1', duplicate: false }) })
  const requests = (await operations(app)).filter(({ path }) => path.startsWith('/api/')).flatMap(({ method, path, query, body }) => {
    const url = filled(path)
    const bad = query.flatMap(({ name, schema }) => (name === 'cursor' ? hostileCursors : schema.format === 'date-time' ? hostileTime : hostileText).map((value) => `${url}?${name}=${encodeURIComponent(value.toWellFormed())}`))
    const strange = path.includes('{id}') ? hostileText.map((id) => filled(path, id.toWellFormed())) : []
    const bodies = method === 'GET' ? [] : spoilt(path.endsWith('/events') ? { type: 'CANCEL', reason: 'x' } : path.endsWith('/complete') ? { evidence: { text: 'x' } } : sample(body))
    return [...[...bad, ...strange].map((at) => ({ method, url: at, body: method === 'GET' ? undefined : sample(body) })), ...bodies.map((spoiltBody) => ({ method, url, body: spoiltBody }))]
  })
  expect(requests.length).toBeGreaterThan(500)
  const failed: string[] = []
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (const { method, url, body } of requests.filter((_request, at) => at % 8 === lane)) {
      const api = client(app, asWhom(url))
      const { status, body: said } = method === 'GET' ? await api.get(url) : method === 'POST' ? await api.post(url, body, { 'idempotency-key': randomUUID() }) : await api.patch(url, body)
      if (status >= 500 || (status >= 400 && !String(said.title).match(/[а-яё]/i))) failed.push(`${status} ${method} ${url.slice(0, 100)} ${JSON.stringify(body)?.slice(0, 200) ?? ''}`)
    }
  })
  await Promise.all(lanes)
  expect(failed).toEqual([])
})
