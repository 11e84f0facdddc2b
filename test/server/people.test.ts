import { afterAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const head = await keyOf(db, orgId, ['head'])

const mamedov = { lastName: 'Мамедов', firstName: 'Вагиф', patronymic: 'Расим оглы', phone: '8 (900) 000-00-04', email: 'v.mamedov@zarechie.example', memberships: [{ kind: 'staff', roles: ['teacher'], position: 'учитель физики', teachingStaff: true }] }

test('a list of people is entered row by row: good rows stay, bad ones say in Russian what is wrong', async () => {
  const api = client(await scratchApp(db), head)
  const { status, body } = await api.post('people', { people: [mamedov, { lastName: 'Mария', firstName: 'Анна' }, { lastName: 'Ким', firstName: 'Анна', phone: '+74950000000', memberships: [{ kind: 'staff' }] }] })
  expect(status).toBe(201)
  expect(body.created).toBe(1)
  expect(body.rows[0]).toMatchObject({ status: 'created', person: { name: 'Мамедов Вагиф Расим оглы', phone: '+7 (900) ***-**-04' } })
  expect(body.rows[1].problems[0]).toMatchObject({ code: 'nameMixedLatin', path: 'people.1.lastName', message: 'Буква 1 («M») — латинская, а слово русское' })
  expect(body.rows[2].problems[0]).toMatchObject({ code: 'phoneNotRussianMobile', path: 'people.2.phone' })
})

test('a phone another person has is entered with a warning', async () => {
  const api = client(await scratchApp(db), head)
  const { body } = await api.post('people', { people: [{ ...mamedov, phone: '+79000000044' }, { ...mamedov, lastName: 'Ким', phone: '9000000044' }] })
  expect(body.created).toBe(2)
  expect(body.rows[1].warnings[0]).toMatchObject({ code: 'phoneShared', path: 'people.1.phone' })
})

test('search takes е for ё', async () => {
  const api = client(await scratchApp(db), head)
  await api.post('people', { people: [{ lastName: 'Ёлкин', firstName: 'Матвей', memberships: [{ kind: 'student', className: '5a' }] }] })
  const { body } = await api.post('people/search', { search: 'елк' })
  expect(body.items.map((person: { name: string }) => person.name)).toEqual(['Ёлкин Матвей'])
  expect(body.items[0].memberships[0].className).toBe('5А')
})

test('pages follow each other without a gap or a repeat', async () => {
  const api = client(await scratchApp(db), head)
  const all = (await api.get('people?limit=200')).body.items.map(({ id }: { id: string }) => id)
  const paged: string[] = []
  for (let next: string | undefined = ''; next !== undefined; ) {
    const { body } = await api.get(`people?limit=2${next && `&cursor=${next}`}`)
    paged.push(...body.items.map(({ id }: { id: string }) => id))
    next = body.next
  }
  expect(paged).toEqual(all)
})

test('unknown fields, wrong types and prototype tricks are refused, nothing is dropped in silence', async () => {
  const api = client(await scratchApp(db), head)
  const unknown = await api.post('people', { people: [{ ...mamedov, admin: true }] })
  expect(unknown.status).toBe(422)
  expect(unknown.body.problems).toEqual([{ code: 'fieldUnknown', path: 'people.0.admin', message: 'Такого поля нет' }])
  expect((await api.post('people', '{"people":[{"__proto__":{"x":1}}]}')).status).toBe(400)
  expect((await api.post('people', '{"people":')).body).toMatchObject({ type: 'urn:sferum-flow:problem:malformedBody', title: 'Запрос не читается' })
  expect((await api.post('people', { people: 'Мамедов' }, { 'accept-language': 'en' })).body.problems[0].message).toBe('Wrong type: a list is needed')
  expect((await api.get('people?limit=1&limit=2')).status).toBe(400)
  expect((await api.post('people', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
})

test('the phone is shown in full on demand only, and the journal says who saw it', async () => {
  const api = client(await scratchApp(db), head)
  const [person] = (await api.post('people/search', { search: 'мамедов', limit: 1 })).body.items
  expect((await api.post(`people/${person.id}/reveal`)).body.phone).toMatch(/^\+7 \(900\) 000-00-\d\d$/)
  expect((await api.get('journal')).body.items[0]).toMatchObject({ action: 'phoneShown', object: person.id, who: 'Проверкина Роль' })
})

test('only the head gives the head’s roles, and the last administrator stays', async () => {
  const app = await scratchApp(db)
  const admin = client(app, await keyOf(db, orgId, ['platformAdmin']))
  const refused = await admin.post('people', { people: [{ ...mamedov, memberships: [{ kind: 'staff', roles: ['head'] }] }] })
  expect(refused.body.problems[0]).toMatchObject({ code: 'roleNotYours', message: 'Эту роль даёт только руководитель' })
  const [holder] = (await client(app, head).get('people?role=platformAdmin')).body.items
  const membership = holder.memberships[0].id
  expect((await client(app, head).patch(`memberships/${membership}`, { ended: true })).body.type).toBe('urn:sferum-flow:problem:lastAdministrator')
})

test('a dismissed person’s key stops at once', async () => {
  const app = await scratchApp(db)
  const teacher = client(app, await keyOf(db, orgId, ['teacher']))
  expect((await teacher.get('my-tasks')).status).toBe(200)
  const [person] = (await client(app, head).post('people/search', { search: 'проверкина', role: 'teacher' })).body.items
  await client(app, head).patch(`memberships/${person.memberships[0].id}`, { ended: true })
  expect((await teacher.get('my-tasks')).status).toBe(401)
})

test('nobody is a pupil or on the staff twice at a time, and what the platform rests on is changed by a movement (BR-16)', async () => {
  const api = client(await scratchApp(db), head)
  const pupil = { kind: 'student', className: '5А' }
  const codes = ({ body }: { body: { problems: { code: string; path: string }[] } }) => body.problems.map(({ code, path }) => `${path}: ${code}`)
  const zimina = { lastName: 'Зимина', firstName: 'Ольга' }
  expect(codes(await api.post('people', { people: [{ ...zimina, memberships: [pupil, { ...pupil, className: '5Б' }] }] }))).toEqual(['people.0.memberships: pupilOnce'])
  const [{ person }] = (await api.post('people', { people: [{ ...zimina, memberships: [pupil] }] })).body.rows
  const [place] = person.memberships
  expect(codes(await api.post(`people/${person.id}/memberships`, pupil))).toEqual(['kind: pupilOnce'])
  // Entered wrongly, and put right.
  expect((await api.patch(`memberships/${place.id}`, { className: '5Б' })).status).toBe(200)
  expect((await api.patch(`memberships/${place.id}`, { ended: true })).status).toBe(200)
  expect((await api.post(`people/${person.id}/memberships`, pupil)).status).toBe(201)
  expect(codes(await api.patch(`memberships/${place.id}`, { ended: false }))).toEqual(['ended: pupilOnce'])
  const now = (await api.get(`people/${person.id}`)).body.memberships[1]
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into spaces (id, org_id, kind, name, state) values ('spc_x', $1, 'other', 'Хор', 'active')`, [orgId])
    await tx.query(`insert into places (org_id, space_id, person_id, standing) values ($1, 'spc_x', $2, 'there')`, [orgId, person.id])
  })
  expect(codes(await api.patch(`memberships/${now.id}`, { className: '5Б' }))).toEqual(['className: byMovement'])
  expect(codes(await api.patch(`memberships/${now.id}`, { ended: true }))).toEqual(['ended: byMovement'])
})
