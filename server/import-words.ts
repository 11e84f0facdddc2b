import { listClasses } from '../db/classes.ts'
import type { Queryable } from '../db/connection.ts'
import { readClassKeys } from '../db/import-plan.ts'
import { findEntered, type SeenRow } from '../db/import-preview.ts'
import { findPeople, type PersonRow } from '../db/people.ts'
import { rowKindLabel } from '../school/texts/import-labels.ts'
import type { NameData } from '../school/roster/row.ts'
import { fullName } from '../school/validation/person-name.ts'
import type { LineWords } from './schemas/import-line.ts'

/** What a page of rows mentions: people of the register and of the file, classes of the year. */
export async function wordsOf(tx: Queryable, importId: string, academicYear: string | null, rows: readonly SeenRow[]): Promise<Pick<LineWords, 'people' | 'classNames'>> {
  const ids = [...new Set(rows.flatMap(({ personId, candidates }) => [personId ?? [], candidates.map((one) => one.personId)].flat()))]
  const known = await findPeople(tx, ids)
  const entered = await findEntered(tx, importId, ids)
  const byKey = academicYear === null ? [] : [...(await readClassKeys(tx, academicYear))].map(([key, { name }]) => [key, name] as const)
  const named = rows.flatMap(({ classKey, data }) => ('class' in data && data.class && classKey ? [[classKey, data.class.name] as const] : []))
  return {
    people: new Map([
      ...[...entered].map(([id, { kind, data }]) => [id, { name: fullName(data as NameData), what: `${rowKindLabel(kind).toLowerCase()} из этого файла` }] as const),
      ...known.map((person) => [person.id, { name: fullName(person), what: whatOf(person) }] as const),
    ]),
    classNames: { byId: await classNamesOf(tx, academicYear), byKey: new Map([...named, ...byKey]) },
  }
}

/** «обучающийся, 5А»; somebody who has left is named as what they were. */
function whatOf({ memberships }: PersonRow): string {
  const current = memberships.filter(({ endedAt }) => endedAt === null)
  const words = (current.length > 0 ? current : memberships).map(({ kind, className, position }) => [rowKindLabel(kind).toLowerCase(), kind === 'staff' ? position : className].filter(Boolean).join(', '))
  return [...new Set(words)].join('; ') + (current.length === 0 && words.length > 0 ? ' (в прошлом)' : '')
}

/** Names of classes by id: of the year, and of the year before, from which pupils come. */
async function classNamesOf(tx: Queryable, academicYear: string | null): Promise<Map<string, string>> {
  if (academicYear === null) return new Map()
  const first = Number(academicYear.slice(0, 4))
  const classes = [...(await listClasses(tx, academicYear)), ...(await listClasses(tx, `${first - 1}-${first}`))]
  return new Map(classes.map(({ id, name }) => [id, name]))
}
