import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { previewImport } from '../../../activities/jobs/preview-import.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { listFoundMovements } from '../../../db/import-movements.ts'
import { findImport } from '../../../db/imports.ts'
import { table, windows1251 } from '../../support/import-files.ts'
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
  await tx.query('delete from import_movements')
  await tx.query('delete from external_codes')
  await tx.query(`delete from memberships where kind <> 'staff'`)
  await tx.query(`delete from people where id not in ('p1', 'p2')`)
  await tx.query('delete from school_classes')
}))

const file = (rows: string[][], titles = ['ФИО', 'Класс']) => windows1251(table([titles, ...rows]))
const pupils = [['Ёлкин Матвей Денисович', '5А'], ['Ким Даниил', '9Б'], ['Мамедова Лейла Вагиф кызы', '5А']]
const planned = async (bytes: Buffer, wanted = {}) => {
  const id = await imports.upload(bytes, wanted)
  const ready = await imports.preview(id)
  return { id, ready, rows: await imports.rows(id) }
}
const brought = async (bytes: Buffer, wanted = {}) => {
  const { id, ready } = await planned(bytes, wanted)
  return imports.commit(id, ready.version)
}
const movements = async () => (await inSchool(db, orgId, (tx) => listFoundMovements(tx, { limit: 100 }))).map(({ kind }) => kind)

test('a first list enters pupils and opens their classes; the same file again changes nothing', async () => {
  const { id, ready, rows } = await planned(file(pupils))
  expect(ready).toMatchObject({ type: 'PREVIEW_READY', counts: { create: 3, problem: 0 }, confirmations: ['nameSplit'] })
  expect(rows[0]).toBe('2 елкин матвей денисович: create classWillOpen')
  expect(await imports.register()).toEqual([])
  expect(await imports.commit(id, ready.version)).toMatchObject({ type: 'COMMITTED', counts: { create: 3 } })
  const register = ['Ёлкин Матвей Денисович student 5А', 'Ким Даниил student 9Б', 'Мамедова Лейла Вагиф кызы student 5А']
  expect(await imports.register()).toEqual(register)
  // Carried out twice, as after a lost answer; and the file once more.
  expect(await imports.commit(id, ready.version)).toMatchObject({ type: 'COMMITTED', counts: { create: 3 } })
  const again = await planned(file(pupils))
  expect(again.ready.counts).toMatchObject({ create: 0, change: 0, move: 0, leave: 0, same: 3 })
  await imports.commit(again.id, again.ready.version)
  expect(await imports.register()).toEqual(register)
})

test('a row that was corrected and comes again is one change', async () => {
  const bad = await planned(file([...pupils, ['Kузнецова Анна Олеговна', '5А']]))
  expect(bad.rows[3]).toBe('5 кузнецова анна олеговна: problem nameMixedLatin')
  await imports.commit(bad.id, bad.ready.version)
  const good = await planned(file([...pupils, ['Кузнецова Анна Олеговна', '5А']]))
  expect(good.ready.counts).toMatchObject({ create: 1, same: 3, leave: 0 })
})

test('who is in another class, gone or back waits for an order; the register stays', async () => {
  await brought(file([...pupils, ['Иванов Пётр Ильич', '5Б']]))
  const before = await imports.register()
  const { id, ready, rows } = await planned(file([['Ёлкин Матвей Денисович', '5Б'], ['Мамедова Лейла Вагиф кызы', '5А'], ['Орлова Анна Львовна', '5Б']]))
  expect(rows).toEqual([
    '2 елкин матвей денисович: move classTransfer',
    '3 мамедова лейла вагиф кызы: same',
    '4 орлова анна львовна: create',
    '— иванов петр ильич: leave departure',
  ])
  // A class that is not in the file is not talked about: 9Б stays.
  expect(ready.confirmations).toEqual(['nameSplit', 'manyLeaving', 'manyMoved'])
  await imports.commit(id, ready.version)
  expect(await imports.register()).toEqual([...before, 'Орлова Анна Львовна student 5Б'].sort())
  expect((await movements()).sort()).toEqual(['classTransfer', 'departure'])
  // Once more: nothing is drafted twice.
  await brought(file([['Ёлкин Матвей Денисович', '5Б'], ['Мамедова Лейла Вагиф кызы', '5А'], ['Орлова Анна Львовна', '5Б']]))
  expect((await movements()).sort()).toEqual(['classTransfer', 'departure'])
})

test('a list that is not complete says nothing of those it does not have', async () => {
  await brought(file(pupils))
  const { ready } = await planned(file([['Орлова Анна Львовна', '5А']]), { wantedComplete: false })
  expect(ready.counts).toMatchObject({ create: 1, leave: 0 })
})

test('a row that comes twice is asked about each time, and never entered by itself', async () => {
  const twice = file([['Ким Анна', '5А'], ['Ким Анна', '5А']])
  await brought(twice)
  expect(await imports.register()).toEqual(['Ким Анна student 5А'])
  expect((await planned(twice)).rows).toEqual(['2 ким анна: same', '3 ким анна: ask askRepeated'])
})

test('of many rows a few are chosen: all are left out, then some taken back, and a repeat changes nothing', async () => {
  const { id, ready } = await planned(file([...pupils, ['Орлова Анна Львовна', '5Б']]))
  const params = { every: { decision: 'skip', action: 'create' }, decisions: [{ row: 4, decision: 'undo' }], seen: ready.version }
  const chosen = await imports.work(previewImport, id, params)
  expect(chosen.counts).toMatchObject({ skip: 3, create: 1 })
  expect(await imports.work(previewImport, id, params)).toEqual(chosen)
  await imports.commit(id, chosen.version)
  expect(await imports.register()).toEqual(['Орлова Анна Львовна student 5Б'])
})

test('namesakes: as many rows as pupils are the same ones, one more is a question', async () => {
  const twins = [['Ким Анна', '5А'], ['Ким Анна', '5А']]
  const { id, ready, rows } = await planned(file(twins))
  expect(rows).toEqual(['2 ким анна: create classWillOpen', '3 ким анна: ask askRepeated'])
  const decided = await imports.preview(id, [{ row: 2, decision: 'new' }])
  expect(decided.version).not.toBe(ready.version)
  expect(decided.counts).toMatchObject({ create: 2, ask: 0 })
  await imports.commit(id, decided.version)
  expect((await planned(file(twins))).ready.counts).toMatchObject({ same: 2, ask: 0 })
  // One of two is missing: which one only a person knows, and nobody is taken for gone before.
  const one = await planned(file([twins[0]!]))
  expect(one.rows).toEqual(['2 ким анна: ask askNamesake'])
  const [chosen] = (await inSchool(db, orgId, (tx) => tx.query<{ id: string }>(`select id from people where search_key = 'ким анна' order by id`))).rows
  const told = await imports.preview(one.id, [{ row: 1, decision: 'same', personId: chosen!.id }])
  expect(told.counts).toMatchObject({ same: 1, leave: 1, ask: 0 })
})

test('a namesake elsewhere is a question: the same pupil or a new one', async () => {
  await brought(file(pupils))
  const { id, rows } = await planned(file([['Ким Даниил', '5А'], ['Ёлкин Матвей Денисович', '5А'], ['Мамедова Лейла Вагиф кызы', '5А']]))
  expect(rows[0]).toBe('2 ким даниил: ask askElsewhere')
  expect((await imports.preview(id, [{ row: 1, decision: 'new' }])).counts).toMatchObject({ create: 1, ask: 0 })
  const [known] = (await inSchool(db, orgId, (tx) => tx.query<{ id: string }>(`select id from people where search_key = 'ким даниил'`))).rows
  expect((await imports.preview(id, [{ row: 1, decision: 'same', personId: known!.id }])).counts).toMatchObject({ move: 1 })
  expect((await imports.preview(id, [{ row: 1, decision: 'undo' }])).counts).toMatchObject({ ask: 1 })
  expect((await imports.preview(id, [{ row: 1, decision: 'same', personId: 'nobody' }])).counts).toMatchObject({ ask: 1 })
})

test.each([
  ['a letter', 'Ёлкин Матвей Денисович', 'Елкин Матфей Денисович'],
  ['a new last name', 'Орлова Анна Львовна', 'Соколова Анна Львовна'],
  ['a missing patronymic', 'Ким Даниил Олегович', 'Ким Даниил'],
])('%s makes a question of a new name beside a missing one', async (_name, old, fresh) => {
  await brought(file([[old, '5А'], ['Белова Ольга Игоревна', '5А']]))
  const { id, rows } = await planned(file([[fresh, '5А'], ['Белова Ольга Игоревна', '5А']]))
  expect(rows[0]).toMatch(/: ask askSimilar$/)
  expect(rows).toHaveLength(2)
  const person = (await inSchool(db, orgId, (tx) => tx.query<{ id: string }>(`select p.id from people p where p.last_name = $1`, [old.split(' ')[0]]))).rows[0]!.id
  expect((await imports.preview(id, [{ row: 1, decision: 'same', personId: person }])).counts).toMatchObject({ create: 0, leave: 0 })
  // A new one after all: then the other has left.
  expect((await imports.preview(id, [{ row: 1, decision: 'new' }])).counts).toMatchObject({ create: 1, leave: 1 })
})

test('ё is put where it was missing, and never taken away', async () => {
  await brought(file([['Семенов Артем Ильич', '5А']]))
  const { id, ready, rows } = await planned(file([['Семёнов Артём Ильич', '5А']]))
  expect(rows).toEqual(['2 семенов артем ильич: change lastName=Семёнов,firstName=Артём'])
  await imports.commit(id, ready.version)
  expect(await imports.register()).toEqual(['Семёнов Артём Ильич student 5А'])
  expect((await planned(file([['Семенов Артем Ильич', '5А']]))).ready.counts).toMatchObject({ same: 1, change: 0 })
})

test('a file without patronymics takes none away', async () => {
  await brought(file(pupils))
  const { ready } = await planned(file([['Ёлкин', 'Матвей', '5А'], ['Мамедова', 'Лейла', '5А']], ['Фамилия', 'Имя', 'Класс']))
  expect(ready.counts).toMatchObject({ same: 2, create: 0, change: 0, leave: 0 })
})

test('somebody who may stand in a row that cannot be read is not taken for gone', async () => {
  await brought(file([...pupils, ['Орлова Анна Львовна', '5А']]))
  const { id, ready, rows } = await planned(file([['Ёлкин Матвей Денисович', '5А'], ['Mамедова Лейла Вагиф кызы', '5А'], ['#REF!', '5А']]))
  expect(rows).toEqual(['2 елкин матвей денисович: same', '3 мамедова лейла вагиф кызы: problem nameMixedLatin', '4 problem cellError', '— орлова анна львовна: leave departure classIncomplete'].map((line) => (line.startsWith('4') ? expect.stringMatching(/problem/) as string : line)))
  await imports.commit(id, ready.version)
  expect(await movements()).toEqual([])
})

test('a code finds the person whatever the name is; a code of ours that nobody has is refused', async () => {
  const titles = ['Код', 'ФИО', 'Класс']
  await brought(file([['ЛД-17', 'Орлова Анна Львовна', '5А']], titles))
  expect((await planned(file([['ЛД-17', 'Соколова Анна Павловна', '5А']], titles))).rows).toEqual(['2 соколова анна павловна: change lastName=Соколова,patronymic=Павловна'])
  expect((await planned(file([['per_nobody', 'Ким Анна', '5А']], titles))).rows[0]).toBe('2 ким анна: problem refUnknown')
  // One person for two rows: the second is refused.
  expect((await planned(file([['ЛД-17', 'Орлова Анна Львовна', '5А'], ['ЛД-17', 'Другая Вера Львовна', '5А']], titles))).rows[1]).toBe('3 другая вера львовна: problem personClaimed')
})

test('the plan that was seen is carried out, or none: a register that changed meanwhile gives a new one', async () => {
  const { id, ready } = await planned(file(pupils))
  await brought(file([['Ким Даниил', '9Б']]))
  const answer = await imports.commit(id, ready.version)
  expect(answer).toMatchObject({ type: 'PREVIEW_READY', counts: { create: 2, same: 1 } })
  expect(await imports.register()).toEqual(['Ким Даниил student 9Б'])
  expect(await imports.commit(id, answer.version)).toMatchObject({ type: 'COMMITTED' })
})

test('pupils of the year before wait for the year’s end, and nothing is drafted', async () => {
  await brought(file(pupils))
  const { id, ready, rows } = await planned(file([['Ёлкин Матвей Денисович', '6А'], ['Мамедова Лейла Вагиф кызы', '6А']]), { wantedYear: '2027-2028' })
  expect(rows.slice(0, 2)).toEqual(['2 елкин матвей денисович: move yearEnd', '3 мамедова лейла вагиф кызы: move yearEnd'])
  await imports.commit(id, ready.version)
  expect(await movements()).toEqual([])
  expect(await imports.register()).toContain('Ёлкин Матвей Денисович student 5А')
})

test('the file is kept sealed until it is read, and not after', async () => {
  const id = await imports.upload(file(pupils))
  const pieces = async () => (await inSchool(db, orgId, (tx) => tx.query<{ content: Buffer }>('select content from import_files where import_id = $1', [id]))).rows
  expect((await pieces()).some(({ content }) => content.includes(windows1251('Матвей')))).toBe(false)
  await imports.preview(id)
  expect(await pieces()).toEqual([])
})

test('a file that is no roster fails with its reason, and an import cancelled meanwhile keeps nothing', async () => {
  const pdf = await imports.upload(Buffer.from('%PDF-1.4'))
  expect(await imports.preview(pdf)).toEqual({ type: 'PREVIEW_FAILED', code: 'fileNotTable' })
  expect((await inSchool(db, orgId, (tx) => findImport(tx, pdf)))?.failure).toEqual({ code: 'fileNotTable', params: {} })
  const id = await imports.upload(file(pupils))
  await inSchool(db, orgId, (tx) => tx.query(`update imports set state = 'cancelled' where id = $1`, [id]))
  expect(await imports.preview(id)).toMatchObject({ type: 'PREVIEW_FAILED' })
  expect(await imports.rows(id)).toEqual([])
})
