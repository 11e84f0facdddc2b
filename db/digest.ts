import type { Queryable } from './connection.ts'

/** A task that waits for a person. */
export interface WaitingTask {
  kind: string
  dueAt: Date | null
  overdue: boolean
}

// A task is of the person it is assigned to, or else, and once it is escalated, of everybody who holds one of its roles. One that was put off
// (SNOOZE) is not in the way until its moment has come.
const belongs = `t.closed_at is null and (t.snoozed_until is null or t.snoozed_until <= $1)
  and (t.assignee = m.person_id or ((t.assignee is null or t.escalated) and t.roles && m.roles))`

/** People with an e-mail address and at least one open task at `now`. */
export async function findPeopleWithTasks(tx: Queryable, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select p.id from people p
     where p.email is not null and exists (
       select 1 from memberships m join tasks t on ${belongs} where m.person_id = p.id and m.ended_at is null)
     order by p.id`,
    [now],
  )
  return rows.map(({ id }) => id)
}

/** The open tasks of a person at `now`: the overdue first, then by term. */
export async function findOpenTasksOf(tx: Queryable, personId: string, now: Date): Promise<WaitingTask[]> {
  const { rows } = await tx.query<WaitingTask>(
    `select t.kind, t.due_at as "dueAt", t.overdue from tasks t
     where exists (select 1 from memberships m where m.person_id = $2 and m.ended_at is null and ${belongs})
     order by t.overdue desc, t.due_at, t.id`,
    [now, personId],
  )
  return rows
}

/** Links that end within two working days (TIMER_EXPIRES_SOON, domain.md 7.3), the soonest first. */
export async function findExpiringLinks(tx: Queryable): Promise<{ number: string; expiresAt: Date }[]> {
  const { rows } = await tx.query<{ number: string; expiresAt: Date }>(
    `select l.number, l.expires_at as "expiresAt" from invite_links l join processes p on p.id = l.process_id
     where l.state = 'active' and p.context -> 'expiresSoon' = 'true' order by l.expires_at, l.number`,
  )
  return rows
}

/** Administrators of the platform with an e-mail address. */
export async function findAdministrators(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select distinct p.id from people p join memberships m on m.person_id = p.id
     where p.email is not null and m.ended_at is null and m.roles && array['platformAdmin', 'extraAdmin'] order by p.id`,
  )
  return rows.map(({ id }) => id)
}

/** Onboardings of teachers that have made no progress for thirty days (TIMER_NO_PROGRESS, domain.md 7.4). */
export async function countStalledOnboardings(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `select count(*)::int as n from processes where kind = 'teacherOnboarding' and ended_at is null and context -> 'stalled' = 'true'`,
  )
  return rows[0]!.n
}

/** Queues the day's digest for these people, once: a letter's id is made of the day and the person. */
export async function queueDigests(
  tx: Queryable,
  digest: { orgId: string; processId: string; at: Date; letters: readonly { id: string; personId: string; values: { stalled?: number } }[] },
): Promise<void> {
  await tx.query(
    `insert into letters (id, org_id, process_id, code, recipient, values, urgent, outside, queued_at, next_attempt_at)
     select r.id, $1, $2, 'L-TASKS-DIGEST', jsonb_build_object('person', r."personId"), r.values, false, false, $3, $3
     from jsonb_to_recordset($4::jsonb) as r(id text, "personId" text, values jsonb)
     on conflict (id) do nothing`,
    [digest.orgId, digest.processId, digest.at, JSON.stringify(digest.letters)],
  )
}
