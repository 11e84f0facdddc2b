import { expect, test } from 'vitest'
import { findHeader } from '../../../school/roster/header.ts'
import type { TableKind } from '../../../school/roster/kinds.ts'

const row = (...texts: string[]) => texts.map((text) => ({ text }))
const found = (rows: string[][], wanted?: TableKind, sheetIsClass?: boolean) => {
  const header = findHeader(rows.map((texts) => row(...texts)), wanted, sheetIsClass)
  return header && { kind: header.kind, at: header.at, columns: Object.fromEntries(header.columns) }
}

test.each<[string, TableKind, string[], Record<string, number>]>([
  ['pupils in three columns', 'students', ['№ п/п', 'Класс', 'Отчество', 'Имя', 'Фамилия'], { className: 1, patronymic: 2, firstName: 3, lastName: 4 }],
  ['pupils in one column', 'students', ['Ф.И.О. обучающегося', 'Параллель', 'Литера'], { fullName: 0, grade: 1, letter: 2 }],
  ['staff', 'staff', ['ФИО сотрудника', 'Должность', 'Моб. телефон', 'E-mail'], { fullName: 0, position: 1, phone: 2, email: 3 }],
  ['staff without positions', 'staff', ['Фамилия', 'Имя', 'Телефон'], { lastName: 0, firstName: 1, phone: 2 }],
  ['guardians', 'guardians', ['ФИО родителя (законного представителя)', 'Телефон', 'ФИО ребёнка', 'Класс'], { fullName: 0, phone: 1, child: 2, className: 3 }],
  ['guardians with plain titles', 'guardians', ['Фамилия', 'Имя', 'Отчество', 'Ученик', 'Класс ученика'], { lastName: 0, firstName: 1, patronymic: 2, child: 3, className: 4 }],
  ['guardians whose plain titles are the child’s', 'guardians', ['Фамилия', 'Имя', 'Класс', 'Мать'], { childLastName: 0, childFirstName: 1, className: 2, fullName: 3 }],
  ['classes', 'classes', ['Класс'], { className: 0 }],
  ['subjects', 'subjects', ['Наименование предмета', 'Часы'], { subject: 0 }],
  ['loads', 'loads', ['Учитель', 'Предмет', 'Классы', 'Группа'], { teacher: 0, subject: 1, className: 2, group: 3 }],
  ['English titles', 'students', ['Last name', 'First Name', 'Class'], { lastName: 0, firstName: 1, className: 2 }],
])('%s are told by their titles, in whatever order', (_name, kind, titles, columns) => {
  expect(found([titles])).toEqual({ kind, at: 0, columns })
})

test('the titles are found below the title of the form, its number and empty rows', () => {
  const rows = [['МОУ «Зареченская ОШ № 7»'], [''], ['Список обучающихся 5А класса на 1 сентября'], ['', '', ''], ['№', 'ФИО', 'Класс'], ['1', 'Ёлкин Матвей Денисович', '5А']]
  expect(found(rows)).toEqual({ kind: 'students', at: 4, columns: { fullName: 1, className: 2 } })
})

test('titles of two lines, merged above, are read together', () => {
  const rows = [['№', 'Обучающийся', '', '', 'Класс'], ['', 'Фамилия', 'Имя', 'Отчество', '']]
  expect(found(rows)).toEqual({ kind: 'students', at: 1, columns: { lastName: 1, firstName: 2, patronymic: 3, className: 4 } })
})

test('a person’s word about the kind wins over what the titles say', () => {
  const titles = ['ФИО', 'Класс', 'Телефон']
  expect(found([titles])?.kind).toBe('students')
  expect(found([titles], 'staff')).toMatchObject({ kind: 'staff', columns: { fullName: 0, phone: 2 } })
})

test('a sheet named as a class needs no class column', () => {
  expect(found([['№', 'ФИО ученика']])).toBeUndefined()
  expect(found([['№', 'ФИО ученика']], undefined, true)).toMatchObject({ kind: 'students' })
})

test('rows without titles are no table', () => {
  expect(found([['Ёлкин Матвей', '5А'], ['Ким Даниил', '9Б']])).toBeUndefined()
  expect(found([])).toBeUndefined()
})
