import { foldTitle } from './fold-title.ts'
import type { Field, TableKind } from './kinds.ts'

/*
 * What schools call their columns. Titles are compared folded (fold-title.ts), so case, dots, brackets and «ё» do not
 * matter. A column of another title is not read: what is not asked for is not kept (domain.md 13).
 */

const pupil = ['ученика', 'ученицы', 'обучающегося', 'учащегося', 'воспитанника', 'школьника', 'ребенка']
const pupils = ['ученик', 'ученики', 'обучающийся', 'обучающиеся', 'учащийся', 'учащиеся', 'ребенок']
const worker = ['сотрудника', 'работника', 'учителя', 'педагога', 'преподавателя', 'педагогического работника']
const workers = ['сотрудник', 'сотрудники', 'работник', 'учитель', 'педагог', 'преподаватель', 'педагогический работник']
const parent = ['родителя', 'законного представителя', 'родителя законного представителя', 'представителя', 'матери', 'отца', 'матери отца']
const parents = ['родитель', 'родители', 'законный представитель', 'родитель законный представитель', 'представитель', 'мать', 'отец']

const of = (words: readonly string[], whose: readonly string[]) => words.flatMap((word) => whose.map((one) => `${word} ${one}`))

const names = {
  lastName: ['фамилия', 'last name', 'lastname', 'surname', 'family name', 'familyname'],
  firstName: ['имя', 'first name', 'firstname', 'given name', 'givenname'],
  patronymic: ['отчество', 'отчество при наличии', 'middle name', 'middlename'],
  fullName: ['фио', 'фио полностью', 'фамилия имя отчество', 'фамилия имя отчество полностью', 'фамилия имя отчество при наличии', 'фамилия имя', 'full name', 'имя полностью'],
} as const

/** The four name columns, also of somebody: «Фамилия ученика». */
const namesOf = (whose: readonly string[], nouns: readonly string[]) => ({
  lastName: of(['фамилия'], whose),
  firstName: of(['имя'], whose),
  patronymic: of(['отчество'], whose),
  fullName: [...of(['фио', 'фамилия имя отчество', 'фамилия имя'], whose), ...nouns, ...nouns.map((noun) => `${noun} фио`), ...nouns.map((noun) => `фио ${noun}`)],
})
const both = (one: Record<keyof typeof names, readonly string[]>, other: Record<keyof typeof names, readonly string[]>) => ({
  lastName: [...one.lastName, ...other.lastName],
  firstName: [...one.firstName, ...other.firstName],
  patronymic: [...one.patronymic, ...other.patronymic],
  fullName: [...one.fullName, ...other.fullName],
})

const ref = ['код', 'код в системе', 'ид', 'id', 'идентификатор', 'идентификатор в системе', 'sourcedid', 'номер личного дела', 'личное дело', 'лицевой счет']
const foreignName = ['имя латиницей', 'имя иностранное', 'иностранное имя', 'фио латиницей']
const className = ['класс', 'учебный класс', 'класс обучения', 'класс группа', 'название класса', 'наименование класса', 'класс литера', 'class', ...of(['класс'], pupil)]
const classParts = { grade: ['параллель', 'номер класса', 'grade'], letter: ['литера', 'буква', 'литер', 'литера класса', 'буква класса'] }
const phone = ['телефон', 'номер телефона', 'мобильный телефон', 'мобильный', 'моб телефон', 'моб тел', 'сотовый телефон', 'сотовый', 'контактный телефон', 'тел', 'номер мобильного телефона', 'phone', 'mobile', ...of(['телефон', 'мобильный телефон', 'контактный телефон', 'номер телефона'], [...worker, ...parent])]
const email = ['email', 'почта', 'эл почта', 'электронная почта', 'адрес электронной почты', 'адрес эл почты', 'электронный адрес', 'mail', ...of(['email', 'почта', 'электронная почта'], [...worker, ...parent])]
const subject = ['предмет', 'учебный предмет', 'название предмета', 'наименование предмета', 'дисциплина', 'subject']

/** Titles by field for each kind of table, folded. */
const titles: Record<TableKind, Partial<Record<Field, readonly string[]>>> = {
  students: { ref, ...both(names, namesOf(pupil, pupils)), foreignName, className, ...classParts, startsOn: ['дата зачисления', 'дата прибытия', 'дата приема', 'зачислен'] },
  staff: {
    ref,
    ...both(names, namesOf(worker, workers)),
    foreignName,
    position: ['должность', 'должность по штатному расписанию', 'position'],
    teachingStaff: ['педагогический работник', 'педработник', 'пед работник', 'педагогический состав', 'педагогический работник да нет'],
    phone,
    email,
    startsOn: ['дата приема', 'дата приема на работу', 'принят', 'дата начала работы'],
  },
  guardians: {
    ref,
    ...namesOf(parent, parents),
    foreignName,
    child: [...namesOf(pupil, pupils).fullName, 'чей родитель', 'чей представитель'],
    childLastName: of(['фамилия'], pupil),
    childFirstName: of(['имя'], pupil),
    childPatronymic: of(['отчество'], pupil),
    childRef: of(['код', 'ид', 'id', 'идентификатор', 'номер личного дела'], pupil),
    className,
    ...classParts,
    phone,
    email,
  },
  classes: { ref, className: [...className, 'классы', 'класс комплект'], ...classParts },
  subjects: { ref, subject: [...subject, 'предметы'] },
  loads: { subject, className: [...className, 'классы'], ...classParts, teacher: [...names.fullName, ...workers, ...of(['фио'], worker)], teacherRef: of(['код', 'ид', 'id', 'идентификатор'], worker), group: ['группа', 'подгруппа', 'group'] },
}

const folded = new Map(
  Object.entries(titles).map(([kind, byField]) => [kind, new Map(Object.entries(byField).flatMap(([field, words]) => words.map((word) => [foldTitle(word), field as Field] as const)))]),
)

/** Titles that in a table of guardians belong to the guardian, or to the child where the guardian has titles of their own. */
const plain = new Map(Object.entries(names).flatMap(([field, words]) => words.map((word) => [foldTitle(word), field as keyof typeof names] as const)))
const ofChild: Record<keyof typeof names, Field> = { lastName: 'childLastName', firstName: 'childFirstName', patronymic: 'childPatronymic', fullName: 'child' }

/** Which column holds which field, by position; a title that comes twice counts the first time. */
export function columnsOf(kind: TableKind, row: readonly string[]): Map<Field, number> {
  const found = new Map<Field, number>()
  const take = (field: Field | undefined, at: number) => field !== undefined && !found.has(field) && found.set(field, at)
  row.forEach((title, at) => take(folded.get(kind)!.get(foldTitle(title)), at))
  if (kind !== 'guardians') return found
  const named = found.has('fullName') || found.has('lastName')
  row.forEach((title, at) => {
    const field = plain.get(foldTitle(title))
    if (field) take(named ? ofChild[field] : field, at)
  })
  return found
}
