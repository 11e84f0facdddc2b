import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../../db/connection.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { movementWorld, stepsOf } from '../../support/movement-world.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = 'org_zarechie'
const world = movementWorld(db, orgId)
const classes: Record<string, string> = {}

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId)
  for (const name of ['5А', '5Б', '5В']) classes[name] = await world.addClass(name)
  await world.addOrder('o-pupils', 'students')
  await world.addOrder('o-later', 'students')
  await world.tx((tx) => tx.query(`update memberships set roles = '{teacher,classTeacher}', class_id = $1 where id = 'mem_p3'`, [classes['5А']]))
})

test('a transfer changes the register once, however often it is asked; what adds comes before what removes; guardians go along', async () => {
  await world.addPupil('s1', classes['5А']!, ['g1'])
  await world.settlePlaces()
  await world.enter('m1', 's1', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  const [answer, again] = await Promise.all([world.jobs.begin('m1'), world.jobs.begin('m1')])
  expect(again).toEqual(answer)
  expect(await world.lines('s1')).toEqual(['5А … – 2026-10-13', '5Б 2026-10-13 –'])
  expect(stepsOf(answer)).toEqual([
    'add:schoolClass:5Б:s1', 'add:classStudents:5Б:s1', 'remove:classStudents:5А:s1', 'remove:schoolClass:5А:s1',
    'add:classGuardians:5Б:g1', 'remove:classGuardians:5А:g1',
  ])
  expect(answer).toMatchObject({ of: 'begin', follows: { notices: [{ person: 'p3', class: classes['5А'] }] } })

  await world.begin('m1')
  await world.confirm('m1')
  expect(await world.placesOf('s1')).toEqual(['classStudents:5Б', 'schoolClass:5Б'])
  expect(await world.placesOf('g1')).toEqual(['classGuardians:5Б'])
  expect(await world.check('m1')).toEqual({ type: 'STEPS_PLANNED', of: 'check' })
})

test('two transfers in a week, the orders entered in the wrong order: the later day decides, and nothing is asked twice', async () => {
  await world.addPupil('s2', classes['5А']!)
  await world.settlePlaces()
  await world.enter('m2', 's2', { kind: 'classTransfer', on: '2026-10-15', to: classes['5В']! })
  expect(stepsOf(await world.begin('m2'))).toContain('add:schoolClass:5В:s2')
  await world.enter('m3', 's2', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  const answer = await world.begin('m3')
  expect(await world.lines('s2')).toEqual(['5А … – 2026-10-13', '5Б 2026-10-13 – 2026-10-15', '5В 2026-10-15 –'])
  // What the first one left is the second one's now: the way to 5В, not a way through 5Б.
  expect(answer.follows?.overtaken).toEqual(['movement:m2'])
  expect(stepsOf(answer)).toEqual(['add:schoolClass:5В:s2', 'add:classStudents:5В:s2', 'remove:classStudents:5А:s2', 'remove:schoolClass:5А:s2'])
  expect(await world.check('m2')).toEqual({ type: 'STEPS_PLANNED', of: 'check' })
})

test('a movement that was overtaken and is taken up again has its work in hand: nobody else is asked for it', async () => {
  await world.addPupil('s20', classes['5А']!)
  await world.settlePlaces()
  await world.enter('m40', 's20', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  await world.begin('m40')
  await world.enter('m41', 's20', { kind: 'classTransfer', on: '2026-10-15', to: classes['5В']! })
  expect((await world.begin('m41')).follows?.overtaken).toEqual(['movement:m40'])
  for (const id of ['m40', 'm41']) await world.close(id, 'partiallyDone')
  await world.close('m40', 'platformWork')
  expect(stepsOf(await world.check('m40'))).toContain('add:schoolClass:5В:s20')
  await world.close('m41', 'platformWork')
  expect(stepsOf(await world.check('m41'))).toEqual([])
})

test('two movements of one person at once: each changes the register, one of them has the work', async () => {
  await world.addPupil('s3', classes['5А']!)
  await world.settlePlaces()
  await world.enter('m4', 's3', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  await world.enter('m5', 's3', { kind: 'departure', on: '2026-10-19' })
  const answers = await Promise.all([world.begin('m4'), world.begin('m5')])
  expect(await world.lines('s3')).toEqual(['5А … – 2026-10-13', '5Б 2026-10-13 – 2026-10-19'])
  const overtaken = answers.flatMap(({ follows }) => follows?.overtaken ?? [])
  expect(overtaken).toHaveLength(1)
  const last = answers.find(({ follows }) => follows?.overtaken)!
  expect(stepsOf(last)).toEqual(['remove:classStudents:5А:s3', 'remove:schoolClass:5А:s3'])
})

test('what makes no sense on its day changes nothing and says why; so does what would take the ground from under a later movement', async () => {
  await world.addPupil('s4', classes['5А']!)
  await world.enter('m6', 's4', { kind: 'enrollment', on: '2026-10-13', to: classes['5Б']! })
  expect(await world.begin('m6')).toEqual({ type: 'BLOCKED', reason: 'alreadyThere' })
  await world.enter('m7', 's4', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  await world.begin('m7')
  await world.enter('m8', 's4', { kind: 'departure', on: '2026-10-12' })
  expect(await world.begin('m8')).toMatchObject({ type: 'BLOCKED', reason: 'laterMovement', number: expect.stringMatching(/^ДВ-/) })
  expect(await world.lines('s4')).toEqual(['5А … – 2026-10-13', '5Б 2026-10-13 –'])
  await world.addPupil('s5', null)
  await world.enter('m9', 's5', { kind: 'departure', on: '2026-10-13' })
  expect(await world.begin('m9')).toEqual({ type: 'BLOCKED', reason: 'notThere' })
})

test('without an order in force nothing changes (BR-16), nor into a class that is closed', async () => {
  await world.addPupil('s6', classes['5А']!)
  await world.addOrder('o-cancelled', 'students')
  await world.tx((tx) => tx.query(`update orders set status = 'cancelled' where id = 'o-cancelled'`))
  await world.enter('m10', 's6', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']!, order: 'o-cancelled' })
  expect(await world.begin('m10')).toEqual({ type: 'BLOCKED', reason: 'orderNotInForce' })
  const closing = await world.addClass('5Г', [])
  await world.tx((tx) => tx.query('update school_classes set closed_at = now() where id = $1', [closing]))
  await world.enter('m11', 's6', { kind: 'classTransfer', on: '2026-10-14', to: closing })
  expect(await world.begin('m11')).toEqual({ type: 'BLOCKED', reason: 'classClosed' })
  expect(await world.lines('s6')).toEqual(['5А … –'])
})

test('who leaves takes the guardians along, except those who stay for another child; who comes back is where the old membership points to', async () => {
  await world.addPupil('s7', classes['5А']!, ['g7', 'g8'])
  await world.addPupil('s8', classes['5А']!, ['g8'])
  await world.settlePlaces()
  await world.enter('m12', 's7', { kind: 'departure', on: '2026-10-13' })
  expect(stepsOf(await world.begin('m12'))).toEqual(['remove:classStudents:5А:s7', 'remove:schoolClass:5А:s7', 'remove:classGuardians:5А:g7'])
  await world.confirm('m12')
  expect(await world.placesOf('g8')).toEqual(['classGuardians:5А'])
  await world.close('m12', 'completed')

  await world.enter('m13', 's7', { kind: 'readmission', on: '2026-10-19', to: classes['5Б']! })
  expect(stepsOf(await world.begin('m13'))).toEqual(['add:schoolClass:5Б:s7', 'add:classStudents:5Б:s7', 'add:classGuardians:5Б:g7', 'add:classGuardians:5Б:g8'])
  const { rows } = await world.tx((tx) => tx.query<{ previous: string }>(`select previous_id as previous from memberships where id = 'mem_m13'`))
  expect(rows).toEqual([{ previous: 'mem_s7' }])
})

test('work for a guardian that another child’s movement has in hand is not asked again, and is void when it would undo what is wanted', async () => {
  await world.addPupil('s9', classes['5А']!, ['g9'])
  await world.addPupil('s10', classes['5Б']!, ['g9'])
  await world.settlePlaces()
  await world.enter('m14', 's9', { kind: 'classTransfer', on: '2026-10-13', to: classes['5В']! })
  expect(stepsOf(await world.begin('m14'))).toContain('remove:classGuardians:5А:g9')
  await world.enter('m15', 's10', { kind: 'classTransfer', on: '2026-10-13', to: classes['5А']! })
  const answer = await world.begin('m15')
  // 5В is in the first one's hands; 5А, which it would take from the guardian, is wanted again.
  expect(stepsOf(answer)).toEqual(['add:schoolClass:5А:s10', 'add:classStudents:5А:s10', 'remove:classStudents:5Б:s10', 'remove:schoolClass:5Б:s10', 'remove:classGuardians:5Б:g9'])
  expect(answer.follows?.voided).toEqual([{ to: 'movement:m14', steps: ['remove:classGuardians:5А:g9'] }])
})

test('taken back, the register is as if it had never been, and the platform goes the way back from where it is', async () => {
  await world.addPupil('s11', classes['5А']!, ['g11'])
  await world.settlePlaces()
  await world.enter('m16', 's11', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  await world.begin('m16')
  await world.confirm('m16', 'add:schoolClass:5Б:s11', 'add:classStudents:5Б:s11')
  const [answer, again] = [await world.reverse('m16', 'o-later'), await world.jobs.reverse('m16')]
  expect(again).toEqual(answer)
  expect(await world.lines('s11')).toEqual(['5А … –'])
  // Added to the new class, not yet removed from the old one: only that is undone.
  expect(stepsOf(answer)).toEqual(['remove:classStudents:5Б:s11', 'remove:schoolClass:5Б:s11'])
  await world.confirm('m16')
  expect(await world.placesOf('s11')).toEqual(['classStudents:5А', 'schoolClass:5А'])
})

test('a movement that a later one rests on is not taken back before that one', async () => {
  await world.addPupil('s12', null)
  await world.enter('m17', 's12', { kind: 'enrollment', on: '2026-10-12', to: classes['5А']! })
  await world.begin('m17')
  await world.enter('m18', 's12', { kind: 'classTransfer', on: '2026-10-14', to: classes['5Б']! })
  await world.begin('m18')
  expect(await world.reverse('m17')).toMatchObject({ type: 'BLOCKED', reason: 'laterMovement' })
  await world.reverse('m18')
  expect(await world.lines('s12')).toEqual(['5А 2026-10-12 –'])
  await world.reverse('m17')
  expect(await world.lines('s12')).toEqual([])
})

test('who was ended by hand and then by an earlier order is ended by hand again when the order is taken back', async () => {
  await world.addPupil('s13', classes['5А']!)
  await world.tx((tx) => tx.query(`update memberships set ended_at = '2026-10-18T10:00:00Z' where id = 'mem_s13'`))
  await world.enter('m19', 's13', { kind: 'departure', on: '2026-10-12' })
  await world.begin('m19')
  expect(await world.lines('s13')).toEqual(['5А … – 2026-10-12'])
  await world.reverse('m19')
  expect(await world.lines('s13')).toEqual(['5А … – 2026-10-18'])
})

test('outstanding invitations to where the person does not belong any more die at once, with a link of their own', async () => {
  await world.addPupil('s14', classes['5А']!, ['g14'])
  await world.tx(async (tx) => {
    const link = (id: string, target: string, targetId: string, role: string, scope: string) =>
      tx.query(`insert into invite_links (id, org_id, process_id, number, target, target_id, platform_role, scope, state, platform_state) values ($1, $2, 'inviteLink:' || $1, $1, $3, $4, $5, $6, 'active', 'live')`, [id, orgId, target, targetId, role, scope])
    const invitation = (id: string, linkId: string, person: string, target: string, targetId: string, role: string) =>
      tx.query(`insert into invitations (id, org_id, process_id, link_id, person_id, target, target_id, platform_role, state, delivery) values ($1, $2, 'invitation:' || $1, $3, $4, $5, $6, $7, 'sent', 'accepted')`, [id, orgId, linkId, person, target, targetId, role])
    await link('l-class', 'class', classes['5А']!, 'student', 'personal')
    await invitation('i-class', 'l-class', 's14', 'class', classes['5А']!, 'student')
    await link('l-group', 'chat', 'classGuardians:5А', 'guardian', 'group')
    await invitation('i-group', 'l-group', 'g14', 'chat', 'classGuardians:5А', 'guardian')
    await link('l-new', 'chat', 'classGuardians:5Б', 'guardian', 'group')
    await invitation('i-new', 'l-new', 'g14', 'chat', 'classGuardians:5Б', 'guardian')
  })
  await world.enter('m20', 's14', { kind: 'classTransfer', on: '2026-10-13', to: classes['5Б']! })
  expect((await world.begin('m20')).follows).toMatchObject({ invitations: ['invitation:i-class', 'invitation:i-group'], links: [{ to: 'inviteLink:l-class', active: true }] })
})
