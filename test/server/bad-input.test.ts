import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertCohort } from '../../db/cohorts.ts'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { client, keyOf, operatorKey, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { schoolDigest } from '../support/school-digest.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const keys = { head: '', operator: '' }
beforeAll(async () => {
  await samplePeople(db, orgId)
  keys.head = await keyOf(db, orgId, ['head'], 'p1')
  keys.operator = await operatorKey(db)
  await inSchool(db, orgId, async (tx) => {
    // When a key was used last is noted once a minute; not while this runs.
    await tx.query(`update api_keys set last_used_at = now() + interval '1 hour'`)
    await tx.query(`update organizations set staff_room_on = '2026-09-01', settings = settings || '{"organizationMembership": true}'`)
    await tx.query(`insert into school_classes (id, org_id, academic_year, grades, name, folded_name) values ('cls_1', $1, '2026-2027', '{5}', '5А', '5:А')`, [orgId])
    await tx.query(`insert into spaces (id, org_id, kind, class_id, name, state) values ('spc_1', $1, 'schoolClass', 'cls_1', '5А', 'active')`, [orgId])
    await insertCohort(tx, { orgId, cohortId: 'coh_1', workflowId: 'orgRegistration:1', input: {} })
    await tx.query(`update cohorts set status = 'running'`)
    const context = { orgId, deadlines: {}, number: 'СФ-2026-000001', confirmBeforeSending: false, administratorId: 'p2', orderId: 'o1', sending: 'application', staffRoomOn: null }
    await tx.query(
      `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) values ('reg', $1, 'coh_1', 'organizationRegistration', 1, 'staffRoomSetup', $2, 1, now(), now())`,
      [orgId, JSON.stringify(context)],
    )
  })
})

interface Refused {
  /** The body; a string goes as it is, as JSON unless `type` says otherwise. */
  body?: unknown
  type?: string
  as?: keyof typeof keys
  status: number
  /** The end of the problem's stable type. */
  problem: string
  /** «path: code» of what is wrong with which field. */
  fields?: string[]
}

const person = { lastName: 'Ким', firstName: 'Анна' }
const people = (more: object) => ({ people: [{ ...person, ...more }] })
const staff = (more: object) => people({ memberships: [{ kind: 'staff', ...more }] })
const invalid = (body: unknown, ...fields: string[]): Refused => ({ body, status: 422, problem: 'invalid', fields })
const unreadable = (body: string): Refused => ({ body, status: 400, problem: 'malformedBody' })
const notFound: Refused = { status: 404, problem: 'notFound' }
const badQuery = (...fields: string[]): Refused => ({ status: 400, problem: 'invalidRequest', fields })
const cursor = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url')
const school = {
  fullName: 'Луговская школа', shortName: 'Луговская', type: 'sosh', gradeMax: 11, inn: '0001000028', ogrn: '1170002000024', region: 'Новоречинская область', address: 'с. Луговое',
  timezone: 'Asia/Omsk', schoolWeek: 6, email: 'school@lugovoe.example', phone: '+70000000008', head: { lastName: 'Луговая', firstName: 'Вера' },
}
const newSchool = (more: object, ...fields: string[]): Refused => ({ ...invalid({ ...school, ...more }, ...fields), as: 'operator' })
const order = { kind: 'main', number: '132', date: '2026-08-20', title: 'О назначении' }
const link = { target: 'class', targetId: 'cls_1', platformRole: 'student', recipients: [] }
const event = (fields: object) => ({ type: 'STAFF_ROOM_CREATED', ...fields })
const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString()

/** What is sent, and how it is refused: domain.md 11 and 16, reliability.md 4 («Mass assignment, pollution», «Smuggling, parsers»). */
const refusals: Record<string, Record<string, Refused>> = {
  'POST people': {
    'broken JSON': unreadable('{"people":'),
    'no JSON at all': unreadable('people=1'),
    'an empty body': unreadable(''),
    'a member that comes twice': unreadable('{"people":[{"lastName":"Ким","firstName":"Анна","lastName":"Ким"}]}'),
    'a member that comes twice under an escape': unreadable('{"people":[],"p\\u0065ople":[]}'),
    'a list without end': unreadable(`{"people":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    'a member named __proto__': unreadable('{"people":[{"lastName":"Ким","firstName":"Анна","__proto__":{"roles":["head"]}}]}'),
    'constructor.prototype': unreadable('{"people":[{"lastName":"Ким","firstName":"Анна","constructor":{"prototype":{"roles":["head"]}}}]}'),
    'plain text': { body: 'Ким', type: 'text/plain', status: 415, problem: 'unsupportedMedia' },
    'a form': { body: 'lastName=Ким', type: 'application/x-www-form-urlencoded', status: 415, problem: 'unsupportedMedia' },
    'XML': { body: '<people/>', type: 'application/xml', status: 415, problem: 'unsupportedMedia' },
    'a megabyte and more': { body: JSON.stringify(people({ position: 'я'.repeat(600_000) })), status: 413, problem: 'tooLarge' },
    'a list instead of an object': invalid([], ': fieldType'),
    'nobody': invalid({ people: [] }, 'people: listTooShort'),
    'more than five hundred': invalid({ people: Array.from({ length: 501 }, () => person) }, 'people: listTooLong'),
    'a field that does not exist': invalid(people({ isAdmin: true }), 'people.0.isAdmin: fieldUnknown'),
    'a field that only we set': invalid(people({ id: 'per_1', orgId: 'org_other' }), 'people.0.id: fieldUnknown', 'people.0.orgId: fieldUnknown'),
    'a number for a name': invalid(people({ lastName: 7 }), 'people.0.lastName: fieldType'),
    'no last name': invalid({ people: [{ firstName: 'Анна' }] }, 'people.0.lastName: fieldRequired'),
    'a name of nothing visible': invalid(people({ lastName: ' \u0000\r\n\u202e\u200b ' }), 'people.0.lastName: nameRequired'),
    'a name of 61 letters': invalid(people({ firstName: 'а'.repeat(61) }), 'people.0.firstName: nameTooLong'),
    'a name of a thousand letters': invalid(people({ firstName: 'а'.repeat(1000) }), 'people.0.firstName: fieldTooLong'),
    'a name with a digit': invalid(people({ firstName: 'Анна2' }), 'people.0.firstName: nameCharacter'),
    'a name with markup': invalid(people({ firstName: '<b>Анна</b>' }), 'people.0.firstName: nameCharacter'),
    'a Latin letter in a Russian name': invalid(people({ firstName: 'Mария' }), 'people.0.firstName: nameMixedLatin'),
    'a Latin name without the mark': invalid(people({ lastName: 'Kim' }), 'people.0.lastName: nameLatin'),
    'a town number for staff': invalid(people({ phone: '+74950000000', memberships: [{ kind: 'staff' }] }), 'people.0.phone: phoneNotRussianMobile'),
    'another country for staff': invalid(people({ phone: '+375290000000', memberships: [{ kind: 'staff' }] }), 'people.0.phone: phoneNotRussianMobile'),
    'no telephone number': invalid(people({ phone: 'нет' }), 'people.0.phone: phoneFormat'),
    'an address with a second header': invalid(people({ email: 'a@zarechie.example\r\nBcc: b@evil.example' }), 'people.0.email: emailControl'),
    'an address with NUL': invalid(people({ email: 'a\u0000@zarechie.example' }), 'people.0.email: emailControl'),
    'two addresses': invalid(people({ email: 'a@zarechie.example, b@evil.example' }), 'people.0.email: emailMany'),
    'no address': invalid(people({ email: 'zarechie.example' }), 'people.0.email: emailFormat'),
    'a class beyond the last grade': invalid(people({ memberships: [{ kind: 'student', className: '10А' }] }), 'people.0.memberships.0.className: classGrade'),
    'a class of grade nought': invalid(people({ memberships: [{ kind: 'student', className: '0Б' }] }), 'people.0.memberships.0.className: classGrade'),
    'a class with a Latin letter': invalid(people({ memberships: [{ kind: 'student', className: '5Q' }] }), 'people.0.memberships.0.className: classLetterLatin'),
    'markup in a position': invalid(staff({ position: '<script>alert(1)</script>' }), 'people.0.memberships.0.position: textHtml'),
    'a role of the service': invalid(staff({ roles: ['operator'] }), 'people.0.memberships.0.roles.0: fieldChoice'),
    'roles of a pupil': invalid(people({ memberships: [{ kind: 'student', roles: ['teacher'] }] }), 'people.0.memberships.0.roles: membershipRoles'),
    'a guardian of nobody known': invalid(people({ memberships: [{ kind: 'guardian', guardianOf: 'per_other' }] }), 'people.0.memberships.0.guardianOf: childUnknown'),
    'NUL in an id': invalid(people({ memberships: [{ kind: 'guardian', guardianOf: 'p\u00003' }] }), 'people.0.memberships.0.guardianOf: fieldPattern', 'people.0.memberships.0.guardianOf: fieldType'),
  },
  'POST orders': {
    'a date that does not exist': invalid({ ...order, date: '2026-02-30' }, 'date: orderDateFormat'),
    'a date in another notation': invalid({ ...order, date: '20.08.2026' }, 'date: orderDateFormat'),
    'a date before 2000': invalid({ ...order, date: '1999-12-31' }, 'date: orderDateTooEarly'),
    'a date to come': invalid({ ...order, date: '2999-01-01' }, 'date: orderDateFuture'),
    'no number': invalid({ ...order, number: ' ' }, 'number: orderNumberRequired'),
    'a number of 33 characters': invalid({ ...order, number: '1'.repeat(33) }, 'number: orderNumberTooLong'),
    'a number with a formula': invalid({ ...order, number: '=1+1' }, 'number: orderNumberCharacter'),
    'a kind that does not exist': invalid({ ...order, kind: 'secret' }, 'kind: fieldChoice'),
    'a form without its boundary': { body: 'kind=main', type: 'multipart/form-data', status: 400, problem: 'malformedBody' },
    'a form that breaks off': { body: '--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nmain', type: 'multipart/form-data; boundary=b', status: 400, problem: 'malformedBody' },
    'a form field twice': { ...invalid(form('kind', 'kind'), 'kind: fieldShape'), type: 'multipart/form-data; boundary=b' },
    'a form field too many': { body: form(...Array.from({ length: 12 }, (_, at) => `f${at}`)), type: 'multipart/form-data; boundary=b', status: 413, problem: 'tooLarge' },
  },
  'POST operator/organizations': {
    'an INN with a wrong check digit': newSchool({ inn: '0001000011' }, 'inn: innChecksum'),
    'an INN that is too short': newSchool({ inn: '000100001' }, 'inn: innLength'),
    'the INN of a person': newSchool({ inn: '123456789012' }, 'inn: innPersonal'),
    'an INN of noughts': newSchool({ inn: '0000000000' }, 'inn: innZeros'),
    'an OGRN with a wrong check digit': newSchool({ ogrn: '1020001000017' }, 'ogrn: ogrnChecksum'),
    'a KPP of letters': newSchool({ kpp: 'КПП' }, 'kpp: kppFormat'),
    'an offset for a time zone': newSchool({ timezone: '+03:00' }, 'timezone: timezoneUnknown'),
    'markup in the name of the school': newSchool({ shortName: '<img src=x>' }, 'shortName: textHtml'),
    'a school week of seven days': newSchool({ schoolWeek: 7 }, 'schoolWeek: fieldChoice', 'schoolWeek: fieldChoice'),
    'a last grade beyond eleven': newSchool({ gradeMax: 12 }, 'gradeMax: fieldTooBig'),
  },
  'POST links': {
    'a term that is over': invalid({ ...link, expiresAt: '2026-01-01T00:00:00Z' }, 'expiresAt: instantPast'),
    'a term beyond sixty days': invalid({ ...link, expiresAt: '2999-01-01T00:00:00Z' }, 'expiresAt: termTooLong'),
    'a second that only astronomers count': invalid({ ...link, expiresAt: '2026-12-31T23:59:60Z' }, 'expiresAt: fieldFormat'),
    'a day that does not exist': invalid({ ...link, expiresAt: '2027-02-30T00:00:00Z' }, 'expiresAt: fieldFormat'),
    'a moment without its offset': invalid({ ...link, expiresAt: '2027-01-01T00:00:00' }, 'expiresAt: fieldFormat'),
    'a class that does not exist': invalid({ ...link, targetId: 'cls_2' }, 'targetId: classUnknown'),
    'a staff link for guardians': invalid({ target: 'staffRoom', platformRole: 'guardian', recipients: [] }, 'platformRole: audienceOther'),
    'somebody of another school': invalid({ ...link, recipients: [{ personId: 'per_other' }] }, 'recipients.0.personId: personUnknown'),
  },
  'POST onboardings': {
    'somebody of another school': invalid({ people: [{ personId: 'per_other' }] }, 'people.0.personId: personUnknown'),
    'markup in the reason of a waiver': invalid({ people: [{ personId: 'p3', waiveVerification: { reason: '<b>' } }] }, 'people.0.waiveVerification.reason: textHtml'),
    'a reason of nothing visible': invalid({ people: [{ personId: 'p3', waiveVerification: { reason: '\u0000' } }] }, 'people.0.waiveVerification.reason: textRequired'),
  },
  'POST processes/reg/events': {
    'an event that does not exist': { body: { type: 'DROP_TABLE' }, status: 422, problem: 'unknownEvent' },
    'an event of the timer': { body: { type: 'TIMER_ESCALATE' }, status: 422, problem: 'unknownEvent' },
    'an event of another kind': { body: { type: 'LINK_CREATED', url: 'https://max.ru/join/x' }, status: 422, problem: 'unknownEvent' },
    'no type': invalid({}, 'type: fieldRequired'),
    'facts of one’s own': invalid(event({ createdOn: '2026-09-01', facts: { complete: true } }), 'facts: fieldUnknown'),
    'somebody else as the author': invalid(event({ createdOn: '2026-09-01', by: 'p2' }), 'by: fieldUnknown'),
    'a day that does not exist': invalid(event({ createdOn: '2026-02-30' }), 'createdOn: fieldFormat'),
    'the year nought': invalid(event({ createdOn: '0000-01-01' }), 'createdOn: fieldFormat'),
    'a day to come': invalid(event({ createdOn: '2999-01-01' }), 'createdOn: timeFuture'),
  },
  'POST processes/reg/deadlines/TIMER_ESCALATE': {
    'no moment': invalid({ action: 'move', reason: 'x' }, 'at: fieldRequired'),
    'no reason': invalid({ action: 'stop' }, 'reason: fieldRequired'),
    'a moment that has passed': invalid({ action: 'move', at: '2026-01-01T00:00:00Z', reason: 'x' }, 'at: instantPast'),
    'a year typed wrong': invalid({ action: 'move', at: '9999-12-31T23:59:59-14:00', reason: 'x' }, 'at: instantFar'),
    'markup in the reason': invalid({ action: 'move', at: tomorrow, reason: '<!--' }, 'reason: textHtml'),
  },
  'POST processes/reg/deadlines/escalate': { 'a deadline that cannot be': { body: { action: 'stop', reason: 'x' }, ...badQuery('name: fieldPattern') } },
  'POST processes/org_other:1/events': { 'a process of another school': { body: { type: 'CANCEL' }, ...notFound } },
  'POST tasks/nowhere/complete': { 'a task that is not there': { body: { evidence: {} }, ...notFound } },
  'GET people?limit=0': { 'an empty page': badQuery('limit: fieldTooSmall') },
  'GET people?limit=1&limit=2': { 'a parameter twice': badQuery('limit: fieldType') },
  'GET people?limit[$gt]=1': { 'an operator for a parameter': badQuery('limit[$gt]: fieldUnknown') },
  'GET people?orgId=org_other': { 'a parameter that does not exist': badQuery('orgId: fieldUnknown') },
  'GET people?cursor=xyz': { 'garbage for a cursor': badQuery('cursor: fieldShape') },
  [`GET tasks?cursor=${cursor('x')}`]: { 'a cursor that is too short': badQuery('cursor: fieldShape') },
  [`GET people?cursor=${cursor('\u0000')}`]: { 'a cursor with NUL': badQuery('cursor: fieldShape') },
  [`GET tasks?cursor=${cursor('x', 'y')}`]: { 'the cursor of another list': badQuery('cursor: fieldShape') },
  [`GET orders?cursor=${cursor('2026-02-30', 'y')}`]: { 'a cursor without its day': badQuery('cursor: fieldShape') },
  [`GET journal?cursor=${cursor(1.5)}`]: { 'a cursor between two lines': badQuery('cursor: fieldShape') },
  'GET tasks?kind=%00': { 'NUL in a filter': badQuery('kind: fieldPattern') },
  'GET tasks?dueBefore=0000-01-01T00:00:00Z': { 'a moment before all time': badQuery('dueBefore: fieldFormat') },
  'GET people/%00': { 'NUL in an id': badQuery('id: fieldPattern') },
  'GET people/%D0%9A': { 'an id that is not there': notFound },
  'GET nowhere': { 'an address that is not there': notFound },
  [`GET people/${'x'.repeat(400)}`]: { 'an id longer than any': { status: 400, problem: 'malformedRequest' } },
  'GET people/%ED%A0%80': { 'an address that is no UTF-8': { status: 400, problem: 'malformedRequest' } },
  'DELETE people': { 'another method': { status: 405, problem: 'methodNotAllowed' } },
  'PUT people/p3': { 'another method': { status: 405, problem: 'methodNotAllowed' } },
  'OPTIONS people': { 'the question of another site': { status: 405, problem: 'methodNotAllowed' } },
}

/** A whole multipart form with these fields. */
function form(...names: string[]): string {
  return `${names.map((name) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nmain\r\n`).join('')}--b--\r\n`
}

test.each(Object.entries(refusals))('%s says what is wrong in Russian or English, and changes nothing', async (request, rows) => {
  const app = await scratchApp(db)
  const [method, path] = request.split(' ') as ['POST', string]
  const ask = ({ body, type = 'application/json', as = 'head' }: Refused, language: string) =>
    app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { authorization: `Bearer ${keys[as]}`, 'accept-language': language, ...(method === 'POST' && { 'idempotency-key': randomUUID() }), ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const before = await schoolDigest(db, orgId)
  for (const [what, row] of Object.entries(rows)) {
    const russian = await ask(row, 'ru')
    const said = russian.json()
    const fields = said.problems?.map(({ path: at, code }: { path: string; code: string }) => `${at}: ${code}`)
    expect({ status: russian.statusCode, type: said.type, fields }, what).toEqual({ status: row.status, type: `urn:sferum-flow:problem:${row.problem}`, fields: row.fields })
    expect(russian.headers['content-type'], what).toBe('application/problem+json; charset=utf-8')
    // Words of its own for each thing, and no parameter left unfilled.
    for (const text of [said.title, said.detail, ...(said.problems ?? []).map(({ message }: { message: string }) => message)]) expect(text, what).toMatch(/^[^{}]*[а-яё][^{}]*$/i)
    const english = (await ask(row, 'en')).json()
    expect(english.type, what).toBe(said.type)
    expect(english.title, what).toMatch(/^[ -~]+$/)
  }
  expect(await schoolDigest(db, orgId)).toEqual(before)
})

test('what cannot be seen in a name is not stored, whatever it would have done to a letter or a table', async () => {
  const api = client(await scratchApp(db), keys.head)
  const { status, body } = await api.post('people', people({ lastName: 'Ким\r\nBcc: ', firstName: 'А\u0000н\u202eн\u200bа', patronymic: '\u2066Ли\u2069' }))
  expect(status).toBe(422)
  expect(body.problems[0]).toMatchObject({ path: 'people.0.lastName', code: 'nameCharacter' })
  const clean = await api.post('people', people({ lastName: 'Ким\r\n', firstName: 'А\u0000н\u202eн\u200bа', patronymic: '\u2066Ли\u2069' }))
  expect(clean.body.rows[0].person.name).toBe('Ким Анна Ли')
})

test('a body that comes with a question is not looked at', async () => {
  const app = await scratchApp(db)
  const answer = await app.inject({ method: 'GET', url: '/api/v1/people?limit=1', headers: { authorization: `Bearer ${keys.head}`, 'content-type': 'application/json' }, payload: '{"limit":' })
  expect(answer.statusCode).toBe(200)
})

test('another method is told which ones there are', async () => {
  const app = await scratchApp(db)
  expect((await app.inject({ method: 'DELETE', url: '/api/v1/people' })).headers.allow).toBe('GET, HEAD, POST')
  expect((await app.inject({ method: 'PUT', url: '/health' })).headers.allow).toBe('GET, HEAD')
})
