import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../../db/people.ts'
import { countOtherAdministrators } from '../../../db/staff-assignment-queries.ts'
import { findStaffPlace, listDutiesLeft } from '../../../db/staff-duties.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { movementWorld, stepsOf } from '../../support/movement-world.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = 'org_zarechie'
const world = movementWorld(db, orgId)
const order = 'o-staff'
let people = 0

/** A teacher who has joined. */
async function teacher(roles: string[] = ['teacher']): Promise<string> {
  const id = `t${(people += 1)}`
  await world.tx(async (tx) => {
    await insertPeople(tx, orgId, [{ id, lastName: 'Ким', firstName: 'Анна', patronymic: null, phone: null, email: `${id}@zarechie.example`, searchKey: 'ким анна' }])
    await insertMemberships(tx, orgId, [{ id: `mem_${id}`, personId: id, kind: 'staff', roles: roles as ['teacher'], position: 'учитель', teachingStaff: true, guardianOf: null }])
    await tx.query(`update memberships set platform_status = 'joined' where id = $1`, [`mem_${id}`])
  })
  return id
}

/** An assignment that is held. */
const assign = (id: string, kind: 'extraAdmin' | 'classTeacher', personId: string, classId: string | null = null, state = 'active') =>
  world.tx((tx) => tx.query(`insert into staff_assignments (id, org_id, process_id, kind, person_id, class_id, state) values ($1, $2, 'staffAssignment:' || $1, $3, $4, $5, $6)`, [id, orgId, kind, personId, classId, state]))
const assignmentIs = (id: string, state: string) => world.tx((tx) => tx.query('update staff_assignments set state = $2 where id = $1', [id, state]))

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId)
  await world.addOrder(order, 'staff')
  await world.tx(async (tx) => {
    await tx.query(`update organizations set staff_room_on = '2026-09-01', registered_at = now()`)
    await tx.query(`insert into spaces (id, org_id, kind, name, state) values ('staffRoom', $1, 'staffRoom', 'Учительская', 'active'), ('staffChannel', $1, 'staffChannel', 'Сотрудники', 'active')`, [orgId])
    await tx.query(`insert into subjects (id, org_id, name, folded_name) values ('sub_1', $1, 'Физика', 'физика')`, [orgId])
  })
})

test('who leaves loses rights first, then the chats change hands, and last everything that removes; the register has no place, class or load any more', async () => {
  const leaver = await teacher(['teacher', 'classTeacher', 'extraAdmin'])
  const successor = await teacher()
  const classId = await world.addClass('6А', ['classStudents', 'classGuardians'], leaver)
  await assign('a-admin', 'extraAdmin', leaver)
  await assign('a-class', 'classTeacher', leaver, classId)
  await world.tx((tx) => tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) values ('lod_1', $1, $2, 'sub_1', $3)`, [orgId, classId, leaver]))
  await world.settlePlaces()
  await world.enter('d1', leaver, { kind: 'staffDeparture', on: '2026-10-20', order, details: { successorId: successor } })
  const answer = await world.begin('d1')
  expect(stepsOf(answer)).toEqual([
    'rights:staffAssignment:a-admin', 'rights:staffAssignment:a-class',
    `remove:classStudents:6А:${leaver}`, `remove:classGuardians:6А:${leaver}`, `remove:staffChannel:${leaver}`, `remove:staffRoom:${leaver}`,
    'handover:classGuardians:6А', 'handover:classStudents:6А',
  ])
  // Due at 18:00 of the day itself (BR-17), in Samara.
  expect(answer.dueAt).toBe('2026-10-20T14:00:00.000Z')
  expect(answer.follows).toMatchObject({
    relieved: [{ to: 'staffAssignment:a-admin', step: 'rights:staffAssignment:a-admin' }, { to: 'staffAssignment:a-class', step: 'rights:staffAssignment:a-class' }],
    handedOver: [
      { to: 'space:classGuardians:6А', step: 'handover:classGuardians:6А', newOwner: successor, ownerWorks: false },
      { to: 'space:classStudents:6А', step: 'handover:classStudents:6А', newOwner: successor, ownerWorks: false },
    ],
    begins: [{ kind: 'staffAssignment', input: { kind: 'classTeacher', personId: successor, classId, className: '6А', orderId: order }, start: { facts: { personJoined: true, orderInForce: true } } }],
  })
  expect(await world.tx((tx) => findStaffPlace(tx, leaver))).toBeUndefined()
  const { rows } = await world.tx((tx) => tx.query<{ loads: number }>('select count(*)::int as loads from teaching_loads where person_id = $1 and ended_at is null', [leaver]))
  expect(rows[0]!.loads).toBe(0)

  // Asked again: what others have not done yet is asked of them again, what they have done is not.
  await assignmentIs('a-admin', 'removed')
  await world.tx((tx) => tx.query(`update spaces set owner_id = $1 where id = 'classGuardians:6А'`, [successor]))
  const check = await world.check('d1')
  expect(check.follows?.relieved).toEqual([{ to: 'staffAssignment:a-class', step: 'rights:staffAssignment:a-class' }])
  expect(check.follows?.handedOver?.map(({ to }) => to)).toEqual(['space:classStudents:6А'])
})

test('the last administrator cannot leave, nor go on leave; of two who leave at once one stays (BR-12)', async () => {
  await world.tx((tx) => tx.query(`update staff_assignments set state = 'removed' where kind = 'extraAdmin'`))
  await world.enter('d2', 'p2', { kind: 'staffDeparture', on: '2026-10-19', order })
  expect(await world.begin('d2')).toEqual({ type: 'BLOCKED', reason: 'lastAdministrator' })
  await world.enter('l2', 'p2', { kind: 'longLeave', on: '2026-10-19', order, details: { until: '2027-08-01' } })
  expect(await world.begin('l2')).toEqual({ type: 'BLOCKED', reason: 'lastAdministrator' })

  const second = await teacher(['teacher', 'extraAdmin'])
  await assign('a-second', 'extraAdmin', second)
  await world.enter('d3', second, { kind: 'staffDeparture', on: '2026-10-19', order })
  const answers = await Promise.all([world.begin('d2'), world.begin('d3')])
  expect(answers.map(({ type }) => type).sort()).toEqual(['BLOCKED', 'STEPS_PLANNED'])
  // Who has left is no administrator any more, whatever the assignment says.
  expect(await world.tx((tx) => countOtherAdministrators(tx, 'nobody'))).toBe(1)
})

test('the only head cannot leave: nobody could name the next', async () => {
  await world.enter('d4', 'p1', { kind: 'staffDeparture', on: '2026-10-20', order })
  expect(await world.begin('d4')).toEqual({ type: 'BLOCKED', reason: 'lastHead' })
})

test('on leave rights are paused and chats change hands; back before anybody did it, everything is as it was', async () => {
  const away = await teacher(['teacher', 'platformAdmin'])
  const other = await teacher(['teacher', 'platformAdmin'])
  await world.addClass('6Б', ['classStudents'], away)
  await world.settlePlaces()
  await world.enter('l1', away, { kind: 'longLeave', on: '2026-10-20', order, details: { until: '2027-08-01', successorId: other } })
  const answer = await world.begin('l1')
  expect(stepsOf(answer)).toEqual([`rights:platformAdmin::${away}`, 'handover:classStudents:6Б'])
  expect((await world.tx((tx) => findStaffPlace(tx, away)))?.roles).toEqual(['teacher'])
  expect(stepsOf(await world.reverse('l1'))).toEqual([])
  expect((await world.tx((tx) => findStaffPlace(tx, away)))?.roles).toEqual(['teacher', 'platformAdmin'])
  expect(await world.tx((tx) => listDutiesLeft(tx, away))).toEqual([])
})

test('who is back from leave gets the chats and additional rights again; who is not on leave cannot come back', async () => {
  const away = await teacher(['teacher', 'extraAdmin'])
  const other = await teacher(['teacher', 'platformAdmin'])
  await assign('a-back', 'extraAdmin', away)
  await world.addClass('7В', ['classGuardians', 'classStudents'], away)
  await world.settlePlaces()
  await world.enter('b-r0', away, { kind: 'leaveReturn', on: '2026-10-19', order })
  expect(await world.begin('b-r0')).toEqual({ type: 'BLOCKED', reason: 'notOnLeave' })
  await world.enter('b-l2', away, { kind: 'longLeave', on: '2026-10-18', order, details: { until: '2027-08-01', successorId: other } })
  expect(stepsOf(await world.begin('b-l2'))).toEqual(['rights:staffAssignment:a-back', 'handover:classGuardians:7В', 'handover:classStudents:7В'])
  // The rights are gone and the chats are the successor's.
  await assignmentIs('a-back', 'removed')
  await world.tx((tx) => tx.query(`update spaces set owner_id = $1 where id = 'classStudents:7В'`, [other]))

  // Taken out of one of them meanwhile: an owner has to be in the own chat first.
  await world.tx((tx) => tx.query(`update spaces set owner_id = $1 where id = 'classGuardians:7В'`, [other]))
  await world.tx((tx) => tx.query(`delete from places where space_id = 'classGuardians:7В' and person_id = $1`, [away]))

  await world.enter('b-r1', away, { kind: 'leaveReturn', on: '2026-10-20', order })
  const answer = await world.begin('b-r1')
  expect(stepsOf(answer)).toEqual([`add:classGuardians:7В:${away}`, 'handover:classGuardians:7В', 'handover:classStudents:7В'])
  expect(answer.follows).toMatchObject({
    leaves: ['movement:b-l2'],
    overtaken: ['movement:b-l2'],
    handedOver: ['classGuardians:7В', 'classStudents:7В'].map((space) => ({ to: `space:${space}`, step: `handover:${space}`, newOwner: away, ownerWorks: true })),
    begins: [{ kind: 'staffAssignment', input: { kind: 'extraAdmin', personId: away, orderId: order }, start: { facts: { personJoined: true, orderInForce: true } } }],
  })
  await world.enter('b-r2', away, { kind: 'leaveReturn', on: '2026-10-21', order })
  expect(await world.begin('b-r2')).toEqual({ type: 'BLOCKED', reason: 'notOnLeave' })
  // Away again, and in a chat for no other reason than having owned it.
  expect(stepsOf(await world.reverse('b-r1'))).toEqual([`remove:classStudents:7В:${away}`])
  expect(stepsOf(await world.begin('b-r2'))).toEqual([`add:classGuardians:7В:${away}`, 'handover:classGuardians:7В', 'handover:classStudents:7В'])
})

test('back from leave, rights that nobody has taken away are in the register again; taken back, they go', async () => {
  const away = await teacher(['teacher', 'platformAdmin'])
  await teacher(['platformAdmin'])
  await world.settlePlaces()
  await world.enter('b-l3', away, { kind: 'longLeave', on: '2026-10-18', order, details: { until: '2027-08-01' } })
  await world.begin('b-l3')
  await world.enter('b-r3', away, { kind: 'leaveReturn', on: '2026-10-20', order })
  expect(stepsOf(await world.begin('b-r3'))).toEqual([])
  expect((await world.tx((tx) => findStaffPlace(tx, away)))?.roles).toEqual(['teacher', 'platformAdmin'])
  expect(stepsOf(await world.reverse('b-r3'))).toEqual([`rights:platformAdmin::${away}`])
  expect((await world.tx((tx) => findStaffPlace(tx, away)))?.roles).toEqual(['teacher'])
})

test('rights that somebody has taken away on the platform do not come back with the register', async () => {
  const away = await teacher(['teacher', 'platformAdmin', 'extraAdmin'])
  await teacher(['platformAdmin'])
  await assign('a-away', 'extraAdmin', away)
  await world.settlePlaces()
  await world.enter('d5', away, { kind: 'staffDeparture', on: '2026-10-20', order })
  await world.begin('d5')
  await world.confirm('d5', `rights:platformAdmin::${away}`)
  await assignmentIs('a-away', 'removed')
  expect(await world.tx((tx) => listDutiesLeft(tx, away))).toEqual([])
  expect(stepsOf(await world.reverse('d5'))).toEqual([])
  expect((await world.tx((tx) => findStaffPlace(tx, away)))?.roles).toEqual(['teacher'])
  expect(await world.lines(away)).toEqual(['staff … –'])
})

test('a change of classes and loads: the class goes to its new teacher with the chats, the load ends and another begins; taken back, they are as before', async () => {
  const [before, after] = [await teacher(['teacher', 'classTeacher']), await teacher()]
  const classId = await world.addClass('6В', ['classStudents'], before)
  await world.tx(async (tx) => {
    await tx.query('update memberships set class_id = $1 where id = $2', [classId, `mem_${before}`])
    await tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) values ('lod_2', $1, $2, 'sub_1', $3)`, [orgId, classId, before])
  })
  await world.settlePlaces()
  await world.enter('c1', before, { kind: 'assignmentChange', on: '2026-10-20', order, details: { takeClasses: [classId], takeLoads: ['lod_2'], giveLoads: [{ classId, subjectId: 'sub_1', classGroup: '1-я группа' }], successorId: after } })
  const answer = await world.begin('c1')
  expect(stepsOf(answer)).toEqual([`rights:classTeacher:${classId}:${before}`, 'handover:classStudents:6В'])
  expect(answer.follows).toMatchObject({ handedOver: [{ newOwner: after, ownerWorks: true }], begins: [{ input: { personId: after, classId } }] })
  const loads = async () => (await world.tx((tx) => tx.query<{ group: string }>('select class_group as "group" from teaching_loads where person_id = $1 and ended_at is null', [before]))).rows.map(({ group }) => group)
  expect(await loads()).toEqual(['1-я группа'])
  expect(await world.tx((tx) => findStaffPlace(tx, before))).toMatchObject({ roles: ['teacher'], classId: null, classes: [] })

  // Handed over: the old owner has no business in the pupils' chat any more.
  await world.tx((tx) => tx.query(`update spaces set owner_id = $1 where id = 'classStudents:6В'`, [after]))
  expect(stepsOf(await world.check('c1'))).toEqual([`rights:classTeacher:${classId}:${before}`, `remove:classStudents:6В:${before}`])

  // What it began for the new class teacher is taken away with it.
  await assign('c1_1', 'classTeacher', after, classId, 'platformWork')
  const back = await world.reverse('c1')
  expect(await loads()).toEqual([''])
  expect(await world.tx((tx) => findStaffPlace(tx, before))).toMatchObject({ roles: ['teacher', 'classTeacher'], classId, classes: [classId] })
  expect(back).toMatchObject({ steps: [{ id: 'rights:staffAssignment:c1_1', person: after, via: 'staffAssignment:c1_1' }], follows: { relieved: [{ to: 'staffAssignment:c1_1' }] } })
})

test('who is hired gets a place and an onboarding; taken back, both end and what is there is removed', async () => {
  await world.tx((tx) => insertPeople(tx, orgId, [{ id: 'new', lastName: 'Ким', firstName: 'Анна', patronymic: null, phone: null, email: 'new@zarechie.example', searchKey: 'ким анна' }]))
  await world.enter('h1', 'new', { kind: 'hire', on: '2026-10-20', order, details: { position: 'учитель химии', roles: ['teacher'], teachingStaff: true } })
  const answer = await world.begin('h1')
  // «Учительская» is where the invitation leads.
  expect(stepsOf(answer)).toEqual([])
  expect(answer.follows?.begins).toMatchObject([{ id: 'onboarding:mem_h1', kind: 'teacherOnboarding', input: { membershipId: 'mem_h1', personId: 'new', verification: true }, start: { facts: { staffRoomExists: true, email: true, link: { fresh: true, scope: 'personal' } } } }])
  expect(await world.tx((tx) => findStaffPlace(tx, 'new'))).toMatchObject({ membershipId: 'mem_h1', roles: ['teacher'] })
  await world.enter('h2', 'new', { kind: 'hire', on: '2026-10-19', order })
  expect(await world.begin('h2')).toMatchObject({ type: 'BLOCKED', reason: 'laterMovement' })

  await world.tx((tx) => tx.query(`insert into cohorts (id, org_id, workflow_id) values ('coh_1', $1, 'w')`, [orgId]))
  await world.tx((tx) =>
    tx.query(`insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) values ('onboarding:mem_h1', $1, 'coh_1', 'teacherOnboarding', 1, 'invited', '{"personId":"new"}', 1, now(), now())`, [orgId]),
  )
  await world.tx((tx) => tx.query(`insert into places (org_id, space_id, person_id, standing) values ($1, 'staffRoom', 'new', 'there')`, [orgId]))
  const back = await world.reverse('h1')
  expect(stepsOf(back)).toEqual(['remove:staffRoom:new'])
  expect(back.follows?.onboardings).toEqual(['onboarding:mem_h1'])
  expect(await world.lines('new')).toEqual([])
})

test('a teacher who is a parent stays in the parents’ chat after leaving the staff (edge case 8)', async () => {
  const parent = await teacher()
  const classId = await world.addClass('7А', ['schoolClass', 'classGuardians'])
  await world.addPupil('s70', classId, [parent])
  await world.settlePlaces()
  await world.enter('d6', parent, { kind: 'staffDeparture', on: '2026-10-20', order })
  expect(stepsOf(await world.begin('d6'))).toEqual([`remove:staffChannel:${parent}`, `remove:staffRoom:${parent}`])
  await world.confirm('d6')
  expect(await world.placesOf(parent)).toEqual(['classGuardians:7А'])
})
