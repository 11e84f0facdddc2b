import type { NamedClass } from '../school/roster/class-cell.ts'
import type { Queryable } from './connection.ts'
import type { RowChange } from './import-rows.ts'

/** Classes that rows to be carried out name, each once. */
export async function readClassesToOpen(tx: Queryable, importId: string): Promise<NamedClass[]> {
  const { rows } = await tx.query<{ class: NamedClass }>(
    `select distinct on (class_key) data -> 'class' as class from import_rows
     where import_id = $1 and class_key is not null and data ? 'class'
       and (action in ('create', 'change') and kind in ('class', 'student', 'load') or action = 'move' and movement ->> 'kind' <> 'yearEnd')
     order by class_key, seq`,
    [importId],
  )
  return rows.map((row) => row.class)
}

/** Subjects that rows to be carried out name, each once, as they are written first. */
export async function readSubjectsToEnter(tx: Queryable, importId: string): Promise<{ name: string; key: string }[]> {
  const { rows } = await tx.query<{ name: string; key: string }>(
    `select distinct on (match_key) data ->> 'subject' as name, match_key as key from import_rows
     where import_id = $1 and kind in ('subject', 'load') and action = 'create' order by match_key, seq`,
    [importId],
  )
  return rows
}

type Changes = readonly RowChange[]
const valuesOf = (changes: Changes, fields: readonly RowChange['field'][]) => Object.fromEntries(changes.filter(({ field }) => fields.includes(field)).map(({ field, after }) => [field, after]))

/** Writes what changes about people's names and contacts; what is not named stays. */
export async function changePeople(tx: Queryable, rows: readonly { personId: string; changes: Changes }[]): Promise<void> {
  const given = rows.map(({ personId, changes }) => ({ id: personId, ...valuesOf(changes, ['lastName', 'firstName', 'patronymic', 'phone', 'email']) }))
  await tx.query(
    `update people p set last_name = coalesce(r."lastName", p.last_name), first_name = coalesce(r."firstName", p.first_name), patronymic = coalesce(r.patronymic, p.patronymic),
       phone = coalesce(r.phone, p.phone), email = coalesce(r.email, p.email)
     from json_to_recordset($1) as r (id text, "lastName" text, "firstName" text, patronymic text, phone text, email text) where p.id = r.id`,
    [JSON.stringify(given)],
  )
}

/** People by whose names they are searched, after names have changed. */
export async function readNames(tx: Queryable, ids: readonly string[]): Promise<{ id: string; lastName: string; firstName: string; patronymic: string | null }[]> {
  const { rows } = await tx.query<{ id: string; lastName: string; firstName: string; patronymic: string | null }>(`select id, last_name as "lastName", first_name as "firstName", patronymic from people where id = any ($1)`, [ids])
  return rows
}

export async function writeSearchKeys(tx: Queryable, rows: readonly { id: string; searchKey: string }[]): Promise<void> {
  await tx.query(`update people p set search_key = r."searchKey" from json_to_recordset($1) as r (id text, "searchKey" text) where p.id = r.id`, [JSON.stringify(rows)])
}

/** Writes what changes about memberships. Who becomes teaching staff gets the role that goes with it. */
export async function changeMemberships(tx: Queryable, rows: readonly { membershipId: string; changes: Changes; classId: string | null }[]): Promise<void> {
  const given = rows.map(({ membershipId, changes, classId }) => ({ id: membershipId, classId, ...valuesOf(changes, ['position', 'teachingStaff', 'startsOn']) }))
  await tx.query(
    `update memberships m set position = coalesce(r.position, m.position), teaching_staff = coalesce(r."teachingStaff", m.teaching_staff),
       roles = case when r."teachingStaff" and not 'teacher' = any (m.roles) then m.roles || 'teacher'::text else m.roles end,
       starts_on = coalesce(r."startsOn", m.starts_on), class_id = coalesce(r."classId", m.class_id)
     from json_to_recordset($1) as r (id text, position text, "teachingStaff" boolean, "startsOn" date, "classId" text) where m.id = r.id`,
    [JSON.stringify(given)],
  )
}

/** Keeps the codes by which another system knows people. The one who has a code keeps it. */
export async function keepCodes(tx: Queryable, orgId: string, rows: readonly { code: string; personId: string }[]): Promise<void> {
  await tx.query(
    `insert into external_codes (org_id, code, person_id) select $1, code, "personId" from json_to_recordset($2) as r (code text, "personId" text)
     where code <> "personId" on conflict (org_id, code) do nothing`,
    [orgId, JSON.stringify(rows)],
  )
}
