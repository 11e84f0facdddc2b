import type { Queryable } from './connection.ts'

/*
 * The set-based statements behind the year's end: a whole school in a few of them. The promotion's row is locked first,
 * so that an application and its roll-back never run at once.
 */

export interface LockedPromotion {
  fromYear: string
  toYear: string
  appliedAttempt: number | null
  applied: unknown
  rolledBackAttempt: number
  rolledBack: unknown
}

/** Makes whoever works on this promotion wait. */
export async function lockPromotion(tx: Queryable, id: string): Promise<LockedPromotion> {
  const { rows } = await tx.query<LockedPromotion>(
    `select from_year as "fromYear", to_year as "toYear", applied_attempt as "appliedAttempt", applied, rolled_back_attempt as "rolledBackAttempt", rolled_back as "rolledBack"
     from promotions where id = $1 for update`,
    [id],
  )
  if (!rows[0]) throw new Error(`no promotion ${id}`)
  return rows[0]
}

/** Classes of a year with their pupils now, for proposing. */
export async function listPupilClasses(tx: Queryable, year: string): Promise<{ id: string; grades: number[]; letter: string }[]> {
  return (await tx.query<{ id: string; grades: number[]; letter: string }>('select id, grades, letter from school_classes where academic_year = $1 and closed_at is null', [year])).rows
}

/** Proposes a decision for every pupil of the classes who has none, and drops those of pupils who have left. */
export async function proposeDecisions(tx: Queryable, orgId: string, id: string, classes: readonly { id: string; decision: string; targetClassId: string | null }[]): Promise<number> {
  await tx.query(`delete from promotion_decisions d using memberships m where d.promotion_id = $1 and m.id = d.membership_id and (m.ended_at is not null or m.class_id <> d.class_id)`, [id])
  await tx.query(
    `insert into promotion_decisions (promotion_id, membership_id, org_id, person_id, class_id, decision, target_class_id)
     select $2, m.id, $1, m.person_id, m.class_id, r.decision, r."targetClassId"
     from json_to_recordset($3) as r (id text, decision text, "targetClassId" text)
     join memberships m on m.class_id = r.id and m.kind = 'student' and m.ended_at is null
     on conflict do nothing`,
    [orgId, id, JSON.stringify(classes)],
  )
  // A class of the next year that was opened after the draft: the proposals find it now.
  await tx.query(
    `update promotion_decisions d set target_class_id = r."targetClassId" from json_to_recordset($2) as r (id text, decision text, "targetClassId" text)
     where d.promotion_id = $1 and d.class_id = r.id and d.decided_by is null and d.target_class_id is distinct from r."targetClassId"`,
    [id, JSON.stringify(classes)],
  )
  return (await tx.query<{ count: number }>('select count(*)::int as count from promotion_decisions where promotion_id = $1', [id])).rows[0]!.count
}

/** Ends the memberships of the year and begins those of the next one (BR-16: on the order). Who has left since the list was made is none of its business, now and when it is taken back. */
export async function moveRegister(tx: Queryable, orgId: string, id: string, orderId: string, on: string): Promise<void> {
  const { rows: ended } = await tx.query<{ id: string }>(
    `update memberships m set ended_at = now(), ends_on = $3, end_order_id = $2 from promotion_decisions d
     where d.promotion_id = $1 and m.id = d.membership_id and m.ended_at is null returning m.id`,
    [id, orderId, on],
  )
  await tx.query('delete from promotion_decisions where promotion_id = $1 and membership_id <> all ($2)', [id, ended.map((row) => row.id)])
  await tx.query(
    `update promotion_decisions set new_membership_id = 'mem_' || replace(gen_random_uuid()::text, '-', '')
     where promotion_id = $1 and decision in ('promote', 'promoteConditionally', 'repeat')`,
    [id],
  )
  await tx.query(
    `insert into memberships (id, org_id, person_id, kind, roles, class_id, platform_status, starts_on, basis_order_id, previous_id)
     select d.new_membership_id, $2, d.person_id, 'student', m.roles, d.target_class_id, m.platform_status, $4, $3, m.id
     from promotion_decisions d join memberships m on m.id = d.membership_id where d.promotion_id = $1 and d.new_membership_id is not null`,
    [id, orgId, orderId, on],
  )
  // Guardians go with the last child they have here, as they do by a movement.
  await tx.query(
    `update memberships g set ended_at = now(), ends_on = $3, end_order_id = $2 from promotion_decisions d join memberships m on m.id = d.membership_id
     where d.promotion_id = $1 and m.end_order_id = $2 and d.new_membership_id is null and g.kind = 'guardian' and g.guardian_of = d.person_id and g.ended_at is null`,
    [id, orderId, on],
  )
}

/** A space is on the platform or on its way there. */
const unclosed = `s.state not in ('archived', 'cancelled')`

/** The class of the next year has such a space already, planned by people: then the old one ends with the old class. */
const spaceTaken = `exists (select 1 from spaces o where o.class_id = c.target and o.kind = s.kind and o.subject_id is not distinct from s.subject_id
  and o.class_group = s.class_group and o.state not in ('archived', 'cancelled'))`

/**
 * Where each class went as a whole: to the class that most of those who go up go to; nowhere when nobody does. Its spaces
 * go along, and its class teachers unless the next class was given to somebody already.
 */
export async function moveClasses(tx: Queryable, orgId: string, id: string): Promise<void> {
  await tx.query(
    `insert into promotion_classes (promotion_id, class_id, org_id, target_class_id)
     select $2, d.class_id, $1, (
       select t.target_class_id from promotion_decisions t
       where t.promotion_id = $2 and t.class_id = d.class_id and t.decision in ('promote', 'promoteConditionally')
       group by 1 order by count(*) desc, 1 limit 1)
     from promotion_decisions d where d.promotion_id = $2 group by d.class_id`,
    [orgId, id],
  )
  // Of two classes that become one the larger goes on; the other's spaces are archived.
  await tx.query(
    `update promotion_classes p set
       spaces = array(select s.id from spaces s where s.class_id = c.class_id and ${unclosed} and s.state <> 'archiving' and not ${spaceTaken}),
       teachers = array(select m.id from memberships m where m.class_id = c.class_id and m.kind = 'staff' and m.ended_at is null and not c.given),
       assignments = array(select a.id from staff_assignments a where a.class_id = c.class_id and a.kind = 'classTeacher' and a.state not in ('removed', 'cancelled') and not c.given)
     from (select class_id, target_class_id as target,
             exists (select 1 from class_teachers t where t.class_id = target_class_id)
               or exists (select 1 from staff_assignments a where a.class_id = target_class_id and a.kind = 'classTeacher' and a.state not in ('removed', 'cancelled')) as given
           from promotion_classes where promotion_id = $1 and target_class_id is not null) c
     where p.promotion_id = $1 and p.class_id = c.class_id and c.class_id = (
       select d.class_id from promotion_decisions d where d.promotion_id = $1 and d.target_class_id = c.target and d.decision in ('promote', 'promoteConditionally')
       group by 1 order by count(*) desc, 1 limit 1)`,
    [id],
  )
  await carryAlong(tx, id, 'class_id', 'target_class_id')
}

/** What goes along with classes is of the class it goes to from this moment on; the processes hear of it after. */
async function carryAlong(tx: Queryable, id: string, from: 'class_id' | 'target_class_id', to: 'class_id' | 'target_class_id'): Promise<void> {
  await tx.query(
    `update memberships m set class_id = c.${to} from promotion_classes c cross join unnest(c.teachers) carried (id) where c.promotion_id = $1 and m.id = carried.id and m.class_id = c.${from} and m.ended_at is null`,
    [id],
  )
  await tx.query(
    `update staff_assignments a set class_id = t.id, class_name = t.name from promotion_classes c cross join unnest(c.assignments) carried (id) join school_classes t on t.id = c.${to}
     where c.promotion_id = $1 and a.id = carried.id and a.class_id = c.${from}`,
    [id],
  )
  await tx.query(`update spaces s set class_id = c.${to} from promotion_classes c cross join unnest(c.spaces) carried (id) where c.promotion_id = $1 and s.id = carried.id and s.class_id = c.${from}`, [id])
}

/** What goes along with a class: where it was and is, by the names of both. */
export interface Carried {
  processId: string
  from: string
  fromName: string
  to: string
  toName: string
}

/** Names are looked up, not joined: of a table that has just been filled PostgreSQL does not know how many rows there are. */
const carriedColumns = `x.process_id as "processId", c.class_id as "from", (select name from school_classes where id = c.class_id) as "fromName",
  c.target_class_id as "to", (select name from school_classes where id = c.target_class_id) as "toName"`

/** Spaces that go along with their class, and what they are called. */
export async function listMovedSpaces(tx: Queryable, id: string): Promise<(Carried & { name: string })[]> {
  const { rows } = await tx.query<Carried & { name: string }>(
    `select ${carriedColumns}, x.name from promotion_classes c cross join unnest(c.spaces) carried (id) join spaces x on x.id = carried.id where c.promotion_id = $1 and x.process_id is not null order by x.id`,
    [id],
  )
  return rows
}

/** Assignments of class teachers who go along. */
export async function listMovedAssignments(tx: Queryable, id: string): Promise<Carried[]> {
  const { rows } = await tx.query<Carried>(`select ${carriedColumns} from promotion_classes c cross join unnest(c.assignments) carried (id) join staff_assignments x on x.id = carried.id where c.promotion_id = $1 order by x.id`, [id])
  return rows
}

/** What the platform has to follow: classes of the next year. */
export interface ClassWork {
  /** With pupils. */
  filled: string[]
  /** Whose spaces came from a class that some have left. */
  left: string[]
  /** Of the year that ends, whose spaces go along with nobody (`gone`: nor do the pupils). */
  ended: { classId: string; gone: boolean; spaces: string[] }[]
}

export async function listClassWork(tx: Queryable, id: string): Promise<ClassWork> {
  const { rows: filled } = await tx.query<{ id: string }>('select distinct target_class_id as id from promotion_decisions where promotion_id = $1 and new_membership_id is not null order by 1', [id])
  const { rows: left } = await tx.query<{ id: string }>(
    `select c.target_class_id as id from promotion_classes c where c.promotion_id = $1 and cardinality(c.spaces) > 0
       and exists (select 1 from promotion_decisions d where d.promotion_id = $1 and d.class_id = c.class_id and d.decision in ('graduate', 'leave')) order by 1`,
    [id],
  )
  const { rows: ended } = await tx.query<{ classId: string; gone: boolean; spaces: string[] }>(
    `select c.class_id as "classId", c.target_class_id is null as gone, array_agg(s.process_id order by s.process_id) as spaces
     from promotion_classes c join spaces s on s.class_id = c.class_id and ${unclosed}
     where c.promotion_id = $1 and s.process_id is not null group by 1, 2 order by 1`,
    [id],
  )
  return { filled: filled.map((row) => row.id), left: left.map((row) => row.id), ended }
}

/** Classes of the year that ends whose pupils went into these of the next. */
export async function listSourcesOf(tx: Queryable, id: string, targets: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    'select distinct class_id as id from promotion_decisions where promotion_id = $1 and new_membership_id is not null and target_class_id = any ($2) order by 1',
    [id, targets],
  )
  return rows.map((row) => row.id)
}

/** Takes the application back: what it began ends, what it ended goes on, unless something else has happened to the pupil since, on the day itself maybe. */
export async function restoreRegister(tx: Queryable, id: string): Promise<void> {
  const { rows: undone } = await tx.query<{ id: string }>(
    `update memberships m set ended_at = now(), ends_on = m.starts_on from promotion_decisions d
     where d.promotion_id = $1 and m.id = d.new_membership_id and m.ended_at is null and m.class_id = d.target_class_id returning m.id`,
    [id],
  )
  // Also of whom a movement says meanwhile that they had left before: that was no beginning either.
  await tx.query(
    `update memberships m set ended_by = null, own_end = null from promotion_decisions d
     where d.promotion_id = $1 and m.id = d.new_membership_id and m.ended_at is not null and m.ends_on = m.starts_on and m.class_id = d.target_class_id`,
    [id],
  )
  await tx.query(
    `update memberships m set own_end = null from promotion_decisions d
     where d.promotion_id = $1 and m.id = d.membership_id and m.own_end ->> 'orderId' = (
       select n.basis_order_id from promotion_decisions o join memberships n on n.id = o.new_membership_id where o.promotion_id = $1 limit 1)`,
    [id],
  )
  await tx.query(
    `update memberships g set ended_at = null, ends_on = null, end_order_id = null from promotion_decisions d join memberships m on m.id = d.membership_id
     where d.promotion_id = $1 and d.new_membership_id is null and m.ended_by is null and g.kind = 'guardian' and g.guardian_of = d.person_id and g.end_order_id = m.end_order_id and g.ended_by is null`,
    [id],
  )
  await tx.query(
    `update memberships m set ended_at = null, ends_on = null, end_order_id = null from promotion_decisions d
     where d.promotion_id = $1 and m.id = d.membership_id and m.ended_at is not null and m.ended_by is null
       and not exists (select 1 from memberships o where o.person_id = m.person_id and o.kind = 'student' and o.ended_at is null)
       and (d.new_membership_id is null or d.new_membership_id = any ($2))`,
    [id, undone.map((row) => row.id)],
  )
  await carryAlong(tx, id, 'target_class_id', 'class_id')
  await tx.query('update promotion_decisions set new_membership_id = null where promotion_id = $1', [id])
  await tx.query('delete from promotion_classes where promotion_id = $1', [id])
}

export async function noteApplied(tx: Queryable, id: string, attempt: number, answer: unknown): Promise<void> {
  await tx.query('update promotions set applied_attempt = $2, applied = $3 where id = $1', [id, attempt, JSON.stringify(answer)])
}

export async function noteRolledBack(tx: Queryable, id: string, attempt: number, answer: unknown): Promise<void> {
  await tx.query('update promotions set rolled_back_attempt = $2, rolled_back = $3 where id = $1', [id, attempt, JSON.stringify(answer)])
}

/** Steps confirmed since the last look; from now on they are known. */
export async function takeUnsettled(tx: Queryable, id: string, done: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ settled: string[] }>('select settled_steps as settled from promotions where id = $1 for update', [id])
  const fresh = done.filter((key) => !rows[0]!.settled.includes(key))
  await tx.query('update promotions set settled_steps = $2 where id = $1', [id, done])
  return fresh
}

/** Ids of the living spaces of a class. */
export async function listClassSpaces(tx: Queryable, classId: string): Promise<string[]> {
  return (await tx.query<{ id: string }>(`select id from spaces where class_id = $1 and state in ('active', 'handover')`, [classId])).rows.map(({ id }) => id)
}

/** Nobody is in these spaces any more, as a person confirmed for the class as a whole; but who leaves by this promotion, and their guardians, where it is named. */
export async function emptyPlaces(tx: Queryable, spaceIds: readonly string[], leaversOf: string | null): Promise<void> {
  await tx.query(
    `with leavers as (select person_id from promotion_decisions where promotion_id = $2 and decision in ('graduate', 'leave'))
     delete from places where space_id = any ($1) and person_id not in (
       select person_id from leavers union select m.person_id from memberships m join leavers l on l.person_id = m.guardian_of where m.kind = 'guardian' and (m.ended_at is null or m.end_order_id is not null))`,
    [spaceIds, leaversOf],
  )
}

/** Everybody expected there is there. */
export async function confirmExpected(tx: Queryable, spaceIds: readonly string[]): Promise<void> {
  await tx.query(`update places set standing = 'there' where space_id = any ($1) and standing = 'expected'`, [spaceIds])
}
