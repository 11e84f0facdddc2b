import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { freezeApplication } from '../../db/application-snapshots.ts'
import { openArchive } from '../../school/roster/archive.ts'
import type { App } from '../../server/deps.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { canary, leftPerson } from '../support/left-person.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { schoolRows } from '../support/school-digest.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
let head = ''
beforeAll(async () => {
  await samplePeople(db, orgId)
  head = await keyOf(db, orgId, ['head'], 'p1')
  await leftPerson(db, orgId, 'left', 30)
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key) values ('child', $1, 'Ёлкин', 'Матвей', 'елкин матвей'), ('parent', $1, 'Ёлкина', 'Ольга', 'елкина ольга')`, [orgId])
    await tx.query(`insert into memberships (id, org_id, person_id, kind, roles, guardian_of) values ('mem_child', $1, 'child', 'student', '{}', null), ('mem_parent', $1, 'parent', 'guardian', '{}', 'child')`, [orgId])
    await freezeApplication(tx, testKeyRing, {
      orgId, processId: 'invitation:inv_left', letterId: 'letter.left', at: new Date(),
      content: { administrator: { id: 'left', fullName: 'Канарейкин Клим Ильич', position: canary.position, email: canary.email, phone: canary.phone }, order: { id: 'o1', number: '112/01-08', date: '2026-08-20' } },
    })
  })
})

const filesOf = async (app: App, key: string, id: string) => {
  const { statusCode, headers, rawPayload } = await app.inject({ method: 'POST', url: `/api/v1/people/${id}/export`, headers: { authorization: `Bearer ${key}` } })
  expect(statusCode).toBe(200)
  expect(headers).toMatchObject({ 'content-type': 'application/zip', 'content-disposition': 'attachment; filename="person.zip"', 'cache-control': 'no-store' })
  const archive = await openArchive(rawPayload)
  const read = async (name: string) => text(archive.open(name) as never)
  return { names: archive.names, json: JSON.parse(await read('person.json')), page: await read('person.html') }
}

test('a person gets everything that is known of them, to read and as data; nobody else is in it; it is journalled', async () => {
  const app = await scratchApp(db)
  const { names, json, page } = await filesOf(app, head, 'left')
  expect(names).toEqual(['person.json', 'person.html'])
  expect(json).toMatchObject({
    id: 'left',
    person: [{ name: 'Канарейкин Клим Ильич', phone: '+7 (900) 000-00-77', email: canary.email }],
    memberships: [{ kind: 'staff', position: canary.position, waivedReason: canary.words }],
    applications: [{ fullName: 'Канарейкин Клим Ильич', email: canary.email }],
    movements: [{ number: 'ДВ-2020-000001', kind: 'hire', position: canary.position }],
    decisions: [{ decision: 'leave', reason: canary.words }],
    invitations: [{ number: 'ПР-2020-000001', state: 'declined', role: 'teacher' }],
    answers: [{ type: 'DECLINE', reason: canary.words }],
    letters: [{ code: 'L-INV-TEACHER', state: 'accepted', address: canary.email, subject: 'Приглашение', body: 'Здравствуйте, Клим!' }],
    messages: [{ from: canary.email, text: canary.words }],
    tasks: [{ kind: 'T-LINK-AGAIN', state: 'completed', comment: canary.words }],
    timeline: [{ who: 'Сотрудник', why: `${canary.words}. ${canary.words}` }, { who: 'Сотрудник' }],
    importRows: [{ lastName: canary.lastName, phone: canary.phone }],
    codes: [{ code: 'code_left' }],
    keys: [{ name: canary.lastName, roles: ['teacher'] }],
    looks: [{ what: 'phoneShown', who: 'Администратор ИКОП, Педагогический работник' }, { what: 'personTaken', who: 'Руководитель' }],
  })
  for (const said of ['Канарейкин Клим Ильич', 'Приём на работу', 'Приглашение', 'Телефон и адрес почты целиком', 'Отказался']) expect(page).toContain(said)
  expect(page).not.toMatch(/undefined|\[object|Invalid/)
  // The head, the administrator and a colleague are people, too.
  for (const other of ['Воронцова', 'Лисицын', 'Мамедов', 'Ёлкин']) expect(JSON.stringify(json) + page).not.toContain(other)
  expect((await client(app, head).get('journal')).body.items[0]).toMatchObject({ action: 'personTaken', object: 'left', who: 'Воронцова Елена' })
})

test('a child and a guardian name each other, for that is what they are', async () => {
  const app = await scratchApp(db)
  expect((await filesOf(app, head, 'child')).json).toMatchObject({ person: [{ name: 'Ёлкин Матвей' }], guardians: [{ name: 'Ёлкина Ольга' }] })
  expect((await filesOf(app, head, 'parent')).json).toMatchObject({ memberships: [{ kind: 'guardian', child: 'Ёлкин Матвей' }], guardians: [] })
})

test('who is here or still needed is not erased; the refusal names what holds them', async () => {
  const api = client(await scratchApp(db), head)
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into spaces (id, org_id, process_id, kind, name, owner_id, state) values ('spc_1', $1, 'space:spc_1', 'other', 'Кружок', 'left', 'active')`, [orgId])
    await tx.query(`insert into places (org_id, space_id, person_id, standing) values ($1, 'spc_1', 'left', 'there')`, [orgId])
    await tx.query(`insert into cohorts (id, org_id, workflow_id, status) values ('coh_1', $1, 'coh_1', 'running')`, [orgId])
    await tx.query(`insert into processes (id, org_id, cohort_id, kind, machine_version, number, state, context, seq, opened_at, changed_at) values ('movement:mov_1', $1, 'coh_1', 'staffMovement', 1, 'ДВ-2026-000001', 'platformWork', '{"personId": "left", "deadlines": {}}', 1, now(), now())`, [orgId])
  })
  const { status, body } = await api.post('people/left/erase')
  expect(status).toBe(409)
  expect(body).toMatchObject({ title: 'Удалить данные пока нельзя', holds: [{ kind: 'process', id: 'movement:mov_1' }, { kind: 'place', title: 'ещё на платформе: «Кружок»' }, { kind: 'space' }] })
  expect(body.detail).toMatch(/ДВ-2026-000001.*ещё на платформе: «Кружок»; владелец чата или класса «Кружок»/)
  expect((await api.post('people/p3/erase')).body.detail).toContain('работает в школе')
  await inSchool(db, orgId, (tx) => tx.query(`update processes set ended_at = now() where id = 'movement:mov_1'`))
  await inSchool(db, orgId, (tx) => tx.query(`delete from places`))
  await inSchool(db, orgId, (tx) => tx.query(`update spaces set owner_id = 'p3'`))
})

test('at their demand a person is forgotten at once, with an act; the name does not come back', async () => {
  const app = await scratchApp(db)
  const api = client(app, head)
  const key = { 'idempotency-key': 'forget-left' }
  const { status, body } = await api.post('people/left/erase', {}, key)
  expect(status, JSON.stringify(body)).toBe(200)
  expect(body).toMatchObject({ rule: 'demand', reason: 'Требование человека или его представителя', who: 'Воронцова Елена', erasedBy: 'p1', operator: { name: expect.stringContaining('Зареч') }, people: [{ id: 'left', pseudonym: expect.stringMatching(/^Участник [0-9a-f]{4}$/) }] })
  expect(body.erased).toContainEqual({ kind: 'letters', title: 'Письма этим людям: адрес, тема, текст', count: 1 })
  expect((await api.post('people/left/erase', {}, key)).body).toEqual(body)
  expect((await api.post('people/left/erase')).body).toMatchObject({ status: 409, title: 'Данные этого человека удалены' })
  expect(JSON.stringify(await schoolRows(db, orgId))).not.toMatch(/канаре|kanar|9000000077/i)

  expect((await api.get('people/left')).body).toMatchObject({ name: body.people[0].pseudonym, phone: null, email: null })
  for (const again of [await api.patch('people/left', { lastName: 'Канарейкин' }), await api.post('people/left/memberships', { kind: 'student' }), await api.patch('memberships/mem_left', { ended: false })]) expect(again.body).toMatchObject({ status: 409, title: 'Данные этого человека удалены' })
  expect((await filesOf(app, head, 'left')).json).toMatchObject({ person: [{ name: body.people[0].pseudonym }], letters: [{ address: null, body: null }], messages: [{ text: '' }] })

  const auditor = client(app, await keyOf(db, orgId, ['auditor']))
  const acts = await auditor.get('erasure-certificates')
  expect(acts.body).toEqual({ items: [body] })
  expect((await auditor.get('journal')).body.items).toContainEqual(expect.objectContaining({ action: 'personErased', object: 'left' }))
})

test('only the head and the administrator answer for people’s data; acts are read by who reads the journal', async () => {
  const app = await scratchApp(db)
  for (const role of ['deputy', 'extraAdmin', 'classTeacher', 'teacher', 'registrar', 'auditor'] as const) {
    const api = client(app, await keyOf(db, orgId, [role]))
    expect([(await api.post('people/p3/export')).status, (await api.post('people/p3/erase')).status], role).toEqual([403, 403])
    expect((await api.get('erasure-certificates')).status, role).toBe(role === 'auditor' ? 200 : 403)
  }
  expect((await client(app, await keyOf(db, orgId, ['platformAdmin'])).post('people/p3/export')).status).toBe(200)
})
