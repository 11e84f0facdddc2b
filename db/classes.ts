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
export type NewClass = Pick<ClassName, 'letter' | 'name' | 'key' | 'grades'>

const columns = `id, academic_year as "academicYear", grades, letter, name, platform_name as "platformName", closed_at as "closedAt"`

/** The classes of a year that are not closed, in the order people expect: «1К», «9А», «10А». */
export async function listClasses(tx: Queryable, academicYear: string): Promise<ClassRow[]> {
  const { rows } = await tx.query<ClassRow>(`select ${columns} from school_classes where academic_year = $1 and closed_at is null`, [academicYear])
  return rows.sort((a, b) => a.grades[0]! - b.grades[0]! || compareClassNames(a.name, b.name))
}

/** A class with the people in it, as the register has them. */
export interface ClassCard extends ClassRow {
  pupils: number
  guardians: number
  /** Class and chats on the platform or on their way, not closed. */
  spaces: number
  classTeachers: string[]
}

/** Classes of a year, open and closed, in the order people expect; of one class teacher only where `classTeacher` says so. */
export async function listClassCards(tx: Queryable, filter: { academicYear?: string; ids?: readonly string[]; classTeacher?: string }): Promise<ClassCard[]> {
  const { rows } = await tx.query<ClassCard>(
    // People are counted for all these classes in one pass: once a class, a school that has just come in would be read forty times over.
    `with wanted as materialized (
       select * from school_classes c
       where ($1::text is null or academic_year = $1) and ($2::text[] is null or id = any ($2))
         and ($3::text is null or exists (select 1 from class_teachers t where t.class_id = c.id and t.person_id = $3))
     ), pupils as materialized (
       select org_id, class_id, person_id from memberships where kind = 'student' and ended_at is null and class_id in (select id from wanted)
     ), pupil_counts as materialized (
       select class_id, count(*)::int as count from pupils group by class_id
     ), guardian_counts as materialized (
       select p.class_id, count(distinct g.person_id)::int as count
       from pupils p join memberships g on g.org_id = p.org_id and g.guardian_of = p.person_id and g.kind = 'guardian' and g.ended_at is null
       group by p.class_id
     )
     select ${columns},
       coalesce((select count from pupil_counts where class_id = c.id), 0) as pupils,
       coalesce((select count from guardian_counts where class_id = c.id), 0) as guardians,
       (select count(*)::int from spaces s where s.class_id = c.id and s.state not in ('archived', 'cancelled')) as spaces,
       array(select t.person_id from class_teachers t where t.class_id = c.id order by t.person_id) as "classTeachers"
     from wanted c`,
    [filter.academicYear ?? null, filter.ids ?? null, filter.classTeacher ?? null],
  )
  return rows.sort((a, b) => a.grades[0]! - b.grades[0]! || compareClassNames(a.name, b.name))
}

/** The years the school has classes of, and how many are open. */
export async function countClassesByYear(tx: Queryable): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ key: string; classes: number }>(
    `select academic_year as key, count(*) filter (where closed_at is null)::int as classes from school_classes group by academic_year`,
  )
  return new Map(rows.map(({ key, classes }) => [key, classes]))
}

/** Pupils of a class by name. */
export async function listPupils(tx: Queryable, classId: string): Promise<{ membershipId: string; personId: string; platformStatus: string }[]> {
  const { rows } = await tx.query<{ membershipId: string; personId: string; platformStatus: string }>(
    `select m.id as "membershipId", m.person_id as "personId", m.platform_status as "platformStatus"
     from memberships m join people p on p.id = m.person_id
     where m.class_id = $1 and m.kind = 'student' and m.ended_at is null order by p.search_key, m.id`,
    [classId],
  )
  return rows
}

/** The open classes of the year that these keys name, by key. */
export async function findClassIds(tx: Queryable, academicYear: string, keys: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ key: string; id: string }>(
    `select folded_name as key, id from school_classes where academic_year = $1 and folded_name = any ($2) and closed_at is null`,
    [academicYear, keys],
  )
  return new Map(rows.map(({ key, id }) => [key, id]))
}

/** Gives a class another name, or closes it; null opens it again. */
export async function updateClass(tx: Queryable, id: string, { grades, letter, name, key }: NewClass, closedAt: Date | null): Promise<void> {
  await tx.query(`update school_classes set grades = $2, letter = $3, name = $4, folded_name = $5, closed_at = $6 where id = $1`, [id, grades, letter, name, key, closedAt])
}

export async function findClass(tx: Queryable, id: string): Promise<ClassRow | undefined> {
  const { rows } = await tx.query<ClassRow>(`select ${columns} from school_classes where id = $1`, [id])
  return rows[0]
}

/** Those of these classes that there are, open or closed; who is in them nobody counts for that. */
export async function findClasses(tx: Queryable, ids: readonly string[]): Promise<ClassRow[]> {
  const { rows } = await tx.query<ClassRow>(`select ${columns} from school_classes where id = any ($1)`, [ids])
  return rows
}

/** The ids among these that are of open classes. */
export async function findOpenClasses(tx: Queryable, ids: readonly string[]): Promise<Set<string>> {
  return new Set((await findClasses(tx, ids)).filter(({ closedAt }) => closedAt === null).map(({ id }) => id))
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
  return findClassIds(tx, academicYear, [...byKey.keys()])
}

/** The id of the class of this name in a year; a class named for the first time is opened. `name` as `checkClassName` gives it. */
export async function ensureClass(tx: Queryable, orgId: string, academicYear: string, name: string): Promise<string> {
  const checked = checkClassName(name, 11)
  if (!checked.ok) throw new Error('the name of a class was not checked')
  return (await ensureClasses(tx, orgId, academicYear, [checked.value])).get(checked.value.key)!
}
