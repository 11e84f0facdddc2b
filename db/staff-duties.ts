import type { Queryable } from './connection.ts'

/*
 * What somebody on the staff has beside a place: roles, classes, loads, assignments, chats. What movements take away and
 * give (domain.md 7.6).
 */

/** The staff membership that stands, and the classes the person is class teacher of. */
export interface StaffPlace {
  membershipId: string
  roles: string[]
  classId: string | null
  classes: string[]
  joined: boolean
}

export async function findStaffPlace(tx: Queryable, personId: string): Promise<StaffPlace | undefined> {
  const { rows } = await tx.query<StaffPlace>(
    `select m.id as "membershipId", m.roles, m.class_id as "classId", array(select t.class_id from class_teachers t where t.person_id = $1 order by 1) as classes,
       m.platform_status in ('joined', 'verified') as joined
     from memberships m where m.person_id = $1 and m.kind = 'staff' and m.ended_at is null`,
    [personId],
  )
  return rows[0]
}

export async function writeDuties(tx: Queryable, membershipId: string, { roles, classId }: { roles: readonly string[]; classId: string | null }): Promise<void> {
  await tx.query('update memberships set roles = $2, class_id = $3 where id = $1', [membershipId, roles, classId])
}

/** An assignment that has not ended. */
export interface LiveAssignment {
  processId: string
  personId: string
  kind: 'extraAdmin' | 'classTeacher'
  classId: string | null
}

/** Assignments of the person, and the others named by their instances. */
export async function listLiveAssignments(tx: Queryable, personId: string, others: readonly string[] = []): Promise<LiveAssignment[]> {
  const { rows } = await tx.query<LiveAssignment>(
    `select process_id as "processId", person_id as "personId", kind, class_id as "classId" from staff_assignments
     where (person_id = $1 or process_id = any ($2)) and state not in ('removed', 'cancelled') order by process_id`,
    [personId, others],
  )
  return rows
}

/** Assignments that a movement asked to take away and that nobody has taken away yet. */
export async function listAskedAssignments(tx: Queryable, personId: string, movement: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select a.process_id as id from staff_assignments a join processes p on p.id = a.process_id
     where a.person_id = $1 and a.state in ('removing', 'failed') and p.context -> 'askedBy' ->> 'to' = $2 order by 1`,
    [personId, movement],
  )
  return rows.map(({ id }) => id)
}

/** Chats that a movement asked to hand over and that nobody has taken yet. */
export async function listAskedSpaces(tx: Queryable, movement: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`select s.process_id as id from spaces s join processes p on p.id = s.process_id where s.state = 'handover' and p.context -> 'askedBy' ->> 'to' = $1 order by 1`, [movement])
  return rows.map(({ id }) => id)
}

/** Whether the platform knows the school's administrators by now (BR-12 holds from then on). */
export async function isRegistered(tx: Queryable): Promise<boolean> {
  const { rows } = await tx.query<{ registered: boolean }>('select registered_at is not null as registered from organizations where id = current_org()')
  return rows[0]!.registered
}

export async function insertDutiesLeft(tx: Queryable, orgId: string, movementId: string, personId: string, duties: readonly { duty: string; classId: string }[]): Promise<void> {
  await tx.query(
    `insert into duties_left (org_id, person_id, duty, class_id, movement_id) select $1, $2, duty, "classId", $3 from json_to_recordset($4) as r (duty text, "classId" text)
     on conflict (person_id, duty, class_id) do update set movement_id = excluded.movement_id`,
    [orgId, personId, movementId, JSON.stringify(duties)],
  )
}

export async function listDutiesLeft(tx: Queryable, personId: string): Promise<{ duty: string; classId: string }[]> {
  return (await tx.query<{ duty: string; classId: string }>('select duty, class_id as "classId" from duties_left where person_id = $1 order by duty desc, class_id', [personId])).rows
}

/** They are gone from the platform, or the register gives them again. */
export async function dropDutiesLeft(tx: Queryable, personId: string, duties: readonly { duty: string; classId: string }[]): Promise<void> {
  await tx.query(`delete from duties_left l using json_to_recordset($2) as r (duty text, "classId" text) where l.person_id = $1 and l.duty = r.duty and l.class_id = r."classId"`, [
    personId, JSON.stringify(duties),
  ])
}

/** Loads that were ended go on, unless somebody has entered the same again. */
export async function reopenLoads(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query(
    `update teaching_loads l set ended_at = null where l.id = any ($1) and not exists (
       select 1 from teaching_loads o where o.class_id = l.class_id and o.subject_id = l.subject_id and o.person_id = l.person_id and o.class_group = l.class_group and o.ended_at is null)`,
    [ids],
  )
}

/** A chat that somebody owns and that can change hands. */
export interface OwnedSpace {
  id: string
  processId: string
  kind: string
  classId: string | null
  subjectId: string | null
  classGroup: string
}

export async function listHandable(tx: Queryable, personId: string): Promise<OwnedSpace[]> {
  const { rows } = await tx.query<OwnedSpace>(
    `select id, process_id as "processId", kind, class_id as "classId", subject_id as "subjectId", class_group as "classGroup" from spaces
     where owner_id = $1 and process_id is not null and state not in ('archiving', 'archived', 'cancelled') order by name, id`,
    [personId],
  )
  return rows
}

/** Of these chats those that somebody else owns and that can change hands; whether who owns one still works here. */
export async function listOwnedByOthers(tx: Queryable, ids: readonly string[], personId: string): Promise<(Pick<OwnedSpace, 'id' | 'processId'> & { ownerWorks: boolean })[]> {
  const { rows } = await tx.query<Pick<OwnedSpace, 'id' | 'processId'> & { ownerWorks: boolean }>(
    `select s.id, s.process_id as "processId", exists (select 1 from memberships m where m.person_id = s.owner_id and m.kind = 'staff' and m.ended_at is null) as "ownerWorks"
     from spaces s where s.id = any ($1) and s.owner_id is distinct from $2 and s.process_id is not null and s.state not in ('archiving', 'archived', 'cancelled') order by s.name, s.id`,
    [ids, personId],
  )
  return rows
}

/** Who may take a chat over: the named successor, the class's teacher, who teaches the same, the head, an administrator; somebody who works here. */
export async function chooseNewOwner(tx: Queryable, { kind, classId, subjectId, classGroup }: OwnedSpace, ownerId: string, successorId: string | null): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `select c.id from (
       select $1::text as id, 0 as rank
       union all select person_id, case when $2 = 'subjectClass' then 2 else 1 end from class_teachers where class_id = $3
       union all select person_id, 1 from teaching_loads where class_id = $3 and subject_id = $4 and class_group = $5 and ended_at is null
       union all select person_id, 3 from memberships where ended_at is null and 'head' = any (roles)
       union all select person_id, 4 from memberships where ended_at is null and roles && '{platformAdmin,deputy}') c
     join memberships m on m.person_id = c.id and m.kind = 'staff' and m.ended_at is null
     where c.id <> $6 order by c.rank, c.id limit 1`,
    [successorId, kind, classId, subjectId, classGroup, ownerId],
  )
  return rows[0]?.id
}

/** Class teachers of these classes, except the person. */
export async function listClassTeachers(tx: Queryable, classIds: readonly string[], except: string): Promise<{ person: string; class: string }[]> {
  const { rows } = await tx.query<{ person: string; class: string }>(
    `select person_id as person, class_id as class from class_teachers where class_id = any ($1) and person_id <> $2 order by class_id, person_id`,
    [classIds, except],
  )
  return rows
}
