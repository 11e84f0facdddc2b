import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const year = '2026-2027'
let registrar = ''
let classTeacher = ''
beforeAll(async () => {
  await samplePeople(db, orgId)
  registrar = await keyOf(db, orgId, ['registrar'])
  classTeacher = await keyOf(db, orgId, ['classTeacher', 'teacher'], 'p3')
})
const api = async (key = registrar) => client(await scratchApp(db), key)
type Row = { status: string; id?: string; name?: string; problem?: { code: string; path: string } }

const open = async (...names: string[]): Promise<Record<string, string>> => {
  const { body } = await (await api()).post('classes', { academicYear: year, classes: names.map((name) => ({ name })) })
  return Object.fromEntries(body.rows.map(({ name, id }: Row) => [name, id]))
}

test('classes with all their oddities are entered at once, each row with its result, and listed as people expect', async () => {
  const school = await api()
  const { status, body } = await school.post('classes', {
    academicYear: year,
    classes: [{ name: '9б' }, { name: '5 «А»' }, { name: '5a' }, { name: '9-1' }, { name: '4' }, { name: '5ИТ' }, { grades: [3, 1] }, { name: '10А' }, { name: '5Q' }, {}, { grades: [2, 2] }],
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ academicYear: year, created: 6 })
  expect(body.rows.map(({ status, name, problem }: Row) => problem?.code ?? `${status} ${name}`)).toEqual([
    'created 9Б', 'created 5А', 'rowSame', 'created 9-1', 'created 4', 'created 5ИТ', 'created 1–3 (комплект)', 'classGrade', 'classLetterLatin', 'fieldRequired', 'classGradesFew',
  ])
  expect(body.rows[7].problem).toMatchObject({ path: 'classes.7.name', message: 'Класс должен быть от 1 до 9' })
  const { items } = (await school.get(`classes?academicYear=${year}`)).body
  expect(items.map(({ name }: Row) => name)).toEqual(['1–3 (комплект)', '4', '5А', '5ИТ', '9-1', '9Б'])
  expect(items[0]).toMatchObject({ grades: [1, 3], letter: '', platformName: null, closedAt: null, pupils: 0 })
  // The same class of another year is another class; a class that is there is named, not doubled.
  expect((await school.post('classes', { academicYear: '2027-2028', classes: [{ name: '5А' }] })).body.created).toBe(1)
  expect((await school.post('classes', { academicYear: year, classes: [{ name: '5-А' }] })).body).toMatchObject({ created: 0, rows: [{ status: 'exists', name: '5А' }] })
})

test('a list without a class that could be opened is refused, and so is a year that is none', async () => {
  const school = await api()
  expect(await school.post('classes', { academicYear: year, classes: [{ name: 'А' }] })).toMatchObject({ status: 422, body: { problems: [{ code: 'classNameFormat', path: 'classes.0.name' }] } })
  expect(await school.post('classes', { academicYear: '2026-2030', classes: [{ name: '5А' }] })).toMatchObject({ status: 422, body: { problems: [{ path: 'academicYear' }] } })
})

test('the current and the next academic year are there before they have classes', async () => {
  const { items } = (await (await api()).get('academic-years')).body
  const current = items.findIndex((one: { current: boolean }) => one.current)
  expect(items[current].title).toMatch(/^\d{4}\/\d{2}$/)
  expect(items[current + 1].startsOn).toBe(`${items[current].endsOn.slice(0, 4)}-09-01`)
})

test('a class is renamed, closed when it is empty, and opened again unless its name is taken', async () => {
  const school = await api()
  const classes = await open('6А', '6Б')
  expect((await school.patch(`classes/${classes['6А']}`, { name: '6б' })).body.problems[0]).toMatchObject({ code: 'classTaken', message: 'Класс с таким названием в этом учебном году уже есть' })
  expect((await school.patch(`classes/${classes['6А']}`, { name: '6 В' })).body).toMatchObject({ name: '6В', grades: [6] })
  await inSchool(db, orgId, async (tx) => {
    await insertPeople(tx, orgId, ['s1', 'g1'].map((id) => ({ id, lastName: 'Ким', firstName: 'Анна', patronymic: null, phone: null, email: null, searchKey: 'ким анна' })))
    const membership = { roles: [], position: null, teachingStaff: false, guardianOf: null }
    await insertMemberships(tx, orgId, [
      { ...membership, id: 'mem_s1', personId: 's1', kind: 'student', classId: classes['6Б']! },
      { ...membership, id: 'mem_g1', personId: 'g1', kind: 'guardian', guardianOf: 's1' },
    ])
  })
  expect((await school.get(`classes/${classes['6Б']}`)).body).toMatchObject({ pupils: 1, guardians: 1, people: [{ personId: 's1', name: 'Ким Анна', platformStatus: 'absent' }], places: [] })
  expect(await school.patch(`classes/${classes['6Б']}`, { closed: true })).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:classNotEmpty', detail: expect.stringContaining('(1)') } })
  expect((await school.patch(`classes/${classes['6А']}`, { closed: true })).body.closedAt).not.toBeNull()
  const again = await open('6В')
  expect(again['6В']).not.toBe(classes['6А'])
  expect((await school.patch(`classes/${classes['6А']}`, { closed: false })).body.problems[0].code).toBe('classTaken')
})

test('a class teacher sees the own class and no other, a teacher none', async () => {
  const classes = await open('7А', '7Б')
  await inSchool(db, orgId, (tx) => tx.query(`update memberships set roles = roles || '{classTeacher}', class_id = $1 where id = 'mem_p3'`, [classes['7А']]))
  const own = await api(classTeacher)
  expect((await own.get(`classes?academicYear=${year}`)).body.items).toMatchObject([{ name: '7А', classTeachers: [{ id: 'p3', name: 'Мамедов Вагиф' }] }])
  expect((await own.get(`classes/${classes['7А']}`)).status).toBe(200)
  expect((await own.get(`classes/${classes['7Б']}`)).status).toBe(404)
  expect((await own.post('classes', { classes: [{ name: '7В' }] })).status).toBe(403)
  expect((await (await api(await keyOf(db, orgId, ['teacher'], 'p4'))).get(`classes?academicYear=${year}`)).body.items).toEqual([])
})

test('subjects are entered once, however they are written', async () => {
  const school = await api()
  const { body } = await school.post('subjects', { subjects: [{ name: 'Физика' }, { name: ' физика ' }, { name: '<b>' }, { name: 'Черчение' }] })
  expect(body.rows.map(({ status, problem }: Row) => problem?.code ?? status)).toEqual(['created', 'rowSame', 'textHtml', 'created'])
  expect((await school.post('subjects', { subjects: [{ name: 'ФИЗИКА' }] })).body).toMatchObject({ created: 0, rows: [{ status: 'exists', name: 'Физика' }] })
  expect((await school.get('subjects')).body.items.map(({ name }: Row) => name)).toEqual(['Физика', 'Черчение'])
})

test('loads are entered in one list, end and stay ended; a teacher sees the own ones', async () => {
  const school = await api()
  const { '8А': classId } = await open('8А')
  const [physics] = (await school.post('subjects', { subjects: [{ name: 'Алгебра' }] })).body.rows
  const load = { classId, subjectId: physics.id, personId: 'p3' }
  const { body } = await school.post('teaching-loads', {
    loads: [load, { ...load, personId: 'p4', classGroup: '1-я группа' }, load, { ...load, classId: 'cls_none' }, { ...load, subjectId: 'sub_none' }, { ...load, personId: 's1' }, { ...load, personId: 'nobody' }],
  })
  expect(body.rows.map(({ status, problem }: Row) => problem?.code ?? status)).toEqual(['created', 'created', 'rowSame', 'classUnknown', 'subjectUnknown', 'personNotStaff', 'personUnknown'])
  expect((await school.post('teaching-loads', { loads: [load] })).body).toMatchObject({ created: 0, rows: [{ status: 'exists' }] })

  const first = (await school.get(`teaching-loads?academicYear=${year}&limit=1`)).body
  const second = (await school.get(`teaching-loads?academicYear=${year}&limit=1&cursor=${first.next}`)).body
  expect([...first.items, ...second.items].map(({ personId }: { personId: string }) => personId).sort()).toEqual(['p3', 'p4'])
  expect(second.next).toBeUndefined()
  const own = (await (await api(classTeacher)).get(`teaching-loads?academicYear=${year}&personId=p4`)).body.items
  expect(own).toMatchObject([{ className: '8А', subjectName: 'Алгебра', personId: 'p3', personName: 'Мамедов Вагиф', classGroup: '' }])

  const ids = [body.rows[0].id, 'lod_none']
  expect((await school.post('teaching-loads/remove', { ids })).body).toEqual({ removed: 1, rows: [{ index: 0, id: ids[0], status: 'removed' }, { index: 1, id: 'lod_none', status: 'notThere' }] })
  expect((await school.get(`teaching-loads?academicYear=${year}`)).body.items).toHaveLength(1)
  // It may begin again.
  expect((await school.post('teaching-loads', { loads: [load] })).body.created).toBe(1)
})
