import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, openDatabase, type Queryable } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { confirmPlaces, expectWanted, readPlaces, readPlaceSteps } from '../../db/wanted-spaces.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const inIt = <T>(work: (tx: Queryable) => Promise<T>) => inSchool(db, orgId, work)
const classes = { '5А': '', '5Б': '' }

beforeAll(async () => {
  await samplePeople(db, orgId)
  await inIt(async (tx) => {
    classes['5А'] = await ensureClass(tx, orgId, '2026-2027', '5А')
    classes['5Б'] = await ensureClass(tx, orgId, '2026-2027', '5Б')
    await insertPeople(tx, orgId, ['s1', 's2', 'g1'].map((id) => ({ id, lastName: 'Ким', firstName: 'Анна', patronymic: null, phone: null, email: null, searchKey: 'ким анна' })))
    const membership = { roles: [], position: null, teachingStaff: false, guardianOf: null }
    await insertMemberships(tx, orgId, [
      { ...membership, id: 'mem_s1', personId: 's1', kind: 'student', classId: classes['5А'] },
      { ...membership, id: 'mem_s2', personId: 's2', kind: 'student', classId: classes['5Б'] },
      { ...membership, id: 'mem_g1', personId: 'g1', kind: 'guardian', guardianOf: 's1' },
    ])
    await tx.query(`update memberships set roles = roles || '{classTeacher}', class_id = $1 where id = 'mem_p3'`, [classes['5А']])
    // A second class of the same teacher stands in the assignment only.
    await tx.query(`insert into staff_assignments (id, org_id, process_id, kind, person_id, class_name, class_id, state) values ('a1', $1, 'staffAssignment:a1', 'classTeacher', 'p3', '5Б', $2, 'active')`, [orgId, classes['5Б']])
    await tx.query(`insert into subjects (id, org_id, name, folded_name) values ('sub_1', $1, 'Физика', 'физика')`, [orgId])
    await tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) values ('lod_1', $1, $2, 'sub_1', 'p4')`, [orgId, classes['5А']])
    for (const [id, kind, className, subject] of [['a', 'classStudents', '5А', null], ['b', 'classStudents', '5Б', null], ['ga', 'classGuardians', '5А', null], ['ta', 'classTeachers', '5А', null], ['pa', 'subjectClass', '5А', 'sub_1']] as const) {
      await tx.query(`insert into spaces (id, org_id, kind, class_id, subject_id, name, owner_id, state) values ($1, $2, $3, $4, $5, $1, 'p3', 'active')`, [id, orgId, kind, classes[className], subject])
    }
    await tx.query(`insert into spaces (id, org_id, kind, class_id, name, state) values ('planned', $1, 'schoolClass', $2, 'x', 'creating')`, [orgId, classes['5А']])
  })
})

const stepsOf = async (personId: string) => (await inIt((tx) => readPlaceSteps(tx, [personId]))).get(personId)!.map(({ action, spaceId }) => `${action} ${spaceId}`)

test('a space that is there expects everybody whom the register puts into it, once', async () => {
  await inIt((tx) => expectWanted(tx, orgId, ['a', 'ga', 'ta', 'pa', 'planned']))
  await inIt((tx) => expectWanted(tx, orgId, ['a', 'ga', 'ta', 'pa', 'planned']))
  const { rows } = await inIt((tx) => tx.query<{ place: string }>(`select space_id || ' ' || person_id || ' ' || standing as place from places order by 1`))
  expect(rows.map(({ place }) => place)).toEqual(['a p3', 'a s1', 'ga g1', 'ga p3', 'pa p3', 'pa p4', 'pa s1', 'ta p3', 'ta p4'].map((place) => `${place} expected`))
})

test('what the register says less who is there is left to do; what a person confirmed is done', async () => {
  expect(await stepsOf('s1')).toEqual([])
  // The class teacher of two classes has one place still to take.
  expect(await stepsOf('p3')).toEqual(['add b'])
  await inIt((tx) => tx.query(`update memberships set class_id = $1 where id = 'mem_s1'`, [classes['5Б']]))
  expect(await stepsOf('s1')).toEqual(['add b', 'remove pa', 'remove a'])
  expect(await stepsOf('g1')).toEqual(['remove ga'])

  const steps = [{ personId: 's1', action: 'add' as const, spaceId: 'b' }, { personId: 's1', action: 'remove' as const, spaceId: 'a' }]
  await inIt((tx) => confirmPlaces(tx, orgId, steps))
  await inIt((tx) => confirmPlaces(tx, orgId, steps))
  expect(await inIt((tx) => readPlaces(tx, ['s1']))).toEqual(new Map([['s1', ['b', 'pa']]]))
  expect(await stepsOf('s1')).toEqual(['remove pa'])
})

test('who has left belongs nowhere', async () => {
  await inIt((tx) => tx.query(`update memberships set ended_at = now() where id in ('mem_p4', 'mem_s2')`))
  expect(await stepsOf('p4')).toEqual(['remove ta', 'remove pa'])
  expect(await stepsOf('s2')).toEqual([])
})
