import type { Cell, Field, TableKind } from '../../../school/roster/kinds.ts'
import { readRow, type RowRules } from '../../../school/roster/read-row.ts'
import type { RosterRow, RowData, StaffData, StudentData } from '../../../school/roster/row.ts'
import type { Archive } from '../../../school/roster/archive.ts'
import { listOf, readManifest, records, type Manifest } from './one-roster-files.ts'
import { findAcademicYear, findSchool, readClasses, type OwnSchool, type RosterClass } from './one-roster-structure.ts'

/** What an archive says of itself. */
export interface FoundArchive {
  version: string
  /** The files of people and classes hold everything there is. */
  complete: boolean
  academicYear: string | undefined
}

const guardians = new Set(['guardian', 'parent', 'relative'])
const teachers = new Set(['teacher', 'aide', 'proctor', 'counselor'])

/** Where pupils learn and who teaches what, by the ids of users. */
interface Enrolled {
  classOf: Map<string, RosterClass>
  lessons: { line: number; user: string; lesson: RosterClass | undefined }[]
}

/** Every row of a OneRoster archive: classes, staff, pupils with their class, guardians of pupils, loads. */
export async function* oneRosterRows(archive: Archive, own: OwnSchool, rules: RowRules, found: (archive: FoundArchive) => void): AsyncGenerator<RosterRow> {
  const manifest = await readManifest(archive)
  found({ version: manifest.version, complete: manifest.mode('users') === 'bulk', academicYear: await findAcademicYear(archive, manifest) })
  const school = await findSchool(archive, manifest, own)
  const classes = await readClasses(archive, manifest, school, own.gradeMax)
  for (const [ref, { line, title, homeroom }] of classes) if (homeroom) yield* row('classes', 'classes.csv', line, { ref, className: title }, rules)
  const enrolled = await readEnrollments(archive, manifest, school, classes)
  if (manifest.mode('users') !== 'absent') yield* users(archive, manifest, school, enrolled, rules)
  for (const lesson of enrolled.lessons) yield* load(lesson, rules)
}

const columnNames: Partial<Record<Field, string>> = {
  ref: 'sourcedId', lastName: 'familyName', firstName: 'givenName', patronymic: 'middleName', phone: 'phone', email: 'email',
  className: 'classSourcedId', childRef: 'agentSourcedIds', teachingStaff: 'role', subject: 'courseSourcedId', teacher: 'userSourcedId', group: 'title',
}

/** A record as a row of a table, checked like any other. */
function* row(table: TableKind, source: string, line: number, values: Partial<Record<Field, string>>, rules: RowRules): Generator<RosterRow> {
  const cells = new Map<Field, Cell>(Object.entries(values).map(([field, text]) => [field as Field, { text }]))
  const titles = new Map([...cells.keys()].map((field) => [field, columnNames[field] ?? field] as const))
  const read = readRow(table, { source, line, cells, titles }, rules)
  if (read) yield read
}

async function readEnrollments(archive: Archive, manifest: Manifest, school: string | undefined, classes: ReadonlyMap<string, RosterClass>): Promise<Enrolled> {
  const classOf = new Map<string, RosterClass>()
  const lessons: Enrolled['lessons'] = []
  if (manifest.mode('enrollments') === 'absent') return { classOf, lessons }
  for await (const { line, get, gone } of records(archive, 'enrollments.csv', ['classSourcedId', 'userSourcedId', 'role'])) {
    if (gone || (school !== undefined && get('schoolSourcedId') !== '' && get('schoolSourcedId') !== school)) continue
    const found = classes.get(get('classSourcedId'))
    const user = get('userSourcedId')
    // A pupil's class is the one all are together in; where there is none such, that of some lesson.
    if (get('role') === 'student' && found && (found.homeroom || !classOf.has(user))) classOf.set(user, found)
    // Who is class teacher is said by an order (BR-13), not by a file.
    if (get('role') === 'teacher' && !found?.homeroom) lessons.push({ line, user, lesson: found })
  }
  return { classOf, lessons }
}

/** Roles of each user: a column of the file in 1.1, a file of its own in 1.2. */
async function readRoles(archive: Archive, manifest: Manifest, school: string | undefined): Promise<Map<string, Set<string>>> {
  const roles = new Map<string, Set<string>>()
  const add = (user: string, role: string) => roles.set(user, (roles.get(user) ?? new Set()).add(role))
  if (manifest.version === '1.2') {
    if (manifest.mode('roles') === 'absent') return roles
    for await (const { get, gone } of records(archive, 'roles.csv', ['userSourcedId', 'role'])) {
      if (!gone && (school === undefined || get('orgSourcedId') === '' || get('orgSourcedId') === school)) add(get('userSourcedId'), get('role'))
    }
    return roles
  }
  for await (const { get } of records(archive, 'users.csv', ['sourcedId', 'role'])) {
    const orgs = listOf(get('orgSourcedIds'))
    if (school === undefined || orgs.length === 0 || orgs.includes(school)) add(get('sourcedId'), get('role'))
  }
  return roles
}

async function* users(archive: Archive, manifest: Manifest, school: string | undefined, { classOf }: Enrolled, rules: RowRules): AsyncGenerator<RosterRow> {
  const roles = await readRoles(archive, manifest, school)
  const children = new Map<string, Set<string>>()
  const columns = ['sourcedId', 'givenName', 'familyName']
  // Either side may name the other as its agent.
  for await (const { get } of records(archive, 'users.csv', columns)) {
    const user = get('sourcedId')
    const isPupil = roles.get(user)?.has('student')
    for (const agent of listOf(get('agentSourcedIds'))) {
      const [guardian, child] = isPupil ? [agent, user] : [user, agent]
      children.set(guardian, (children.get(guardian) ?? new Set()).add(child))
    }
  }
  for await (const { line, get, gone } of records(archive, 'users.csv', columns)) {
    const ref = get('sourcedId')
    const name = { ref, lastName: get('familyName'), firstName: get('givenName'), patronymic: get('middleName') }
    const contacts = { phone: get('sms') || get('phone'), email: get('email') }
    const has = [...(roles.get(ref) ?? [])]
    if (has.includes('student')) yield* row('students', 'users.csv', line, { ...name, ...(!gone && { className: classOf.get(ref)?.named?.name ?? '' }) }, rules).map((read) => marked(read, gone))
    if (has.some((role) => role !== 'student' && !guardians.has(role))) {
      yield* row('staff', 'users.csv', line, { ...name, ...contacts, teachingStaff: has.some((role) => teachers.has(role)) ? 'да' : 'нет' }, rules).map((read) => marked(read, gone))
    }
    if (has.some((role) => guardians.has(role)) && !gone) {
      for (const childRef of children.get(ref) ?? ['']) yield* row('guardians', 'users.csv', line, { ...name, ...contacts, childRef }, rules)
    }
  }
}

/** A person the other system has dropped. Nothing is asked of the class then. */
function marked(row: RosterRow, gone: boolean): RosterRow {
  if (!gone) return row
  const data: Partial<StudentData & StaffData> = { ...(row.data as Partial<StudentData & StaffData>), gone: true }
  return { ...row, data, problems: row.problems.filter(({ field }) => field !== 'className' && field !== 'grade') }
}

function* load({ line, user, lesson }: Enrolled['lessons'][number], rules: RowRules): Generator<RosterRow> {
  const lessons = lesson && !lesson.homeroom ? lesson : undefined
  for (const read of row('loads', 'enrollments.csv', line, { subject: lessons?.subject ?? '', className: lessons?.named?.name ?? '', teacher: user, group: lessons?.group ?? '' }, rules)) {
    const data = read.data as Partial<RowData<'load'>>
    yield { ...read, data: { ...data, teacher: { ref: user, text: '' } }, problems: lessons?.named ? read.problems : [{ field: 'className', column: 'classSourcedId', code: 'refGiven', params: {} }] }
  }
}
