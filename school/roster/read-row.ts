import { checkEmail } from '../validation/email.ts'
import { checkGuardianPhone, checkStaffPhone } from '../validation/phone.ts'
import { problem, valid, type Checked } from '../validation/checked.ts'
import { searchKey } from '../validation/search-key.ts'
import { checkText } from '../validation/text.ts'
import { readDate, readPhone, readYesNo } from './cells.ts'
import { readClass, type NamedClass } from './class-cell.ts'
import { rowKindOf, type Cell, type Field, type RowKind, type TableKind } from './kinds.ts'
import type { RosterRow, RowData } from './row.ts'
import { nameKey, RowReader } from './row-reader.ts'
import { splitFullName } from './split-name.ts'

/** What the school has a say in. */
export interface RowRules {
  gradeMax: number
  guardianCountryCodes?: readonly string[]
}

/** Where a row stands, and its cells by field. */
export interface RawRow {
  source: string
  line: number
  cells: ReadonlyMap<Field, Cell>
  /** Titles of the columns the file has, by field. */
  titles: ReadonlyMap<Field, string>
}

type Read<K extends RowKind> = (row: RowReader, rules: RowRules) => Pick<RosterRow<K>, 'matchKey' | 'classKey' | 'data'>

const ownName = { full: 'fullName', last: 'lastName', first: 'firstName', patronymic: 'patronymic' } as const

const student: Read<'student'> = (row, rules) => {
  const { data: name, key } = row.name(ownName)
  const named = classOf(row, rules)
  const startsOn = dateOf(row)
  return { matchKey: key, classKey: named?.key ?? null, data: { ...name, ...(named && { class: named }), startsOn: startsOn ?? null } }
}

const teaching = /учител|педагог|преподавател|воспитател|тьютор|логопед|дефектолог/i

const staff: Read<'staff'> = (row) => {
  const { data: name, key } = row.name(ownName)
  const words = row.text('position')
  const position = words === '' ? null : (row.take('position', checkText(words, { max: 200 })) ?? null)
  const said = row.text('teachingStaff')
  const teachingStaff = said !== '' ? (row.take('teachingStaff', readYesNo(said)) ?? null) : position === null ? null : teaching.test(position)
  return { matchKey: key, classKey: null, data: { ...name, phone: phoneOf(row, checkStaffPhone), email: emailOf(row), position, teachingStaff, startsOn: dateOf(row) ?? null } }
}

const guardian: Read<'guardian'> = (row, rules) => {
  const { data: name, key } = row.name(ownName)
  const ref = row.text('childRef') || null
  const childParts = row.has('childLastName') ? { lastName: row.text('childLastName'), firstName: row.text('childFirstName'), patronymic: row.text('childPatronymic') } : splitFullName(row.text('child'))
  const childKey = nameKey(childParts)
  if (ref === null && childKey === '') row.note(row.has('childLastName') ? 'childLastName' : 'child', 'cellRequired')
  const named = row.has('className') || row.has('grade') ? classOf(row, rules, false) : undefined
  const phone = phoneOf(row, (text) => checkGuardianNumber(text, rules.guardianCountryCodes))
  return { matchKey: key, classKey: named?.key ?? null, data: { ...name, phone, email: emailOf(row), child: { ref, key: childKey, classKey: named?.key ?? null } } }
}

const classRow: Read<'class'> = (row, rules) => {
  const named = classOf(row, rules)
  return { matchKey: named?.key ?? '', classKey: named?.key ?? null, data: named ? { class: named } : {} }
}

const subject: Read<'subject'> = (row) => {
  const found = subjectOf(row)
  return { matchKey: found?.subjectKey ?? '', classKey: null, data: found ?? {} }
}

const load: Read<'load'> = (row, rules) => {
  const found = subjectOf(row)
  const named = classOf(row, rules)
  const text = row.text('teacher')
  const ref = row.text('teacherRef') || null
  if (text === '' && ref === null) row.note('teacher', 'cellRequired')
  const group = row.text('group')
  if (group !== '') row.take('group', checkText(group, { max: 60 }))
  return { matchKey: found?.subjectKey ?? '', classKey: named?.key ?? null, data: { ...found, ...(named && { class: named }), teacher: { ref, text }, group } }
}

const readers: { [K in RowKind]: Read<K> } = { student, staff, guardian, class: classRow, subject, load }

/** What tells a row of the table from an empty one or a footer. */
const substance: Record<TableKind, readonly Field[]> = {
  students: ['fullName', 'lastName', 'firstName', 'ref'],
  staff: ['fullName', 'lastName', 'firstName', 'position', 'phone', 'email', 'ref'],
  guardians: ['fullName', 'lastName', 'firstName', 'phone', 'email', 'child', 'childLastName', 'ref'],
  classes: ['className', 'grade', 'letter', 'ref'],
  subjects: ['subject', 'ref'],
  loads: ['subject', 'teacher'],
}
const footer = /^(итого|всего)(?!\p{L})/iu

/** Reads and checks one row of a table; undefined for a row that says nothing: empty, a footer, the titles once more. */
export function readRow(table: TableKind, { source, line, cells, titles }: RawRow, rules: RowRules): RosterRow | undefined {
  const texts = substance[table].map((field) => cells.get(field)?.text.trim() ?? '').filter(Boolean)
  if (texts.length === 0 || footer.test(texts[0]!)) return undefined
  if (substance[table].every((field) => !titles.has(field) || cells.get(field)?.text.trim() === titles.get(field))) return undefined
  const kind = rowKindOf[table]
  const row = new RowReader(cells, titles)
  const ref = row.text('ref') || null
  const read = (readers[kind] as Read<RowKind>)(row, rules)
  return { kind, source, line, ref, ...read, problems: row.problems, warnings: row.warnings }
}

function classOf(row: RowReader, { gradeMax }: RowRules, required = true): NamedClass | undefined {
  const field = row.has('className') ? 'className' : 'grade'
  const text = [row.text(field), row.has('className') ? '' : row.text('letter')].join('')
  if (text === '') {
    if (required) row.note(field, 'cellRequired')
    return undefined
  }
  const { date } = row.cell(field)
  return row.take(field, readClass({ text, ...(date !== undefined && { date }) }, gradeMax))
}

function dateOf(row: RowReader): string | undefined {
  const text = row.text('startsOn')
  return text === '' ? undefined : row.take('startsOn', readDate(row.cell('startsOn'), text))
}

function phoneOf(row: RowReader, check: (text: string) => Checked<string>): string | null {
  const digits = row.take('phone', readPhone(row.text('phone')))
  return digits ? (row.take('phone', check(digits)) ?? null) : null
}

/** A number of another country whose plus a spreadsheet dropped is taken with it. */
function checkGuardianNumber(text: string, codes?: readonly string[]): Checked<string> {
  const checked = checkGuardianPhone(text, codes)
  if (checked.ok || !/^\d{11,15}$/.test(text)) return checked
  const withPlus = checkGuardianPhone(`+${text}`, codes)
  return withPlus.ok ? withPlus : checked
}

function emailOf(row: RowReader): string | null {
  const text = row.text('email')
  if (text === '' || text.includes('*')) {
    if (text !== '') row.take('email', valid('', problem('contactMasked')))
    return null
  }
  return row.take('email', checkEmail(text)) ?? null
}

function subjectOf(row: RowReader): RowData<'subject'> | undefined {
  const text = row.text('subject')
  if (text === '') row.note('subject', 'cellRequired')
  const subject = text === '' ? undefined : row.take('subject', checkText(text, { max: 120 }))
  return subject === undefined ? undefined : { subject, subjectKey: searchKey(subject) }
}
