import { afterAll, expect, test } from 'vitest'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import { issueSignInToken, storePassword } from '../../db/sign-in.ts'
import { hashPassword } from '../../server/console/sign-in/password.ts'
import type { App } from '../../server/deps.ts'
import { scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { schoolDigest } from '../support/school-digest.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
await samplePeople(db, orgId, 4)
const password = 'зелёный чайник у окна'

/** A browser that keeps the cookie. */
function browser(app: App) {
  let cookie = ''
  const ask = async (method: 'GET' | 'POST', url: string, fields?: Record<string, string>, headers: Record<string, string> = {}) => {
    const answer = await app.inject({
      method,
      url,
      headers: { ...(cookie && { cookie }), ...(fields && { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }), ...headers },
      ...(fields && { payload: new URLSearchParams(fields).toString() }),
    })
    const set = answer.headers['set-cookie']
    if (typeof set === 'string') cookie = set.split(';')[0]!
    return { status: answer.statusCode, to: answer.headers.location, body: answer.body, headers: answer.headers, cookie: typeof set === 'string' ? set : undefined }
  }
  return {
    get: (url: string, headers?: Record<string, string>) => ask('GET', url, undefined, headers),
    post: (url: string, fields: Record<string, string> = {}, headers?: Record<string, string>) => ask('POST', url, fields, headers),
    cookie: () => cookie,
    withCookie(value: string) {
      cookie = value
      return this
    },
    csrf: async () => /name="_csrf" value="([^"]+)"/.exec((await ask('GET', '/account')).body)![1]!,
  }
}
const tokenFor = (personId: string, minutes = 10) => asService(db, (tx) => issueSignInToken(tx, { orgId, personId }, minutes))
async function signedIn(app: App, personId = 'p2') {
  const visitor = browser(app)
  await visitor.post(`/sign-in/${await tokenFor(personId)}`)
  return visitor
}
const lettersTo = (personId: string) =>
  inSchool(db, orgId, async (tx) => (await tx.query<{ count: number }>(`select count(*)::int as count from letters where code = 'L-SIGN-IN' and recipient ->> 'person' = $1`, [personId])).rows[0]!.count)

test('who has not signed in is led to the sign-in, and afterwards to where they wanted to go', async () => {
  const visitor = browser(await scratchApp(db))
  expect(await visitor.get('/account?x=1')).toMatchObject({ status: 303, to: '/sign-in?next=%2Faccount%3Fx%3D1' })
  expect((await visitor.get('/account', { 'hx-request': 'true' })).headers['hx-redirect']).toBe('/sign-in?next=%2Faccount')
  expect((await visitor.get('/sign-in?next=%2Faccount%3Fx%3D1')).body).toContain('value="/account?x=1"')
})

test('nothing in «next» leads to another site', async () => {
  const visitor = browser(await scratchApp(db))
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', '\\\\evil.example', '/%09/evil.example/..//x', ''])
    expect(/name="next" value="([^"]*)"/.exec((await visitor.get(`/sign-in?next=${encodeURIComponent(next)}`)).body)![1], next).toMatch(/^\/([^/\\]|$)/)
})

test('the link of a letter: looking at it changes nothing, the button lets in once', async () => {
  const app = await scratchApp(db)
  const token = await tokenFor('p2')
  const [first, second] = [browser(app), browser(app)]
  for (let look = 0; look < 3; look += 1) expect((await first.get(`/sign-in/${token}`)).body).toContain('Войти')
  const [one, other] = await Promise.all([first.post(`/sign-in/${token}`), second.post(`/sign-in/${token}`)])
  expect([one.status, other.status].sort()).toEqual([303, 410])
  expect((await browser(app).get(`/sign-in/${token}`)).body).toContain('Ссылка уже не действует')
  const old = await tokenFor('p2', -1)
  expect((await browser(app).post(`/sign-in/${old}`)).status).toBe(410)
})

test('the cookie is the server’s alone; over HTTPS no other host can set it', async () => {
  const plain = browser(await scratchApp(db))
  expect((await plain.post(`/sign-in/${await tokenFor('p2')}`)).cookie).toMatch(/^session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
  const secure = browser(await scratchApp(db, { publicUrl: 'https://flow.school.example' }))
  expect((await secure.post(`/sign-in/${await tokenFor('p2')}`)).cookie).toMatch(/^__Host-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
})

test('a letter goes to who has the address, a few times; nobody learns whether anybody has', async () => {
  const app = await scratchApp(db)
  const asked = []
  for (const email of ['P3@zarechie.example', 'nobody@zarechie.example', 'p3@zarechie.example', 'p3@zarechie.example', 'p3@zarechie.example']) asked.push(await browser(app).post('/sign-in/link', { email }))
  expect(new Set(asked.map(({ status, to, body }) => `${status} ${to} ${body}`)).size).toBe(1)
  expect(asked[0]).toMatchObject({ status: 303, to: '/sign-in/sent' })
  expect(await lettersTo('p3')).toBe(3)
})

test('by password: only where the school wants it; wrong and unknown are told the same, five failures close it also for the right one', async () => {
  const app = await scratchApp(db)
  await asService(db, async (tx) => storePassword(tx, { orgId, personId: 'p1' }, await hashPassword(password)))
  const attempt = (email: string, given: string) => browser(app).post('/sign-in/password', { email, password: given, next: '/account' })
  const off = await attempt('p1@zarechie.example', password)
  expect(off.status).toBe(422)
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || '{"passwords": true}'`))
  expect(await attempt('P1@zarechie.example', password)).toMatchObject({ status: 303, to: '/account' })

  const wrong = await attempt('p1@zarechie.example', 'не тот пароль')
  const unknown = await attempt('p9@zarechie.example', 'не тот пароль')
  expect(wrong.body.replaceAll('p1@', 'p9@')).toBe(unknown.body)
  for (let failure = 0; failure < 4; failure += 1) await attempt('p1@zarechie.example', 'не тот пароль')
  expect((await attempt('p1@zarechie.example', password)).status).toBe(422)
  // The link by letter is no way for a guesser to lock somebody out.
  expect((await (await signedIn(app, 'p1')).get('/account')).status).toBe(200)
})

test('a session ends with the sign-out, everywhere at once when asked, and when the person has no role left', async () => {
  const app = await scratchApp(db)
  const [here, there] = [await signedIn(app, 'p4'), await signedIn(app, 'p4')]
  const kept = here.cookie()
  await here.post('/sign-out', { _csrf: await here.csrf() })
  expect((await browser(app).withCookie(kept).get('/account')).status).toBe(303)
  expect((await there.get('/account')).status).toBe(200)

  const another = await signedIn(app, 'p4')
  expect((await another.post('/sign-out/everywhere', { _csrf: await another.csrf() })).to).toBe('/signed-out?everywhere=1')
  expect((await there.get('/account')).status).toBe(303)

  const teacher = await signedIn(app, 'p5')
  expect((await teacher.get('/account')).status).toBe(200)
  await inSchool(db, orgId, (tx) => tx.query(`update memberships set ended_at = now() where person_id = 'p5'`))
  expect((await teacher.get('/account')).status).toBe(303)
})

test('a session nobody used for two hours, or twelve hours old, has ended; a new sign-in ends the one before', async () => {
  const app = await scratchApp(db)
  for (const [column, age] of [['seen_at', '2 hours'], ['created_at', '12 hours']] as const) {
    const visitor = await signedIn(app)
    expect((await visitor.get('/account')).status).toBe(200)
    await asService(db, (tx) => tx.query(`update sessions set ${column} = now() - interval '${age}'`))
    expect((await visitor.get('/account')).status).toBe(303)
  }
  const visitor = await signedIn(app)
  const before = visitor.cookie()
  await visitor.post(`/sign-in/${await tokenFor('p2')}`)
  expect(visitor.cookie()).not.toBe(before)
  expect((await browser(app).withCookie(before).get('/account')).status).toBe(303)
})

test('a form of another site, of another session, or without its token is refused', async () => {
  const app = await scratchApp(db)
  const [visitor, other] = [await signedIn(app), await signedIn(app, 'p1')]
  const [own, foreign] = [await visitor.csrf(), await other.csrf()]
  expect(own).not.toBe(foreign)
  expect((await visitor.post('/sign-out/everywhere', {})).status).toBe(403)
  expect((await visitor.post('/sign-out/everywhere', { _csrf: foreign })).status).toBe(403)
  expect((await visitor.post('/sign-out/everywhere', { _csrf: own }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await visitor.post('/sign-out/everywhere', { _csrf: own }, { 'sec-fetch-site': 'same-site' })).status).toBe(403)
  expect((await browser(app).post('/sign-in/link', { email: 'p1@zarechie.example' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  expect((await visitor.get('/account')).status).toBe(200)
})

test('the address a form was sent to, loaded anew, leads back to its page', async () => {
  const visitor = await signedIn(await scratchApp(db))
  for (const [form, page] of [['/today/complete', '/today'], ['/tasks/t%3A1/fail', '/tasks/t%3A1'], ['/processes/p%3A1/events/CANCEL', '/processes/p%3A1'], ['/account/password', '/account'], ['/sign-in/link', '/sign-in']]) expect(await visitor.get(form!)).toMatchObject({ status: 303, to: page })
})

test('who sits at the console is who the API sees, however many ask at once; a key or a cookie of the console opens nothing else', async () => {
  const app = await scratchApp(db)
  const visitors = await Promise.all(['p1', 'p2', 'p3'].map((personId) => signedIn(app, personId)))
  const names = ['Воронцова Елена', 'Лисицын Павел', 'Мамедов Вагиф']
  const pages = await Promise.all(Array.from({ length: 60 }, (_, i) => visitors[i % 3]!.get('/account')))
  for (const [i, { body }] of pages.entries()) expect(body).toContain(names[i % 3])
  expect((await app.inject({ url: '/api/v1/me', headers: { cookie: visitors[0]!.cookie() } })).statusCode).toBe(401)
})

test('a new password asks for the one before, is long enough, and ends the other sessions', async () => {
  const app = await scratchApp(db)
  const [here, there] = [await signedIn(app, 'p3'), await signedIn(app, 'p3')]
  const csrf = await here.csrf()
  expect((await here.post('/account/password', { _csrf: csrf, fresh: 'короткий' })).body).toContain('Пароль короче 12 знаков')
  expect((await here.post('/account/password', { _csrf: csrf, fresh: password })).to).toBe('/account?saved=1')
  expect((await here.get('/account')).status).toBe(200)
  expect((await there.get('/account')).status).toBe(303)
  const again = { _csrf: await here.csrf(), fresh: `${password} два` }
  expect((await here.post('/account/password', { ...again, current: 'не тот пароль' })).status).toBe(422)
  expect((await here.post('/account/password', { ...again, current: password })).status).toBe(303)
  // A keyboard that writes «й» as two characters writes the same password.
  expect((await browser(app).post('/sign-in/password', { email: 'p3@zarechie.example', password: again.fresh.normalize('NFD') })).status).toBe(303)
})

test('every page of the console is guarded, is kept by no browser, and changes nothing however often it is looked at', async () => {
  const app = await scratchApp(db)
  const visitor = await signedIn(app)
  const token = await tokenFor('p2')
  const before = await schoolDigest(db, orgId)
  const paths = ['/', '/today', '/tasks/nothing', '/processes', '/processes/nothing', '/account', '/sign-in', '/sign-in/sent', '/signed-out', `/sign-in/${token}`, '/sign-in/short']
  for (const path of [...paths, ...paths]) {
    const { status, headers } = await visitor.get(path, { accept: 'text/html' })
    expect(status, path).toBeLessThan(500)
    expect(headers, path).toMatchObject({
      'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=31536000',
      'cache-control': 'no-store',
    })
  }
  expect(await schoolDigest(db, orgId)).toEqual(before)
})
