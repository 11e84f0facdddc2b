import type { Field, TableKind } from './kinds.ts'

/** A column as it is written: under a title that reading knows (columns.ts). */
export interface WrittenColumn {
  field: Field
  title: string
  /** What goes into it, for the template; absent for columns that only an export has. */
  hint?: string
}

const code: WrittenColumn = { field: 'ref', title: 'Код' }
const foreignName: WrittenColumn = { field: 'foreignName', title: 'Имя латиницей', hint: '«да», если имя пишется латинскими буквами; иначе оставьте пустым' }
const contacts: readonly WrittenColumn[] = [
  { field: 'phone', title: 'Телефон', hint: 'мобильный номер, например +7 (900) 000-00-01' },
  { field: 'email', title: 'Электронная почта', hint: 'на этот адрес уходят приглашения; можно оставить пустым' },
]
const className = (hint: string): WrittenColumn => ({ field: 'className', title: 'Класс', hint })
const own = (whose = ''): readonly WrittenColumn[] => [
  { field: 'lastName', title: `Фамилия${whose}`, hint: 'обязательно' },
  { field: 'firstName', title: `Имя${whose}`, hint: 'обязательно' },
  { field: 'patronymic', title: `Отчество${whose}`, hint: 'если есть' },
]
const since = (title: string): WrittenColumn => ({ field: 'startsOn', title, hint: 'например, 01.09.2026; можно оставить пустым' })

/** Columns of the registers in the order in which they are written: an export, read again, changes nothing. */
export const writtenColumns: Readonly<Record<TableKind, readonly WrittenColumn[]>> = {
  students: [code, ...own(), foreignName, className('обязательно: 5А, 10ИТ, 5'), since('Дата зачисления')],
  staff: [
    code,
    ...own(),
    foreignName,
    { field: 'position', title: 'Должность', hint: 'например, учитель физики' },
    { field: 'teachingStaff', title: 'Педагогический работник', hint: '«да» или «нет»; пусто — решает должность' },
    ...contacts,
    since('Дата приёма на работу'),
  ],
  guardians: [
    code,
    ...own(' родителя'),
    foreignName,
    ...contacts,
    { field: 'childRef', title: 'Код обучающегося' },
    { field: 'child', title: 'ФИО обучающегося', hint: 'обязательно; на каждого ребёнка — своя строка' },
    className('класс обучающегося: нужен, если есть тёзки'),
  ],
  classes: [className('обязательно: 5А, 10ИТ, 5, для класса-комплекта 1, 3')],
  subjects: [{ field: 'subject', title: 'Предмет', hint: 'обязательно' }],
  loads: [
    { field: 'subject', title: 'Предмет', hint: 'обязательно' },
    className('обязательно: класс должен быть заведён'),
    { field: 'teacher', title: 'ФИО учителя', hint: 'обязательно: полностью или с инициалами, сотрудник должен быть внесён' },
    { field: 'teacherRef', title: 'Код учителя' },
    { field: 'group', title: 'Группа', hint: 'если предмет ведут у части класса: 1-я группа' },
  ],
}
