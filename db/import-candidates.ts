import type { Queryable } from './connection.ts'
import type { MembershipKind } from './people.ts'

/** What somebody is or was at the school, as far as comparing asks. */
export interface CandidateMembership {
  id: string
  kind: MembershipKind
  roles: string[]
  position: string | null
  teachingStaff: boolean
  startsOn: string | null
  guardianOf: string | null
  ended: boolean
  classId: string | null
  className: string | null
  classKey: string | null
  academicYear: string | null
  grades: number[] | null
}

/** Somebody of the register whom a row may mean. */
export interface Candidate {
  id: string
  lastName: string
  firstName: string
  patronymic: string | null
  phone: string | null
  email: string | null
  searchKey: string
  memberships: CandidateMembership[]
}

const columns = `p.id, p.last_name as "lastName", p.first_name as "firstName", p.patronymic, p.phone, p.email, p.search_key as "searchKey",
  coalesce((select json_agg(json_build_object('id', m.id, 'kind', m.kind, 'roles', m.roles, 'position', m.position, 'teachingStaff', m.teaching_staff,
      'startsOn', m.starts_on, 'guardianOf', m.guardian_of, 'ended', m.ended_at is not null, 'classId', m.class_id, 'className', c.name,
      'classKey', c.folded_name, 'academicYear', c.academic_year, 'grades', c.grades) order by m.created_at, m.id)
    from memberships m left join school_classes c on c.id = m.class_id where m.person_id = p.id), '[]') as memberships`

/**
 * Everybody with one of these names, and those with these ids. `partial` are names without a patronymic: whoever has
 * that last and first name.
 */
export async function findCandidates(tx: Queryable, { names, partial, ids }: { names: readonly string[]; partial: readonly string[]; ids: readonly string[] }): Promise<Candidate[]> {
  const { rows } = await tx.query<Candidate>(
    `select ${columns} from people p
     where p.search_key = any ($1) or p.id = any ($2)
       or (cardinality($3::text[]) > 0 and array_to_string((string_to_array(p.search_key, ' '))[1:2], ' ') = any ($3))
     order by p.created_at, p.id`,
    [names, ids, partial],
  )
  return rows
}

/** People with the codes of another system: code to person. A code of this system is the person's own id. */
export async function findByCodes(tx: Queryable, importId: string, codes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ code: string; id: string }>(
    `select p.id as code, p.id from people p where p.id = any ($1)
     union all select e.code, e.person_id from external_codes e where e.code = any ($1)`,
    [codes],
  )
  const found = new Map(rows.map(({ code, id }) => [code, id]))
  // People whom the same file enters: a guardian comes after the pupil, and may work at the school.
  const { rows: inFile } = await tx.query<{ code: string; id: string }>(
    `select distinct on (ref) ref as code, person_id as id from import_rows
     where import_id = $2 and ref = any ($1) and kind in ('staff', 'student') and person_id is not null order by ref, seq`,
    [codes, importId],
  )
  for (const { code, id } of inFile) if (!found.has(code)) found.set(code, id)
  return found
}

/** Pupils of these classes, or staff, whom no row of the file means. */
export async function findUnclaimed(tx: Queryable, importId: string, of: { kind: 'student'; classIds: readonly string[] } | { kind: 'staff' }): Promise<Candidate[]> {
  const { rows } = await tx.query<Candidate>(
    `select ${columns} from people p
     where exists (select 1 from memberships m where m.person_id = p.id and m.kind = $2 and m.ended_at is null and ($3::text[] is null or m.class_id = any ($3)))
       and not exists (select 1 from import_rows i where i.import_id = $1 and i.kind = $2 and i.line is not null and i.person_id = p.id)
     order by p.search_key, p.id limit 5000`,
    [importId, of.kind, of.kind === 'student' ? of.classIds : null],
  )
  return rows
}

/** Everybody who works at the school now: a school has few enough. */
export async function listStaffNames(tx: Queryable): Promise<{ id: string; searchKey: string }[]> {
  const { rows } = await tx.query<{ id: string; searchKey: string }>(
    `select distinct p.id, p.search_key as "searchKey" from people p join memberships m on m.person_id = p.id where m.kind = 'staff' and m.ended_at is null order by 2, 1 limit 5000`,
  )
  return rows
}
