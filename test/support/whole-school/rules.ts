import { expect } from 'vitest'
import { inWholeSchool, type Queryable } from '../../../db/connection.ts'
import { readPlaceSteps } from '../../../db/wanted-spaces.ts'
import type { WholeSchool } from './school.ts'

/**
 * Rules of domain.md 10 and promises of domain.md 7 that hold for the whole school at any time, each a query for what would break it.
 * What a link, a person or a task is, HTTP says as well; these look at all of them at once.
 */
const broken: Readonly<Record<string, string>> = {
  'BR-02: the administrator is teaching staff': `select m.person_id from memberships m where 'platformAdmin' = any (m.roles) and m.ended_at is null and not m.teaching_staff`,
  'BR-05: no staff link before «Учительская»': `select l.id from invite_links l join organizations o on o.id = l.org_id where l.target = 'staffRoom' and o.staff_room_on is null`,
  'BR-06: staff links are for teachers, every link has its target': `select id from invite_links where target = 'staffRoom' and platform_role <> 'teacher' or target <> 'staffRoom' and target_id = ''`,
  'BR-07: a live link has a term, and one that closes has somebody to annul it': `select l.id from invite_links l where l.state = 'active' and l.expires_at is null or l.state in ('closing', 'revocationOverdue')
     and not exists (select from tasks t where t.owner_id = l.process_id and t.kind = 'T-LINK-REVOKE' and t.closed_at is null)`,
  'BR-08: annulled is what a person has confirmed': `select l.id from invite_links l where (l.platform_state = 'revoked') <> exists (
     select from timeline t where t.process_id = l.process_id and t.event = 'PLATFORM_REVOKED' and t.applied and t.actor = 'person')`,
  'BR-09: one live invitation of a person to a place': `select i.person_id from invitations i join invite_links l on l.id = i.link_id
     where i.state in ('planned', 'sent') group by i.person_id, i.target, i.target_id, i.platform_role having count(*) > 1`,
  'BR-12: an administrator is there': `select o.id from organizations o where o.registered_at is not null and not exists (
     select from memberships m where m.kind = 'staff' and m.ended_at is null and m.roles && '{platformAdmin,extraAdmin}')`,
  'BR-13: a class teacher has an order': `select id from staff_assignments where kind = 'classTeacher' and state = 'active' and order_id is null`,
  'BR-16: the register changes by an order, and back by another': `select id from movements where begun_at is not null and order_id is null or taken_back_at is not null and reverse_order_id is null`,
  'BR-17: who has left has no rights': `select a.id from staff_assignments a where a.state = 'active' and not exists (select from memberships m where m.person_id = a.person_id and m.kind = 'staff' and m.ended_at is null)`,
  'BR-18: pupils and guardians are invited into chats': `select id from invite_links where platform_role in ('student', 'guardian') and target <> 'chat'`,
  'BR-19: who said no is not written to and not invited again': `select i.id from invitations i join invitations d on d.person_id = i.person_id and d.target_id = i.target_id and d.id <> i.id
     where d.state = 'declined' and d.platform_role = 'guardian' and i.state in ('planned', 'sent')`,
  'BR-20, BR-21: a link into a class chat comes from teaching staff': `select l.id from invite_links l where l.target = 'chat' and l.platform_role in ('student', 'guardian') and not exists (
     select from memberships m where m.person_id = l.owner_id and m.kind = 'staff' and m.teaching_staff)`,
  'BR-22: one of each system channel': `select kind from (values ('schoolWideChannel'), ('staffChannel')) as wanted (kind) where (select count(*) from spaces s where s.kind = wanted.kind and s.state = 'active') <> 1`,
  'BR-26: an applied year’s end rests on an order': `select p.id from processes p where p.kind = 'yearEndPromotion' and p.state in ('scheduled', 'applying', 'platformWork', 'completed') and p.context ->> 'orderId' is null`,
  'BR-27: who prepared it did not approve it': `select p.id from processes p where p.kind = 'yearEndPromotion' and p.context ->> 'approvedBy' = p.context ->> 'preparedBy'`,
  'P1: a pupil is in one class': `select person_id from memberships where kind = 'student' and ended_at is null group by person_id having count(*) > 1`,
  'P2: nobody learns in two classes on one day': `select a.person_id from memberships a join memberships b on b.person_id = a.person_id and b.kind = a.kind and b.id > a.id
     where a.kind = 'student' and daterange(a.starts_on, case when a.ended_at is null then null else coalesce(a.ends_on, a.ended_at::date) end) && daterange(b.starts_on, case when b.ended_at is null then null else coalesce(b.ends_on, b.ended_at::date) end)`,
  'P3: nobody learns in a class that is closed': `select m.id from memberships m join school_classes c on c.id = m.class_id where m.kind = 'student' and m.ended_at is null and c.closed_at is not null`,
  'P4: nothing is asked twice': `select owner_id, kind, key from tasks where closed_at is null group by owner_id, kind, key having count(*) > 1`,
  'P5: nothing is asked for what has ended': `select t.id from tasks t join processes p on p.id = t.owner_id where t.closed_at is null and p.ended_at is not null`,
  'P6: no letter is lost': `select id from letters where state in ('failed', 'unknownOutcome', 'bounced')`,
  'P7: a space is one of its kind': `select class_id, kind, subject_id, class_group from spaces where class_id is not null and kind <> 'other' and state not in ('archived', 'cancelled') group by 1, 2, 3, 4 having count(*) > 1`,
}

/** Holds after every phase: all rules, and everybody is where the register says unless somebody has been asked to see to it. */
export async function keepsTheRules(whole: WholeSchool, { quiet = true }: { quiet?: boolean } = {}): Promise<void> {
  const { db, orgId, all, classesOf, years } = whole
  await inWholeSchool(db, orgId, async (tx) => {
    for (const [rule, sql] of Object.entries(broken)) expect((await tx.query(sql)).rows, rule).toEqual([])
    if (quiet) await everybodyInPlace(tx)
  })
  // What the list of classes counts is who stands in the register.
  const listed = await all<{ memberships: { kind: string; classId: string | null; endedAt: string | null }[] }>('/people?kind=student')
  const standing = listed.flatMap(({ memberships }) => memberships.filter(({ kind, endedAt }) => kind === 'student' && endedAt === null))
  for (const year of [years.ending, years.next]) {
    for (const { id, name, pupils } of await classesOf(year)) expect(pupils, name).toBe(standing.filter(({ classId }) => classId === id).length)
  }
}

/** The difference of register and platform is nobody's secret: what is left of it is a step that somebody is asked for. */
async function everybodyInPlace(tx: Queryable): Promise<void> {
  const { rows: people } = await tx.query<{ id: string }>('select distinct person_id as id from memberships')
  const { rows: asked } = await tx.query<{ id: string }>(
    `select s.id from movements v, jsonb_to_recordset(v.steps) as s (id text, state text) where v.state in ('platformWork', 'reversing') and s.state in ('open', 'failed')`,
  )
  const known = new Set(asked.map(({ id }) => id))
  const left = [...(await readPlaceSteps(tx, people.map(({ id }) => id)))].flatMap(([person, steps]) => steps.map(({ action, spaceId }) => `${action}:${spaceId}:${person}`))
  expect(left.filter((id) => !known.has(id)), 'where the register says').toEqual([])
}
