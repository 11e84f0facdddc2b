import { academicYearOfDate } from '../../../school/calendar/academic-year.ts'
import { isLocalDate } from '../../../school/calendar/local-date.ts'
import { readClass, type NamedClass } from '../../../school/roster/class-cell.ts'
import { searchKey } from '../../../school/validation/search-key.ts'
import type { Archive } from '../../../school/roster/archive.ts'
import { listOf, records, type Manifest } from './one-roster-files.ts'
import { Unreadable } from '../../../school/roster/unreadable.ts'

/** Which school of the archive is meant, and how its classes are named. */
export interface OwnSchool {
  names: readonly string[]
  inn: string
  gradeMax: number
}

/** A class of the archive: the class pupils learn in, or the lessons of a subject in it. */
export type RosterClass = { line: number; title: string; named: NamedClass | undefined } & ({ homeroom: true } | { homeroom: false; subject: string; group: string })

const present = ({ mode }: Manifest, file: string) => mode(file) !== 'absent'

/** The id of the school in the archive; undefined where the archive names none. */
export async function findSchool(archive: Archive, manifest: Manifest, own: OwnSchool): Promise<string | undefined> {
  if (!present(manifest, 'orgs')) return undefined
  const schools: { id: string; isOwn: boolean }[] = []
  const names = own.names.map(searchKey)
  for await (const { get, gone } of records(archive, 'orgs.csv', ['sourcedId', 'name', 'type'])) {
    if (get('type') === 'school' && !gone) schools.push({ id: get('sourcedId'), isOwn: get('identifier') === own.inn || names.includes(searchKey(get('name'))) })
  }
  const mine = schools.length === 1 ? schools[0] : schools.find(({ isOwn }) => isOwn)
  if (!mine && schools.length > 1) throw new Unreadable('oneRosterSchools')
  return mine?.id
}

/** The one academic year («2026-2027») the archive speaks of, or undefined for none or several. */
export async function findAcademicYear(archive: Archive, manifest: Manifest): Promise<string | undefined> {
  if (!present(manifest, 'academicSessions')) return undefined
  const years = new Set<string>()
  for await (const { get, gone } of records(archive, 'academicSessions.csv', ['sourcedId', 'type', 'startDate'])) {
    if (get('type') === 'schoolYear' && !gone && isLocalDate(get('startDate'))) years.add(academicYearOfDate(get('startDate')).key)
  }
  return years.size === 1 ? [...years][0] : undefined
}

/** Classes of the school by their ids. */
export async function readClasses(archive: Archive, manifest: Manifest, school: string | undefined, gradeMax: number): Promise<Map<string, RosterClass>> {
  const courses = new Map<string, string>()
  if (present(manifest, 'courses')) {
    for await (const { get } of records(archive, 'courses.csv', ['sourcedId', 'title'])) courses.set(get('sourcedId'), get('title'))
  }
  const classes = new Map<string, RosterClass>()
  if (!present(manifest, 'classes')) return classes
  for await (const { line, get, gone } of records(archive, 'classes.csv', ['sourcedId', 'title'])) {
    if (gone || (school !== undefined && get('schoolSourcedId') !== '' && get('schoolSourcedId') !== school)) continue
    const title = get('title')
    const whole = classNamed(title, gradeMax)
    if (get('classType') === 'homeroom' || (whole && get('classType') !== 'scheduled')) classes.set(get('sourcedId'), { line, title, named: whole, homeroom: true })
    else {
      const subject = courses.get(get('courseSourcedId')) || (listOf(get('subjects'))[0] ?? '')
      classes.set(get('sourcedId'), { line, title, homeroom: false, ...lessonsOf(title, get('classCode'), subject, gradeMax) })
    }
  }
  return classes
}

const classNamed = (text: string, gradeMax: number): NamedClass | undefined => {
  const checked = readClass({ text }, gradeMax)
  return checked.ok ? checked.value : undefined
}

/** «Математика 5А (1-я группа)»: the class is said by the code of the class, or stands in the title. */
function lessonsOf(title: string, code: string, subject: string, gradeMax: number) {
  const [, group = ''] = /\(([^)]*групп[^)]*)\)/i.exec(title) ?? []
  const words = title.replace(/\([^)]*\)/g, ' ').split(/\s+/).filter(Boolean)
  const at = words.findIndex((word) => classNamed(word, gradeMax) !== undefined)
  const named = classNamed(code, gradeMax) ?? (at < 0 ? undefined : classNamed(words[at]!, gradeMax))
  return { named, group, subject: subject || words.filter((_, index) => index !== at).join(' ') }
}
