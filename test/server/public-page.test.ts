import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { seal } from '../../db/sealed.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import { away, client, keyOf, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
await samplePeople(db, orgId, 60)
const platformUrl = 'https://max.ru/join/EXAMPLE-ONLY'
let persons = 2

/** An invitation that is out, with its token; the link ends `endsIn` from now by the database's clock. */
async function invitation({ endsIn = '1 hour', linkState = 'active', state = 'sent' } = {}) {
  const id = randomUUID()
  const token = randomBytes(24).toString('base64url')
  const hash = createHash('sha256').update(token).digest('hex')
  persons += 1
  await inSchool(db, orgId, async (tx) => {
    await tx.query(
      `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, url, issued_at, expires_at, state, platform_state)
       values ($1, $2, $1, 'ПР-2026-000001', 'staffRoom', 'teacher', 'group', $3, now(), now() + $4::interval, $5, 'live')`,
      [`lnk_${id}`, orgId, seal(testKeyRing, platformUrl, 'linkUrl'), endsIn, linkState],
    )
    await tx.query(
      `insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery) values ($1, $2, $3, $4, $5, 'staffRoom', 'teacher', $6, 'accepted')`,
      [`inv_${id}`, orgId, `invitation:inv_${id}`, `lnk_${id}`, `p${persons}`, state],
    )
    await tx.query(`insert into invitation_tokens (hash, org_id, invitation_id) values ($1, $2, $3)`, [hash, orgId, `inv_${id}`])
  })
  return { id: `inv_${id}`, linkId: `lnk_${id}`, token, path: `/i/${token}` }
}

/** A workflow service that hears everything. */
function listener() {
  const heard: IncomingEvent[] = []
  const dispatcher = { ...away, deliver: async (events: IncomingEvent[]) => (heard.push(...events), events.map(({ id }) => ({ id, accepted: true as const, state: 'sent', seq: 1 }))) }
  return { heard, dispatcher }
}
const answersTo = (invitationId: string) => inSchool(db, orgId, async (tx) => (await tx.query(`select type, told_at is not null as told from recipient_answers where invitation_id = $1 order by at, type`, [invitationId])).rows)
const press = (path: string) => ({ method: 'POST' as const, url: path, headers: { 'content-type': 'application/x-www-form-urlencoded' } })

test('looking at the page changes nothing, however often', async () => {
  const app = await scratchApp(db)
  const { id, path } = await invitation()
  for (let look = 0; look < 3; look += 1) expect((await app.inject(path)).statusCode).toBe(200)
  await app.inject({ method: 'HEAD', url: path })
  const { body, headers } = await app.inject(path)
  expect(body).toContain('Вы приглашены в роли «учитель»')
  expect(body).toContain('(время: Самара)')
  expect(body).not.toContain('max.ru')
  expect(body).not.toContain('<script')
  expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'self'; form-action 'self' https://max.ru https://*.max.ru; base-uri 'none'; frame-ancestors 'none'")
  expect(await answersTo(id)).toEqual([])
})

test('the button leads on to the platform, and the workflow hears of it', async () => {
  const { heard, dispatcher } = listener()
  const app = await scratchApp(db, { dispatcher })
  const { id, path } = await invitation()
  const response = await app.inject(press(`${path}/open`))
  expect(response.statusCode).toBe(303)
  expect(response.headers.location).toBe(platformUrl)
  await app.close()
  expect(heard).toEqual([{ id: expect.stringMatching(/^answer:ans_/), to: `invitation:${id}`, event: { type: 'OPENED' }, actor: { kind: 'recipient' } }])
  expect(await answersTo(id)).toEqual([{ type: 'OPENED', told: true }])
})

test('fifty at once say that the request is sent: one is taken, forty-nine learn that it is done (F28)', async () => {
  const { heard, dispatcher } = listener()
  const app = await scratchApp(db, { dispatcher })
  const { id, path } = await invitation()
  const answers = await Promise.all(Array.from({ length: 50 }, () => app.inject(press(`${path}/request-sent`))))
  expect(answers.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1)
  const late = answers.filter(({ statusCode }) => statusCode === 409)
  expect(late).toHaveLength(49)
  expect(late[0]!.body).toContain('Уже сделано')
  await app.close()
  expect(heard).toHaveLength(1)
  expect(await answersTo(id)).toEqual([{ type: 'REQUEST_SENT', told: true }])
})

test('while the workflow service is away the answer stands and waits to be told', async () => {
  const app = await scratchApp(db)
  const { id, path } = await invitation()
  const refuse = await app.inject({ ...press(`${path}/decline`), payload: `reason=${encodeURIComponent('Перехожу в другую школу')}` })
  expect(refuse.statusCode).toBe(303)
  await app.close()
  expect(await answersTo(id)).toEqual([{ type: 'DECLINE', told: false }])
})

test('past its term a link opens for nobody, whatever its recorded state; a new one can be asked for once', async () => {
  const app = await scratchApp(db)
  const { id, path } = await invitation({ endsIn: '-1 second' })
  expect((await app.inject(path)).body).toContain('Попросить новую ссылку')
  const opened = await app.inject(press(`${path}/open`))
  expect(opened.statusCode).toBe(410)
  expect(opened.headers.location).toBeUndefined()
  expect((await app.inject(press(`${path}/request-sent`))).statusCode).toBe(410)
  // Without a body and its type, as a program would press it.
  expect((await app.inject({ method: 'POST', url: `${path}/new-link` })).statusCode).toBe(303)
  expect((await app.inject(press(`${path}/new-link`))).statusCode).toBe(409)
  expect(await answersTo(id)).toEqual([{ type: 'NEW_LINK_REQUESTED', told: false }])
  const { body } = await app.inject(path)
  expect(body).toContain('МОУ «Зареченская ОШ № 7»')
  expect(body).toContain('school7@zarechie.example')
})

test('accepting and revoking at the same moment: one of them comes first, never both (F29)', async () => {
  const app = await scratchApp(db)
  for (let round = 0; round < 40; round += 1) {
    const { id, linkId, path } = await invitation()
    const revoke = inSchool(db, orgId, async (tx) => {
      await tx.query(`update invite_links set state = 'closing' where id = $1`, [linkId])
      await tx.query(`update invitations set state = 'cancelled' where id = $1`, [id])
    })
    const [answer] = await Promise.all([app.inject(press(`${path}/request-sent`)), revoke])
    expect([303, 410]).toContain(answer.statusCode)
    expect(await answersTo(id)).toHaveLength(answer.statusCode === 303 ? 1 : 0)
    expect((await app.inject(press(`${path}/open`))).statusCode).toBe(410)
  }
})

test('a wrong, a malformed and a forgotten token get the same page', async () => {
  const app = await scratchApp(db)
  const forgotten = await invitation()
  await inSchool(db, orgId, (tx) => tx.query(`delete from invitation_tokens where invitation_id = $1`, [forgotten.id]))
  const pages = await Promise.all(['/i/short', `/i/${randomBytes(24).toString('base64url')}`, forgotten.path, `/i/${'а'.repeat(30)}`].map((url) => app.inject(encodeURI(url))))
  expect(new Set(pages.map(({ statusCode }) => statusCode))).toEqual(new Set([404]))
  expect(new Set(pages.map(({ body }) => body)).size).toBe(1)
  expect((await app.inject(press('/i/short/open'))).body).toBe(pages[0]!.body)
})

test('ten thousand guesses: after the limit of a minute nothing is looked up any more', async () => {
  const app = await scratchApp(db)
  const statuses = new Map<number, number>()
  for (let guess = 0; guess < 10_000; guess += 1) {
    const { statusCode } = await app.inject(`/i/${randomBytes(24).toString('base64url')}`)
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
  }
  expect([...statuses.keys()].sort()).toEqual([404, 429])
  expect(statuses.get(429)).toBeGreaterThan(9_000)
  const limited = await app.inject(`/i/${randomBytes(24).toString('base64url')}`)
  expect(limited.headers['retry-after']).toBeDefined()
  expect(limited.body).toContain('Слишком много запросов')
})

test('a spoofed X-Forwarded-For makes nobody another client', async () => {
  const app = await scratchApp(db)
  let last = 0
  for (let guess = 0; guess < 130; guess += 1) last = (await app.inject({ url: '/i/guess', headers: { 'x-forwarded-for': `198.51.100.${guess}` } })).statusCode
  expect(last).toBe(429)
})

test('who guesses is told nothing of a token that is right, and locks out nobody else', async () => {
  const app = await scratchApp(db)
  const { id, path } = await invitation()
  const ask = (url: string, remoteAddress: string, method: 'GET' | 'POST' = 'GET') => app.inject({ ...press(url), method, remoteAddress })
  const guesses = new Set<string>()
  for (let guess = 0; guess < 120; guess += 1) guesses.add((await ask(`/i/${randomBytes(24).toString('base64url')}`, '198.51.100.7')).body)
  expect(guesses.size).toBe(1)
  const [wrong, right] = [await ask(`/i/${randomBytes(24).toString('base64url')}`, '198.51.100.7'), await ask(path, '198.51.100.7')]
  expect([right.statusCode, right.body]).toEqual([wrong.statusCode, wrong.body])
  expect(right.statusCode).toBe(429)
  expect((await ask(path, '198.51.100.8')).statusCode).toBe(200)
  // Buttons are no way round it.
  for (let guess = 0; guess < 120; guess += 1) await ask(`/i/${randomBytes(24).toString('base64url')}/open`, '198.51.100.7', 'POST')
  expect((await ask(`${path}/open`, '198.51.100.7', 'POST')).statusCode).toBe(429)
  expect(await answersTo(id)).toEqual([])
})

test('the address of an answer, loaded anew, leads back to the page and answers nothing', async () => {
  const app = await scratchApp(db)
  const { id, path } = await invitation()
  for (const answer of ['open', 'request-sent', 'decline', 'new-link']) {
    const { statusCode, headers } = await app.inject(`${path}/${answer}`)
    expect([statusCode, headers.location]).toEqual([303, path])
  }
  expect((await app.inject('/i/%2F%2Fevil.example/open')).statusCode).toBe(404)
  expect(await answersTo(id)).toEqual([])
})

test('a form of another site is refused', async () => {
  const app = await scratchApp(db)
  const { id, path } = await invitation()
  const from = (headers: Record<string, string>) => app.inject({ ...press(`${path}/request-sent`), headers: { ...press(path).headers, ...headers } })
  expect((await from({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  expect((await from({ origin: 'https://evil.example' })).statusCode).toBe(403)
  expect((await app.inject({ method: 'POST', url: `${path}/request-sent`, headers: { 'content-type': 'text/plain' }, payload: 'x' })).statusCode).toBe(415)
  expect(await answersTo(id)).toEqual([])
  expect((await from({ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(303)
})

test('what a school is called can not break out of the page', async () => {
  const app = await scratchApp(db)
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set short_name = $1`, ['«<script>alert(1)</script>"\'']))
  const { path } = await invitation()
  const { body } = await app.inject(path)
  expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;')
  expect(body).not.toContain('<script')
})

test('when PostgreSQL is away the page says so', async () => {
  const gone = openDatabase('postgres://nobody@127.0.0.1:1/none')
  const app = await scratchApp(gone)
  const { statusCode, body, headers } = await app.inject(`/i/${randomBytes(24).toString('base64url')}`)
  expect(statusCode).toBe(503)
  expect(headers['retry-after']).toBe('60')
  expect(body).toContain('Служба временно недоступна')
  await gone.close()
})

test('the page of who gets no letter is handed over from the link: a new one each time, written in the journal, none for who cannot join', async () => {
  const app = await scratchApp(db)
  const api = client(app, await keyOf(db, orgId, ['platformAdmin'], 'p2'))
  const { id, linkId } = await invitation()
  const first = await api.post(`links/${linkId}/pages`)
  expect(first).toMatchObject({ status: 200, body: { pages: [{ invitationId: id }] } })
  const again = await api.post(`links/${linkId}/pages`, { invitationIds: [id] })
  const [one, other] = [first, again].map(({ body }) => new URL(body.pages[0].url as string).pathname)
  expect(one).not.toBe(other)
  for (const path of [one!, other!]) expect((await app.inject(path)).body).toContain('Вы приглашены в роли «учитель»')
  const lines = await inSchool(db, orgId, async (tx) => (await tx.query('select action, person_id from journal where object = $1', [id])).rows)
  expect(lines).toEqual([{ action: 'pageShown', person_id: 'p2' }, { action: 'pageShown', person_id: 'p2' }])

  const left = await invitation({ state: 'joined' })
  expect(await api.post(`links/${left.linkId}/pages`, { invitationIds: [left.id] })).toMatchObject({ status: 422, body: { problems: [{ code: 'invitationClosed', path: 'invitationIds.0' }] } })
  expect((await api.post(`links/${left.linkId}/pages`)).body).toEqual({ pages: [] })
})
