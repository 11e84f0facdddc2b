import { compareClassNames } from '../school/validation/class-name.ts'
import type { PlatformStatus } from './people.ts'
import type { Queryable } from './connection.ts'

/** How many people of a role are how far on the platform. */
export interface RoleCount {
  role: string
  status: PlatformStatus
  people: number
}

/** Staff by role and by how far they have come; who has several roles is counted in each. */
export async function countStaffByRole(tx: Queryable): Promise<RoleCount[]> {
  const { rows } = await tx.query<RoleCount>(
    `select role, platform_status as status, count(*)::int as people
     from memberships m, unnest(m.roles) as role where m.kind = 'staff' and m.ended_at is null group by 1, 2`,
  )
  return rows
}

/** How many teaching staff have come at least so far on the way onto the platform. */
export interface Funnel {
  staff: number
  invited: number
  opened: number
  requested: number
  joined: number
  verified: number
}

/** Who has come further has passed what lies before; who was removed or has declined is in the first number only. */
export async function countFunnel(tx: Queryable): Promise<Funnel> {
  const { rows } = await tx.query<Funnel>(
    `select count(*)::int as staff,
       count(*) filter (where platform_status in ('invited', 'requested', 'joined', 'verified'))::int as invited,
       count(*) filter (where platform_status in ('requested', 'joined', 'verified') or platform_status = 'invited' and exists (
         select 1 from invitations i join recipient_answers a on a.invitation_id = i.id
         where i.person_id = m.person_id and i.target = 'staffRoom' and i.state = 'sent' and a.type = 'OPENED'))::int as opened,
       count(*) filter (where platform_status in ('requested', 'joined', 'verified'))::int as requested,
       count(*) filter (where platform_status in ('joined', 'verified'))::int as joined,
       count(*) filter (where platform_status = 'verified')::int as verified
     from memberships m where kind = 'staff' and teaching_staff and ended_at is null`,
  )
  return rows[0]!
}

/** A class with how many pupils and guardians are in its chats. */
export interface ClassCount {
  classId: string
  className: string
  pupils: number
  pupilsJoined: number
  guardians: number
  guardiansJoined: number
}

/** Classes of the year, in the order people expect. Who joined is known by number only where the school keeps no names. */
export async function countClasses(tx: Queryable, academicYear: string): Promise<ClassCount[]> {
  const { rows } = await tx.query<ClassCount>(
    `with pupils as materialized (
       select m.org_id, m.class_id, m.person_id from memberships m join school_classes c on c.id = m.class_id
       where m.kind = 'student' and m.ended_at is null and c.academic_year = $1 and c.closed_at is null
     ), guardians as (
       select p.class_id, count(distinct g.person_id)::int as count
       from pupils p join memberships g on g.org_id = p.org_id and g.guardian_of = p.person_id and g.kind = 'guardian' and g.ended_at is null group by 1
     ), joined as (
       select j.class_id, j.audience,
         sum(case when j.by_name then (select count(*) from invitations i where i.link_id = j.link_id and i.state in ('joined', 'joinedLate', 'lateChecked')) else j.joined end)::int as count
       from joinings j join spaces s on s.id = j.space_id where s.kind in ('classStudents', 'classGuardians') and j.state <> 'cancelled' group by 1, 2
     )
     select c.id as "classId", c.name as "className",
       (select count(*)::int from pupils p where p.class_id = c.id) as pupils,
       coalesce((select count from joined j where j.class_id = c.id and j.audience = 'student'), 0) as "pupilsJoined",
       coalesce((select count from guardians g where g.class_id = c.id), 0) as guardians,
       coalesce((select count from joined j where j.class_id = c.id and j.audience = 'guardian'), 0) as "guardiansJoined"
     from school_classes c where c.academic_year = $1 and c.closed_at is null`,
    [academicYear],
  )
  return rows.sort((a, b) => compareClassNames(a.className, b.className))
}

/** Overdue tasks of one person, or of those whose role it is where nobody has taken them. */
export interface LateCount {
  personId: string | null
  roles: string[]
  tasks: number
  oldestDueAt: Date
}

/** Who is late, the most tasks first. */
export async function countLate(tx: Queryable): Promise<LateCount[]> {
  const { rows } = await tx.query<LateCount>(
    `select assignee as "personId", case when assignee is null then roles else '{}' end as roles, count(*)::int as tasks, min(due_at) as "oldestDueAt"
     from tasks where closed_at is null and overdue group by 1, 2 order by 3 desc, 4`,
  )
  return rows
}
