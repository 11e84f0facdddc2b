import type { Role } from '../machines/role.ts'
import type { Queryable } from './connection.ts'

export const membershipKinds = ['staff', 'student', 'guardian'] as const
export type MembershipKind = (typeof membershipKinds)[number]

export const platformStatuses = ['absent', 'invited', 'requested', 'joined', 'verified', 'removed', 'declined'] as const
export type PlatformStatus = (typeof platformStatuses)[number]

/** What a person is at the school: staff once, a pupil, a guardian of each child. */
export interface MembershipRow {
  id: string
  kind: MembershipKind
  roles: Role[]
  position: string | null
  /** Belongs to teaching staff (BR-02). */
  teachingStaff: boolean
  /** The class of an academic year: where a pupil learns, or whose class teacher a member of staff is. */
  classId: string | null
  className: string | null
  guardianOf: string | null
  /** Name of the child whose guardian it is. */
  childName: string | null
  /** Local date of the order; null where only the register knows since when. */
  startsOn: string | null
  /** What a person last confirmed of the platform. */
  platformStatus: PlatformStatus
  /** Why the status «учитель» need not be confirmed (BR-15). */
  verificationWaivedReason: string | null
  endedAt: string | null
}

export interface PersonRow {
  id: string
  lastName: string
  firstName: string
  patronymic: string | null
  /** E.164. */
  phone: string | null
  email: string | null
  memberships: MembershipRow[]
}

const staffPlace = ({ memberships }: Pick<PersonRow, 'memberships'>) => memberships.find(({ kind, endedAt }) => kind === 'staff' && !endedAt)

/** Whether the person is on the staff now. */
export const worksHere = (person: Pick<PersonRow, 'memberships'>): boolean => staffPlace(person) !== undefined

/** Whether the person belongs to teaching staff now (BR-02, BR-20). */
export function teachesHere(person: Pick<PersonRow, 'memberships'>): boolean {
  const place = staffPlace(person)
  return place !== undefined && (place.teachingStaff || place.roles.some((role) => role === 'teacher' || role === 'classTeacher'))
}

const columns = `p.id, p.last_name as "lastName", p.first_name as "firstName", p.patronymic, p.phone, p.email,
  coalesce((select json_agg(json_build_object('id', m.id, 'kind', m.kind, 'roles', m.roles, 'position', m.position,
      'teachingStaff', m.teaching_staff, 'classId', m.class_id, 'className', c.name, 'guardianOf', m.guardian_of,
      'childName', (select concat_ws(' ', h.last_name, h.first_name, h.patronymic) from people h where h.id = m.guardian_of), 'startsOn', m.starts_on, 'platformStatus', m.platform_status,
      'verificationWaivedReason', m.verification_waived_reason, 'endedAt', m.ended_at) order by m.created_at, m.id)
    from memberships m left join school_classes c on c.id = m.class_id where m.person_id = p.id), '[]') as memberships`

/** Adds people of the school in one statement. */
export async function insertPeople(
  tx: Queryable,
  orgId: string,
  people: readonly (Omit<PersonRow, 'memberships'> & { searchKey: string })[],
): Promise<void> {
  await tx.query(
    `insert into people (id, org_id, last_name, first_name, patronymic, phone, email, search_key)
     select id, $1, last_name, first_name, patronymic, phone, email, search_key
     from json_to_recordset($2) as row (id text, last_name text, first_name text, patronymic text, phone text, email text, search_key text)`,
    [orgId, JSON.stringify(people.map((p) => ({ id: p.id, last_name: p.lastName, first_name: p.firstName, patronymic: p.patronymic, phone: p.phone, email: p.email, search_key: p.searchKey })))],
  )
}

export interface NewMembershipRow extends Omit<MembershipRow, 'classId' | 'className' | 'childName' | 'startsOn' | 'platformStatus' | 'verificationWaivedReason' | 'endedAt'> {
  personId: string
  classId?: string | null
  /** Local date since when, and the order it rests on; absent: since it was entered, and none. */
  startsOn?: string
  basisOrderId?: string
}

/** Adds memberships of people of the school in one statement. */
export async function insertMemberships(
  tx: Queryable,
  orgId: string,
  memberships: readonly NewMembershipRow[],
): Promise<void> {
  await tx.query(
    `insert into memberships (id, org_id, person_id, kind, roles, position, teaching_staff, class_id, guardian_of, starts_on, basis_order_id)
     select id, $1, person_id, kind, array(select json_array_elements_text(roles)), position, teaching_staff, class_id, guardian_of, starts_on, basis_order_id
     from json_to_recordset($2) as row (id text, person_id text, kind text, roles json, position text, teaching_staff boolean, class_id text, guardian_of text,
       starts_on date, basis_order_id text)`,
    [
      orgId,
      JSON.stringify(
        memberships.map((m) => ({
          id: m.id, person_id: m.personId, kind: m.kind, roles: m.roles, position: m.position,
          teaching_staff: m.teachingStaff, class_id: m.classId ?? null, guardian_of: m.guardianOf, starts_on: m.startsOn ?? null, basis_order_id: m.basisOrderId ?? null,
        })),
      ),
    ],
  )
}

/** People of the school by id, in no order; unknown ids are left out. */
export async function findPeople(tx: Queryable, ids: readonly string[]): Promise<PersonRow[]> {
  const { rows } = await tx.query<PersonRow>(`select ${columns} from people p where p.id = any ($1)`, [ids])
  return rows
}

export async function findPerson(tx: Queryable, id: string): Promise<PersonRow | undefined> {
  return (await findPeople(tx, [id]))[0]
}

export interface PeopleFilter {
  /** Part of the name, as `searchKey` folds it. */
  search?: string | undefined
  kind?: MembershipKind | undefined
  role?: Role | undefined
  platformStatus?: PlatformStatus | undefined
  /** Pupils of the class, who leads it, and guardians of its pupils. */
  classId?: string | undefined
  /** Guardians of this child. */
  guardianOf?: string | undefined
  /** Continue after this person: a place in the list is never told by a name (P7). */
  after?: string | undefined
  limit: number
}

/** A page of people by name. */
export async function listPeople(tx: Queryable, filter: PeopleFilter): Promise<PersonRow[]> {
  const { rows } = await tx.query<PersonRow>(
    `select ${columns} from people p
     where ($1::text is null or p.search_key like '%' || $1 || '%')
       and (coalesce($2, $3, $4, $7, $8) is null or exists (
         select 1 from memberships m where m.person_id = p.id and m.ended_at is null
           and ($2::text is null or m.kind = $2) and ($3::text is null or $3 = any (m.roles)) and ($4::text is null or m.platform_status = $4)
           and ($7::text is null or m.class_id = $7 or exists (select 1 from memberships c where c.person_id = m.guardian_of and c.class_id = $7 and c.kind = 'student' and c.ended_at is null))
           and ($8::text is null or m.guardian_of = $8)))
       and ($5::text is null or (p.search_key, p.id) > (select a.search_key, a.id from people a where a.id = $5))
     order by p.search_key, p.id limit $6`,
    [
      filter.search?.replace(/[\\%_]/g, '\\$&') ?? null, filter.kind ?? null, filter.role ?? null, filter.platformStatus ?? null,
      filter.after ?? null, filter.limit, filter.classId ?? null, filter.guardianOf ?? null,
    ],
  )
  return rows
}

/** Writes a person's name and contacts as they are now. */
export async function updatePerson(tx: Queryable, person: Omit<PersonRow, 'memberships'> & { searchKey: string }): Promise<void> {
  await tx.query(
    `update people set last_name = $2, first_name = $3, patronymic = $4, phone = $5, email = $6, search_key = $7 where id = $1`,
    [person.id, person.lastName, person.firstName, person.patronymic, person.phone, person.email, person.searchKey],
  )
}

/** Changes what a person is at the school; null for `endedAt` keeps it going. */
export async function updateMembership(
  tx: Queryable,
  id: string,
  change: { roles: readonly Role[]; position: string | null; teachingStaff: boolean; classId: string | null; verificationWaivedReason: string | null; ended: boolean },
): Promise<void> {
  await tx.query(
    `update memberships set roles = $2, position = $3, teaching_staff = $4, class_id = $5, verification_waived_reason = $6,
       ended_at = case when $7 then coalesce(ended_at, now()) else null end, ended_by = case when $7 then ended_by else null end
     where id = $1`,
    [id, change.roles, change.position, change.teachingStaff, change.classId, change.verificationWaivedReason, change.ended],
  )
}

/** Who has these numbers already, and as what. */
export async function phoneOwners(tx: Queryable, phones: readonly string[]): Promise<{ phone: string; personId: string; kind: MembershipKind }[]> {
  const { rows } = await tx.query<{ phone: string; personId: string; kind: MembershipKind }>(
    `select p.phone, p.id as "personId", m.kind from people p join memberships m on m.person_id = p.id and m.ended_at is null where p.phone = any ($1)`,
    [phones],
  )
  return rows
}

/** How many people hold the role now. */
export async function countHolders(tx: Queryable, role: Role): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(distinct person_id)::int as count from memberships where ended_at is null and $1 = any (roles)`,
    [role],
  )
  return rows[0]!.count
}

/** Who holds the role now. */
export async function listHolders(tx: Queryable, role: Role): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`select distinct person_id as id from memberships where ended_at is null and $1 = any (roles)`, [role])
  return rows.map(({ id }) => id)
}

/** The membership and whose it is. */
export async function findMembership(tx: Queryable, id: string): Promise<{ personId: string; membership: MembershipRow } | undefined> {
  const { rows } = await tx.query<{ personId: string }>(`select person_id as "personId" from memberships where id = $1`, [id])
  const person = rows[0] && (await findPerson(tx, rows[0].personId))
  const membership = person?.memberships.find((candidate) => candidate.id === id)
  return person && membership && { personId: person.id, membership }
}
