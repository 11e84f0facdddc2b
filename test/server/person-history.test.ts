import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
let [admin, teacher, classId] = ['', '', '']
beforeAll(async () => {
  await samplePeople(db, orgId)
  admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  teacher = await keyOf(db, orgId, ['teacher'], 'p5')
  await inSchool(db, orgId, async (tx) => {
    classId = await ensureClass(tx, orgId, '2026-2027', '5А')
    await tx.query(`update organizations set staff_room_on = '2026-09-01'`)
    await insertPeople(tx, orgId, ['s1', 'g1'].map((id) => ({ id, lastName: id === 's1' ? 'Ёлкин' : 'Ёлкина', firstName: 'Саша', patronymic: null, phone: null, email: null, searchKey: searchKey('Ёлкин Саша') })))
    const place = { roles: [], position: null, teachingStaff: false }
    await insertMemberships(tx, orgId, [{ ...place, id: 'mem_s1', personId: 's1', kind: 'student', guardianOf: null, classId }, { ...place, id: 'mem_g1', personId: 'g1', kind: 'guardian', guardianOf: 's1' }])
    for (const [id, state, ago] of [['over', 'active', '1 hour'], ['live', 'active', '-1 hour'], ['closing', 'closing', '-1 hour']])
      await tx.query(
        `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, issued_at, expires_at, state, platform_state)
         values ($2, $1, 'inviteLink:' || $2, 'ПР-2026-' || $2, 'staffRoom', 'teacher', 'group', now(), now() - $4::interval, $3, 'live')`,
        [orgId, id, state, ago],
      )
    await tx.query(`insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery) values ('inv_1', $1, 'invitation:inv_1', 'live', 'p3', 'staffRoom', 'teacher', 'sent', 'accepted')`, [orgId])
  })
})

test('what was done about a person is told to who reads everything, and to nobody else', async () => {
  const app = await scratchApp(db)
  const { status, body } = await client(app, admin).get('people/p3/history')
  expect({ status, invitations: body.invitations }).toMatchObject({ status: 200, invitations: [{ number: 'ПР-2026-live', stateTitle: 'Отправлено', deliveryTitle: 'Принято почтовым сервером' }] })
  expect((await client(app, admin).get('people/p3/timeline')).body).toEqual({ items: [] })
  expect((await client(app, admin).get('people/nobody/history')).status).toBe(404)
  for (const path of ['history', 'timeline']) expect((await client(app, teacher).get(`people/p3/${path}`)).status).toBe(403)
})

test('a class has its pupils and their guardians, a pupil has guardians, a guardian the name of the child', async () => {
  const api = client(await scratchApp(db), admin)
  const names = async (query: string) => (await api.get(`people?${query}`)).body.items.map(({ id }: { id: string }) => id).sort()
  expect(await names(`classId=${classId}`)).toEqual(['g1', 's1'])
  expect(await names(`classId=${classId}&kind=guardian`)).toEqual(['g1'])
  expect(await names('guardianOf=s1')).toEqual(['g1'])
  expect((await api.get('people/g1')).body.memberships).toMatchObject([{ guardianOf: 's1', childName: 'Ёлкин Саша' }])
})

test('what an invitation would do is told without doing it', async () => {
  const api = client(await scratchApp(db), admin)
  const { body } = await api.post('onboardings/preview', { people: [{ personId: 'p3' }, { personId: 'p4' }, { personId: 's1' }] })
  expect(body).toMatchObject({ ready: [{ personId: 'p4', byLetter: true }], refused: [{ personId: 'p3', problem: { code: 'invitationLive' } }, { personId: 's1', problem: { code: 'personNotStaff' } }] })
  expect((await api.post('joinings/preview', { audience: 'student', classIds: [classId] })).body).toMatchObject({ rows: [{ classId, people: 0, problem: { code: 'chatMissing' } }] })
  expect((await api.post('joinings/preview', { audience: 'student' })).status).toBe(422)
  expect((await api.get('processes')).body.items).toEqual([])
})

test('links that must be annulled on the platform: those that are closing, and those whose term is over at this moment', async () => {
  const api = client(await scratchApp(db), admin)
  const { items } = (await api.get('links?toAnnul=true')).body
  expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(['closing', 'over'])
  const over = items.find(({ id }: { id: string }) => id === 'over')
  expect(over).toMatchObject({ stateTitle: 'Срок истёк', termOver: true, annulSince: over.expiresAt })
})
