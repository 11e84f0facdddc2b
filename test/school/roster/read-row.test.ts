import { expect, test } from 'vitest'
import { columnsOf } from '../../../school/roster/columns.ts'
import type { Cell, Field, TableKind } from '../../../school/roster/kinds.ts'
import { readRow } from '../../../school/roster/read-row.ts'

const rules = { gradeMax: 9 }

/** One row of a table with these titles. */
function read(table: TableKind, row: Record<string, string | Cell>) {
  const titles = Object.keys(row)
  const cells = Object.values(row).map((cell) => (typeof cell === 'string' ? { text: cell } : cell))
  const columns = columnsOf(table, titles)
  const byField = new Map<Field, Cell>([...columns].map(([field, at]) => [field, cells[at]!]))
  return readRow(table, { source: '', line: 7, cells: byField, titles: new Map([...columns].map(([field, at]) => [field, titles[at]!])) }, rules)
}
const codes = (list: { field: string; code: string; suggestion?: string }[] | undefined) => list?.map(({ field, code, suggestion }) => [field, code, ...(suggestion ? [suggestion] : [])])

test('a pupil in one column is taken apart, and says so', () => {
  expect(read('students', { ФИО: 'Ёлкин Матвей Денисович', Класс: '5 «А»' })).toEqual({
    kind: 'student',
    source: '',
    line: 7,
    ref: null,
    matchKey: 'елкин матвей денисович',
    classKey: '5:А',
    data: { lastName: 'Ёлкин', firstName: 'Матвей', patronymic: 'Денисович', split: true, class: { grades: [5], letter: 'А', name: '5А', key: '5:А' }, startsOn: null },
    problems: [],
    warnings: [],
  })
})

test('a name of four words is shown for confirmation', () => {
  expect(codes(read('students', { ФИО: 'фон Берг Анна Карловна', Класс: '5А' })?.warnings)).toEqual([['fullName', 'nameSplitUnsure']])
})

test('a table without patronymics does not say that people have none', () => {
  expect(read('students', { Фамилия: 'Ким', Имя: 'Даниил', Класс: '9Б' })?.data).toMatchObject({ patronymic: null, patronymicUnknown: true })
  expect(read('students', { Фамилия: 'Ким', Имя: 'Даниил', Отчество: '', Класс: '9Б' })?.data).not.toHaveProperty('patronymicUnknown')
})

test('a Latin letter in a name is found, with what was meant, and people are still compared', () => {
  const row = read('students', { Фамилия: 'Mарьина', Имя: 'Анна', Отчество: '', Класс: '5А' })
  expect(codes(row?.problems)).toEqual([['lastName', 'nameMixedLatin', 'Марьина']])
  expect(row?.matchKey).toBe('марьина анна')
})

test('every bad cell is named with its column', () => {
  const row = read('staff', { 'ФИО сотрудника': 'Иванов1 Иван', Должность: { text: 'учитель', formula: true }, 'Моб. телефон': '8,9E+10', 'E-mail': 'кто-то', 'Дата приёма': 'давно' })
  expect(row?.problems.map(({ column, code }) => [column, code])).toEqual([
    ['ФИО сотрудника', 'nameCharacter'],
    ['Должность', 'cellFormula'],
    ['Моб. телефон', 'phoneCut'],
    ['E-mail', 'emailFormat'],
    ['Дата приёма', 'dateUnreadable'],
  ])
})

test('who teaches is said by a column, or by the position', () => {
  const teaching = (row: Record<string, string>) => (read('staff', { ФИО: 'Ким Анна', ...row })?.data as { teachingStaff: boolean }).teachingStaff
  expect(teaching({ Должность: 'Учитель физики' })).toBe(true)
  expect(teaching({ Должность: 'завхоз' })).toBe(false)
  expect(teaching({ Должность: 'завхоз', 'Педагогический работник': 'да' })).toBe(true)
  expect(teaching({ Телефон: '' })).toBe(null)
})

test('a typo in an address is a warning with the address that was meant', () => {
  const row = read('staff', { ФИО: 'Ким Анна', Почта: 'a.kim@gmial.com' })
  expect(row?.problems).toEqual([])
  expect(codes(row?.warnings)).toEqual([['email', 'emailTypo', 'a.kim@gmail.com']])
})

test('a guardian has the child by name and class; the plus that Excel dropped is put back', () => {
  const row = read('guardians', { 'ФИО родителя': 'Ким Анна', Телефон: '375291234567', 'ФИО ребёнка': 'Ким Даниил', Класс: '9б' })
  expect(row?.problems).toEqual([])
  expect(row?.data).toMatchObject({ phone: '+375291234567', child: { ref: null, key: 'ким даниил', classKey: '9:Б' } })
})

test('a load has a subject, a class and a teacher', () => {
  expect(read('loads', { Учитель: 'Мамедов В. Р.', Предмет: 'Физика', Класс: '9Б' })?.data).toMatchObject({ subject: 'Физика', subjectKey: 'физика', class: { name: '9Б' }, teacher: { text: 'Мамедов В. Р.' } })
  expect(codes(read('loads', { Учитель: '', Предмет: 'Физика', Класс: '' })?.problems)).toEqual([['className', 'cellRequired'], ['teacher', 'cellRequired']])
})

test('empty rows, footers and repeated titles say nothing', () => {
  expect(read('students', { ФИО: ' ', Класс: '5А' })).toBeUndefined()
  expect(read('students', { ФИО: 'Итого: 25', Класс: '' })).toBeUndefined()
  expect(read('students', { ФИО: 'ФИО', Класс: 'Класс' })).toBeUndefined()
  expect(read('students', { ФИО: 'Всеволодова Анна', Класс: '5А' })).toBeDefined()
})

test('what is not asked for is not kept', () => {
  expect(JSON.stringify(read('students', { ФИО: 'Ким Анна', Класс: '5А', СНИЛС: '000-000-000 00', Телефон: '89000000002', Пароль: 'secret' }))).not.toMatch(/000-000|8900|secret/)
})
