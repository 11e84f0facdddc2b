import { checkClassName, compareClassNames, type ClassName } from '../school/validation/class-name.ts'
import type { Queryable } from './connection.ts'
import { newId } from './ids.ts'

/** A class of an academic year («2026-2027»). */
export interface ClassRow {
  id: string
  academicYear: string
  grades: number[]
  letter: string
  name: string
  /** As a person named it on the platform; null until somebody confirmed that it is there. */
  platformName: string | null
  closedAt: Date | null
}

/** What a class is entered by: «5А», or the grades taught together. */
export type NewClass = Pick<ClassName, 'letter' | 'name' | 'key'> & { grades: readonly number[] }

const columns = `id, academic_year as "academicYear", grades, letter, name, platform_name as "platformName", closed_at as "closedAt"`

/** The classes of a year that are not closed, in the order people expect: «1К», «9А», «10А». */
export async function listClasses(tx: Queryable, academicYear: string): Promise<ClassRow[]> {
  const { rows } = await tx.query<ClassRow>(`select ${columns} from school_classes where academic_year = $1 and closed_at is null`, [academicYear])
  return rows.sort((a, b) => a.grades[0]! - b.grades[0]! || compareClassNames(a.name, b.name))
}

export async function findClass(tx: Queryable, id: string): Promise<ClassRow | undefined> {
  const { rows } = await tx.query<ClassRow>(`select ${columns} from school_classes where id = $1`, [id])
  return rows[0]
}

/** Ids of the year's classes by the key of their name; those the school does not have yet are opened. */
export async function ensureClasses(tx: Queryable, orgId: string, academicYear: string, classes: readonly NewClass[]): Promise<Map<string, string>> {
  const byKey = new Map(classes.map((one) => [one.key, one]))
  await tx.query(
    `insert into school_classes (id, org_id, academic_year, grades, letter, name, folded_name)
     select id, $1, $2, array(select json_array_elements_text(grades)::smallint), letter, name, key
     from json_to_recordset($3) as row (id text, grades json, letter text, name text, key text)
     on conflict (org_id, academic_year, folded_name) where closed_at is null do nothing`,
    [orgId, academicYear, JSON.stringify([...byKey.values()].map(({ grades, letter, name, key }) => ({ id: newId('cls'), grades, letter, name, key })))],
  )
  const { rows } = await tx.query<{ key: string; id: string }>(
    `select folded_name as key, id from school_classes where academic_year = $1 and folded_name = any ($2) and closed_at is null`,
    [academicYear, [...byKey.keys()]],
  )
  return new Map(rows.map(({ key, id }) => [key, id]))
}

/** The id of the class of this name in a year; a class named for the first time is opened. `name` as `checkClassName` gives it. */
export async function ensureClass(tx: Queryable, orgId: string, academicYear: string, name: string): Promise<string> {
  const checked = checkClassName(name, 11)
  if (!checked.ok) throw new Error('the name of a class was not checked')
  const { grade, letter, key } = checked.value
  return (await ensureClasses(tx, orgId, academicYear, [{ grades: [grade], letter, name, key }])).get(key)!
}
