import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { listFoundMovements } from '../../../db/import-movements.ts'
import { archive, table, workbookParts } from '../../support/import-files.ts'
import { importsOf } from '../../support/imported.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = 'org_zarechie'
const imports = importsOf(db, orgId)
beforeAll(async () => {
  await sampleSchool(db)
  await samplePeople(db, orgId, 0)
})
beforeEach(() => inSchool(db, orgId, async (tx) => {
  for (const gone of ['import_movements', 'external_codes', 'teaching_loads', 'subjects']) await tx.query(`delete from ${gone}`)
  await tx.query(`delete from memberships where person_id not in ('p1', 'p2')`)
  await tx.query(`delete from people where id not in ('p1', 'p2')`)
  await tx.query('delete from school_classes')
}))

const csv = (titles: string[], ...rows: string[][]) => Buffer.from(table([titles, ...rows]))
const planned = async (bytes: Buffer, wanted = {}) => {
  const id = await imports.upload(bytes, wanted)
  const ready = await imports.preview(id)
  return { id, ready, rows: await imports.rows(id) }
}
const brought = async (bytes: Buffer, wanted = {}) => {
  const { id, ready } = await planned(bytes, wanted)
  return imports.commit(id, ready.version)
}
const staffTitles = ['ФИО', 'Должность', 'Телефон', 'Почта']
const idOf = async (key: string) => (await inSchool(db, orgId, (tx) => tx.query<{ id: string }>('select id from people where search_key = $1 order by id', [key]))).rows[0]!.id

test('staff are entered with what they are and how they are reached; a teacher gets the role', async () => {
  await brought(csv(staffTitles, ['Мамедов Вагиф Расим оглы', 'учитель физики', '8 900 000-00-04', 'v.mamedov@zarechie.example'], ['Ким Анна', 'завхоз', '', '']))
  expect(await imports.register()).toEqual(['Ким Анна staff завхоз', 'Мамедов Вагиф Расим оглы staff учитель физики +79000000004'])
  const { rows } = await inSchool(db, orgId, (tx) => tx.query(`select roles, teaching_staff as teaching from memberships where position in ('завхоз', 'учитель физики') order by position`))
  expect(rows).toEqual([{ roles: [], teaching: false }, { roles: ['teacher'], teaching: true }])
})

test('staff who are there are changed cell by cell; an empty or masked cell takes nothing away', async () => {
  await brought(csv(staffTitles, ['Ким Анна', 'завхоз', '8 900 000-00-05', 'a.kim@zarechie.example']))
  const { id, ready, rows } = await planned(csv(staffTitles, ['Ким Анна', 'учитель истории', '', 'A.Kim@zarechie.example']))
  expect(rows).toEqual(['2 ким анна: change email=A.Kim@zarechie.example,position=учитель истории,teachingStaff=true'])
  await imports.commit(id, ready.version)
  expect(await imports.register()).toEqual(['Ким Анна staff учитель истории +79000000005'])
  expect((await planned(csv(staffTitles, ['Ким Анна', '', '+7 (900) ***-**-05', '']))).rows).toEqual(['2 ким анна: same'])
})

test('a contact tells namesakes on the staff apart, and who has left is asked about', async () => {
  await brought(csv(staffTitles, ['Ким Анна', 'завхоз', '8 900 000-00-05', ''], ['Орлова Вера', 'учитель', '', '']))
  await inSchool(db, orgId, (tx) => tx.query(`update memberships set ended_at = now() where position = 'учитель' and person_id <> 'p1' and person_id <> 'p2'`))
  const { rows } = await planned(csv(staffTitles, ['Ким Анна', 'завхоз', '8 900 000-00-05', ''], ['Ким Анна', 'учитель', '8 900 000-00-06', ''], ['Орлова Вера', 'учитель', '', '']))
  expect(rows).toEqual(['2 ким анна: same', '3 ким анна: create', '4 орлова вера: ask askLeft'])
})

test('who else is on the staff has left only where the list is said to be complete', async () => {
  await brought(csv(staffTitles, ['Ким Анна', 'завхоз', '', ''], ['Орлова Вера Ильинична', 'учитель', '', '']))
  const list = csv(staffTitles, ['Орлова Вера Ильинична', 'учитель', '', ''], ['Воронцова Елена', 'директор', '', ''], ['Лисицын Павел', 'учитель', '', ''])
  expect((await planned(list)).ready.counts).toMatchObject({ leave: 0 })
  const { id, ready, rows } = await planned(list, { wantedComplete: true })
  expect(rows.at(-1)).toBe('— ким анна: leave staffDeparture')
  await imports.commit(id, ready.version)
  expect((await inSchool(db, orgId, (tx) => listFoundMovements(tx, { limit: 9 }))).map(({ kind }) => kind)).toEqual(['staffDeparture'])
})

const guardianTitles = ['ФИО родителя', 'Телефон', 'ФИО ребёнка', 'Класс']
const pupils = csv(['ФИО', 'Класс'], ['Ким Даниил', '9Б'], ['Ким Вера', '5А'], ['Орлов Пётр', '5А'], ['Орлов Пётр', '6А'])

test('guardians come with their children: one person for two, two of one name by their contacts', async () => {
  await brought(pupils)
  const { id, ready, rows } = await planned(
    csv(guardianTitles, ['Ким Анна', '8 900 000-00-05', 'Ким Даниил', '9Б'], ['Ким Анна', '8 900 000-00-05', 'Ким Вера', '5А'], ['Ким Анна', '8 900 000-00-06', 'Орлов Пётр', '6А'],
      ['Ким Анна', '', 'Орлов Пётр', '5А'], ['Орлов Лев', '', 'Орлов Пётр', ''], ['Орлов Лев', '', 'Никто Такой', '5А'], ['Ким Анна', '8 900 000-00-05', 'Ким Вера', '5А']),
  )
  expect(rows).toEqual([
    '2 ким анна: create', '3 ким анна: create', '4 ким анна: create', '5 ким анна: ask askElsewhere', '6 орлов лев: ask askChild', '7 орлов лев: problem childNotFound', '8 ким анна: skip rowIsRepeated',
  ])
  await imports.commit(id, ready.version)
  expect((await imports.register()).filter((line) => line.includes('guardian'))).toEqual([
    'Ким Анна guardian +79000000005 Ким Вера', 'Ким Анна guardian +79000000005 Ким Даниил', 'Ким Анна guardian +79000000006 Орлов Пётр',
  ])
})

test('the child and the guardian of a row are two questions', async () => {
  await brought(pupils)
  await brought(csv(staffTitles, ['Орлов Лев', 'учитель', '8 900 000-00-07', '']))
  const list = csv(guardianTitles, ['Орлов Лев', '', 'Орлов Пётр', ''])
  const { id, rows } = await planned(list)
  expect(rows).toEqual(['2 орлов лев: ask askChild'])
  const child = await idOf('орлов петр')
  expect((await imports.preview(id, [{ row: 1, decision: 'child', personId: child }])).counts).toMatchObject({ ask: 1 })
  expect(await imports.rows(id)).toEqual(['2 орлов лев: ask askElsewhere'])
  const teacher = await imports.preview(id, [{ row: 1, decision: 'same', personId: await idOf('орлов лев') }])
  expect(teacher.counts).toMatchObject({ create: 1, ask: 0 })
  await imports.commit(id, teacher.version)
  // A teacher who is a parent: one person, two memberships.
  expect((await imports.register()).filter((line) => line.startsWith('Орлов Лев'))).toEqual(['Орлов Лев guardian +79000000007 Орлов Пётр', 'Орлов Лев staff учитель +79000000007'])
  expect((await planned(list)).rows).toEqual(['2 орлов лев: ask askChild'])
})

test('classes, also combined ones and without a letter, and subjects are entered once', async () => {
  await brought(csv(['Класс'], ['5А'], ['5 «а»'], ['1–3 (комплект)'], ['9']))
  const { rows } = await planned(csv(['Параллель', 'Литера'], ['5', 'А'], ['9', ''], ['9', 'ИТ']))
  expect(rows).toEqual(['2 5:А: same', '3 9:: same', '4 9:ИТ: create'])
  await brought(csv(['Предмет'], ['Физика'], ['физика'], ['Химия']))
  expect((await planned(csv(['Предмет'], ['ФИЗИКА'], ['Музыка']))).rows).toEqual(['2 физика: same', '3 музыка: create'])
})

test('loads need their class and one teacher, by full name or initials; a subject may be new', async () => {
  await brought(csv(['Класс'], ['5А'], ['9Б']))
  await brought(csv(staffTitles, ['Мамедов Вагиф Расим оглы', 'учитель', '', ''], ['Ким Анна Львовна', 'учитель', '8 900 000-00-05', ''], ['Ким Алла Львовна', 'учитель', '8 900 000-00-06', '']))
  const titles = ['Учитель', 'Предмет', 'Класс', 'Группа']
  const list = csv(titles, ['Мамедов В. Р.', 'Физика', '9Б', ''], ['Ким Анна Львовна', 'История', '5А', '1-я группа'], ['Ким А.Л.', 'История', '9Б', ''], ['Никто Н. Н.', 'История', '9Б', ''], ['Мамедов В. Р.', 'Физика', '7А', ''], ['Мамедов Вагиф Расим оглы', 'физика', '9б', ''])
  const { id, ready, rows } = await planned(list)
  expect(rows).toEqual([
    '2 физика: create subjectWillOpen', '3 история: create subjectWillOpen', '4 история: ask askTeacher', '5 история: problem teacherNotFound', '6 физика: problem classUnknown', '7 физика: skip rowIsRepeated',
  ])
  await imports.commit(id, ready.version)
  expect((await planned(list)).rows.slice(0, 2)).toEqual(['2 физика: same', '3 история: same'])
})

const bulk = (files: string, version = '1.1') => `propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,${version}\r\n${files.split(' ').map((file) => `file.${file},bulk`).join('\r\n')}\r\n`
const oneRoster11 = {
  'manifest.csv': bulk('academicSessions orgs courses classes enrollments users'),
  'academicSessions.csv': 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\r\ny1,,,2026/27,schoolYear,2026-09-01,2027-08-31,,2027\r\n',
  'orgs.csv': 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\r\no1,,,Другая школа,school,1,\r\no2,,,Наша,school,0001000010,\r\n',
  'courses.csv': 'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes\r\nc1,,,y1,Физика,,,o2,,\r\n',
  'classes.csv': 'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods\r\nk1,,,9Б,09,,,homeroom,,o2,y1,,,\r\nk2,,,Физика 9Б,09,c1,,scheduled,,o2,y1,,,\r\nk3,,,1А,01,,,homeroom,,o1,y1,,,\r\n',
  'enrollments.csv': 'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\r\ne1,,,k1,o2,u1,student,,,\r\ne2,,,k2,o2,u1,student,,,\r\ne3,,,k2,o2,u2,teacher,true,,\r\ne4,,,k1,o2,u2,teacher,true,,\r\ne5,,,k3,o1,u9,student,,,\r\n',
  'users.csv': '\ufeffsourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\r\nu1,,,true,o2,student,kim,,Даниил,Ким,,,,,,u3,,CANARY-1\r\nu2,,,true,o2,teacher,m,,Вагиф,Мамедов,Расим оглы,,v@zarechie.example,,89000000004,,,CANARY-2\r\nu3,,,true,o2,parent,ka,,Анна,Ким,,,,89000000005,,,,CANARY-3\r\nu9,,,true,o1,student,x,,Чужой,Ученик,,,,,,,,CANARY-9\r\n',
}

test('a OneRoster 1.1 archive brings classes, people, guardians and loads of the own school; passwords are not so much as kept', async () => {
  const { id, ready, rows } = await planned(await archive(oneRoster11), { wantedYear: null })
  expect(rows).toEqual(['2 9:Б: create', '2 ким даниил: create classWillOpen', '3 мамедов вагиф расим оглы: create', '4 ким анна: create', '4 физика: create subjectWillOpen'])
  await imports.commit(id, ready.version)
  expect(await imports.register()).toEqual(['Ким Анна guardian +79000000005 Ким Даниил', 'Ким Даниил student 9Б', 'Мамедов Вагиф Расим оглы staff +79000000004'])
  const { rows: kept } = await inSchool(db, orgId, (tx) => tx.query<{ text: string }>(`select row_to_json(r)::text as text from import_rows r union all select row_to_json(i)::text from imports i`))
  expect(kept.filter(({ text }) => text.includes('CANARY'))).toEqual([])
  expect((await planned(await archive(oneRoster11))).ready.counts).toMatchObject({ create: 0, change: 0, move: 0, leave: 0, same: 5 })
})

test('a OneRoster 1.2 delta changes a name by its code and tells who is gone', async () => {
  await brought(await archive(oneRoster11))
  const users = 'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier'
  const delta = await archive({
    'pack/manifest.csv': 'propertyName,value\r\noneroster.version,1.2\r\nfile.users,delta\r\nfile.roles,delta\r\n',
    'pack/users.csv': `${users}\r\nu1,tobedeleted,2026-10-01T00:00:00Z,false,kim,,Даниил,Ким,,,,,,,,CANARY,\r\nu2,active,2026-10-01T00:00:00Z,true,m,,Вагиф,Мамедов-Алиев,Расим оглы,,,,,,,,\r\n`,
    'pack/roles.csv': 'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\r\nr1,active,,u1,primary,student,,,,\r\nr2,active,,u2,primary,teacher,,,,\r\n',
  })
  const { id, ready, rows } = await planned(delta)
  expect(rows).toEqual(['2 ким даниил: leave departure', '3 мамедов-алиев вагиф расим оглы: change lastName=Мамедов-Алиев'])
  await imports.commit(id, ready.version)
  expect(await imports.register()).toContain('Мамедов-Алиев Вагиф Расим оглы staff +79000000004')
  expect(await imports.register()).toContain('Ким Даниил student 9Б')
})

test.each<[string, Record<string, string>, string]>([
  ['another version', { ...oneRoster11, 'manifest.csv': bulk('users', '2.0') }, 'oneRosterVersion'],
  ['several schools, none of them this', { ...oneRoster11, 'orgs.csv': oneRoster11['orgs.csv'].replace('0001000010', '2') }, 'oneRosterSchools'],
  ['a missing file', { 'manifest.csv': bulk('users') }, 'oneRosterFile'],
  ['a missing column', { ...oneRoster11, 'users.csv': 'sourcedId,role\r\nu1,student\r\n' }, 'oneRosterColumn'],
])('a OneRoster archive with %s is refused', async (_name, files, code) => {
  expect((await planned(await archive(files))).ready).toEqual({ type: 'PREVIEW_FAILED', code })
})

test('characters that no register can hold, and rows that no sheet has, harm nothing wherever they stand', async () => {
  expect((await planned(Buffer.from('ФИО\0;Класс;Приме\0чание\r\nKим\0 Анна;9Б;\0\r\n'))).rows).toEqual(['2 ким анна: problem nameMixedLatin'])
  const parts = workbookParts({ sheets: { Л: [['ФИО', 'Класс', 'П_x0000_р_xD800_'], ['Kим_x0000_ Анна_xDC00_', '9Б'], ['Ким Даниил', '9Б']] } })
  const sheet = parts['xl/worksheets/sheet1.xml']!
  for (const line of ['99999999999', 'x', '-3']) {
    parts['xl/worksheets/sheet1.xml'] = sheet.replace('<row r="3"', `<row r="${line}"`)
    expect((await planned(await archive(parts))).rows).toEqual(['2 ким анна\ufffd: problem nameMixedLatin,nameCharacter', '3 ким даниил: create classWillOpen'])
  }
  const lessons = { 'manifest.csv': bulk('users classes enrollments'), 'classes.csv': 'sourcedId,title,classType\r\nc,Физика\0 9Б,scheduled\r\n', 'users.csv': 'sourcedId,givenName,familyName,role\r\nt,Анна\0,Ким,teacher\r\n', 'enrollments.csv': 'classSourcedId,userSourcedId,role\r\nc,t\0,teacher\r\n' }
  expect((await planned(await archive(lessons))).ready).toMatchObject({ type: 'PREVIEW_READY' })
})
