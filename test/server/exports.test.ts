import { afterAll, beforeAll, expect, test } from 'vitest'
import { readFile, type ReadSettings } from '../../activities/import/read/read-file.ts'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { openArchive } from '../../school/roster/archive.ts'
import { tableKinds, type TableKind } from '../../school/roster/kinds.ts'
import type { RosterRow } from '../../school/roster/row.ts'
import { templateTitles } from '../../school/roster/write/template.ts'
import type { App } from '../../server/deps.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { table, workbook } from '../support/import-files.ts'
import { importsOf } from '../support/imported.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const academicYear = '2026-2027'
const imports = importsOf(db, orgId)
let admin = ''
let registrar = ''

const csv = (titles: string[], ...rows: string[][]) => Buffer.from(table([titles, ...rows]))
async function bring(bytes: Buffer): Promise<void> {
  const id = await imports.upload(bytes, { wantedYear: academicYear })
  expect(await imports.commit(id, (await imports.preview(id)).version)).toMatchObject({ type: 'COMMITTED', counts: { problem: 0, ask: 0 } })
}
beforeAll(async () => {
  await samplePeople(db, orgId, 0)
  admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  registrar = await keyOf(db, orgId, ['registrar'])
  await bring(csv(['Класс'], ['5А'], ['5-1'], ['1, 3'], ['9']))
  await bring(csv(['ФИО', 'Должность', 'Телефон', 'Почта', 'Дата приёма'], ['Мамедов Вагиф Расим оглы', 'учитель физики', '89000000004', 'v.mamedov@zarechie.example', '01.09.2020'], ['Ким Анна', 'завхоз', '89000000005', '', ''], ['Орлов Лев Ильич', 'учитель', '89000000006', '', ''], ['Орлов Лев Ильич', 'учитель', '89000000007', '', '']))
  await bring(csv(['Фамилия', 'Имя', 'Отчество', 'Имя латиницей', 'Класс', 'Дата зачисления'], ['Ёлкин', 'Матвей', 'Денисович', '', '5А', '01.09.2026'], ['Ким', 'Даниил', '', '', '5-1', ''], ['Ким', 'Даниил', '', '', '9', ''], ['Müller', 'Anna', '', 'да', '1, 3', '']))
  await bring(csv(['ФИО родителя', 'Телефон', 'Почта', 'ФИО ребёнка', 'Класс'], ['Ёлкина Ольга Игоревна', '+7 900 000-00-08', 'elkina@zarechie.example', 'Ёлкин Матвей Денисович', '5А'], ['Ким Анна', '8 900 000-00-05', '', 'Ким Даниил', '9'], ['Ёлкина Ольга Игоревна', '+7 900 000-00-08', '', 'Ким Даниил', '5-1']))
  await bring(csv(['Предмет', 'Класс', 'Учитель', 'Группа'], ['Физика', '9', 'Мамедов В. Р.', ''], ['Физика', '5А', 'Мамедов Вагиф Расим оглы', '1-я группа']))
  // Namesakes teach, and somebody has entered texts that begin like formulas.
  await inSchool(db, orgId, async (tx) => {
    const [first] = (await tx.query<{ id: string }>(`select id from people where search_key = 'орлов лев ильич' order by id`)).rows
    await tx.query(`insert into subjects (id, org_id, name, folded_name) values ('sub_x', $1, '@лгебра', '@лгебра')`, [orgId])
    await tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) select 'lod_x', $1, id, 'sub_x', $2 from school_classes where name = '9'`, [orgId, first!.id])
    await tx.query(`update memberships set position = '-0,5 ставки завхоза' where position = 'завхоз'`)
  })
})

async function fetched(app: App, key: string, body: object): Promise<{ bytes: Buffer; headers: Record<string, unknown> }> {
  const { status, body: made } = await client(app, key).post('exports', { academicYear, ...body })
  expect(status, JSON.stringify(made)).toBe(201)
  const { rawPayload, headers, statusCode } = await app.inject({ url: made.file, headers: { authorization: `Bearer ${key}` } })
  expect(statusCode).toBe(200)
  return { bytes: rawPayload, headers }
}
const settings: ReadSettings = { rules: { gradeMax: 9 }, school: { names: [], inn: '', gradeMax: 9 } }
async function read(bytes: Buffer): Promise<RosterRow[]> {
  const reading = readFile(bytes, settings)
  const rows: RosterRow[] = []
  for (let next = await reading.next(); !next.done; next = await reading.next()) rows.push(next.value)
  return rows
}

const forms = tableKinds.flatMap((register) => (['csv', 'xlsx'] as const).flatMap((format) => [true, false].map((fullContacts) => ({ register, format, fullContacts }))))
const sizes: Record<TableKind, number> = { students: 4, staff: 7, guardians: 3, classes: 4, subjects: 2, loads: 3 }

test.each(['xlsx', 'csv'] as const)('all registers as %s, read in again at once, change nothing', async (format) => {
  const { bytes } = await fetched(await scratchApp(db), admin, { register: 'all', format, fullContacts: true })
  for (const wanted of [{}, { wantedKind: 'all' as const }]) {
    const id = await imports.upload(bytes, { wantedYear: academicYear, ...wanted })
    const { counts } = await imports.preview(id)
    const same = Object.values(sizes).reduce((sum, size) => sum + size)
    expect(counts, (await imports.rows(id)).join('\n')).toEqual({ create: 0, change: 0, move: 0, leave: 0, same, ask: 0, problem: 0, skip: 0 })
  }
  // One of them alone is read where a person says so.
  const one = await imports.preview(await imports.upload(bytes, { wantedYear: academicYear, wantedKind: 'students' }))
  expect(one).toMatchObject(format === 'xlsx' ? { counts: { same: sizes.students } } : { type: 'PREVIEW_FAILED', code: 'archiveUnknown' })
})

test.each(forms)('$register as $format, read in again, change nothing (contacts in full: $fullContacts)', async ({ register, format, fullContacts }) => {
  const { bytes, headers } = await fetched(await scratchApp(db), admin, { register, format, fullContacts })
  expect(headers).toMatchObject({ 'content-disposition': `attachment; filename="${register}.${format}"`, 'content-security-policy': 'sandbox', 'x-content-type-options': 'nosniff' })
  const id = await imports.upload(bytes, { wantedYear: academicYear, wantedComplete: true })
  const { counts } = await imports.preview(id)
  expect(counts, (await imports.rows(id)).join('\n')).toEqual({ create: 0, change: 0, move: 0, leave: 0, same: sizes[register], ask: 0, problem: 0, skip: 0 })
})

test('no cell of an export is a formula, and names stay readable', async () => {
  const app = await scratchApp(db)
  const staff = (await fetched(app, admin, { register: 'staff', format: 'csv', fullContacts: true })).bytes.toString()
  expect(staff.startsWith('\ufeffКод;Фамилия;Имя;')).toBe(true)
  expect(staff).toContain(";Анна;;;'-0,5 ставки завхоза;нет;")
  expect(staff).toContain(";'+7 (900) 000-00-04;v.mamedov@zarechie.example;01.09.2020\r\n")
  const cells = staff.slice(1).split(/[;\r\n]+/)
  expect(cells.filter((cell) => /^"?[=+\-@\t]/.test(cell))).toEqual([])
  const book = await openArchive((await fetched(app, admin, { register: 'loads' })).bytes)
  let sheet = ''
  for await (const piece of book.open('xl/worksheets/sheet1.xml')) sheet += piece.toString()
  expect(sheet).toContain(`<t xml:space="preserve">'@лгебра</t>`)
  expect(sheet).not.toMatch(/<f>|<v>/)
  // The whole is a workbook with a sheet for each register, or an archive.
  const whole = await openArchive((await fetched(app, admin, { register: 'all' })).bytes)
  expect(whole.names.filter((name) => name.startsWith('xl/worksheets/'))).toHaveLength(6)
  expect((await openArchive((await fetched(app, admin, { register: 'all', format: 'csv' })).bytes)).names).toEqual(tableKinds.map((kind) => `${kind}.csv`))
})

test('contacts are masked unless asked for in full by those who may see them; taking away is journalled', async () => {
  const app = await scratchApp(db)
  const masked = (await fetched(app, registrar, { register: 'guardians', format: 'csv' })).bytes.toString()
  expect(masked).toContain("'+7 (900) ***-**-08;e***@zarechie.example")
  expect(masked).not.toContain('elkina@')
  const full = await client(app, admin).post('exports', { register: 'staff', fullContacts: true })
  expect((await client(app, await keyOf(db, orgId, ['registrar'])).post('exports', { register: 'staff', fullContacts: true })).status).toBe(403)
  expect((await client(app, await keyOf(db, orgId, ['teacher'])).post('exports', { register: 'staff' })).status).toBe(403)
  expect((await client(app, admin).post('exports', { register: 'secrets' })).status).toBe(422)
  // Who did not ask for it does not get it; and after a day nobody does.
  expect((await client(app, registrar).get(full.body.file)).status).toBe(404)
  const lines = (await inSchool(db, orgId, (tx) => tx.query<{ action: string; personId: string }>(`select action, person_id as "personId" from journal where object = $1`, [full.body.id]))).rows
  expect(lines).toEqual([{ action: 'registerTakenInFull', personId: 'p2' }])
  await inSchool(db, orgId, (tx) => tx.query(`update exports set created_at = now() - interval '25 hours'`))
  expect((await client(app, admin).get(full.body.file)).status).toBe(404)
})

test.each(tableKinds)('the template of %s has titles that are read, and room for rows', async (kind) => {
  const app = await scratchApp(db)
  for (const format of ['csv', 'xlsx']) {
    const { rawPayload, headers } = await app.inject({ url: `/api/v1/import-template?kind=${kind}&format=${format}`, headers: { authorization: `Bearer ${registrar}` } })
    expect(headers['content-disposition']).toBe(`attachment; filename="${kind}.${format}"`)
    await expect(read(rawPayload)).rejects.toMatchObject({ code: 'fileNoRows' })
  }
  const example: Record<string, string> = { Фамилия: 'Ёлкин', Имя: 'Матвей', Класс: '5А', Должность: 'учитель', Предмет: 'Физика', 'ФИО учителя': 'Ким А.', 'Фамилия родителя': 'Ёлкина', 'Имя родителя': 'Ольга', 'ФИО обучающегося': 'Ёлкин Матвей' }
  const titles = templateTitles(kind)
  const [row] = await read(await workbook({ sheets: { Лист: [titles, titles.map((title) => example[title] ?? '')] } }))
  expect(row).toMatchObject({ problems: [], warnings: [] })
})

test('an address that names no template is none', async () => {
  const { statusCode } = await (await scratchApp(db)).inject({ url: '/api/v1/import-template?kind=secrets', headers: { authorization: `Bearer ${registrar}` } })
  expect(statusCode).toBe(400)
})

test('a register of several pages is written whole, each line once', async () => {
  const school = await sampleSchool(db, 'org_large')
  await inSchool(db, school, async (tx) => {
    await tx.query(`insert into school_classes (id, org_id, academic_year, grades, name, folded_name) values ('cls_large', 'org_large', $1, '{5}', '5А', '5:А')`, [academicYear])
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key) select 'per_large' || n, 'org_large', 'Ким', 'Анна', 'ким анна' from generate_series(1, 2500) n`)
    await tx.query(`insert into memberships (id, org_id, person_id, kind, roles, class_id) select 'mem_large' || n, 'org_large', 'per_large' || n, 'student', '{}', 'cls_large' from generate_series(1, 2500) n`)
  })
  const key = await keyOf(db, school, ['head'])
  const app = await scratchApp(db)
  for (const format of ['csv', 'xlsx']) {
    const rows = await read((await fetched(app, key, { register: 'students', format })).bytes)
    expect(rows).toHaveLength(2500)
    expect(new Set(rows.map(({ ref }) => ref)).size).toBe(2500)
  }
})
