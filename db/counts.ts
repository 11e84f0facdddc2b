import type { Queryable } from './connection.ts'

/** Counts across schools, without personal data. Everything here runs as the operator. */

export interface StateCount {
  kind: string
  state: string
  count: number
}

/** Processes that go on, by kind and state. */
export async function countProcesses(tx: Queryable): Promise<StateCount[]> {
  const { rows } = await tx.query<StateCount>(`select kind, state, count(*)::int as count from processes where ended_at is null group by kind, state order by kind, state`)
  return rows
}

/** Tasks by kind and state. */
export async function countTasks(tx: Queryable): Promise<StateCount[]> {
  const { rows } = await tx.query<StateCount>(`select kind, state, count(*)::int as count from tasks group by kind, state order by kind, state`)
  return rows
}

/** Letters by code and state. */
export async function countLetters(tx: Queryable): Promise<StateCount[]> {
  const { rows } = await tx.query<StateCount>(`select code as kind, state, count(*)::int as count from letters group by code, state order by code, state`)
  return rows
}

export interface Backlog {
  /** Deadlines whose moment passed more than half a minute ago (P5). */
  timersOverdue: number
  /** Letters that wait to be handed to the mail server. */
  lettersWaiting: number
  /** Cohorts announced and not started. */
  cohortsStarting: number
  tasksOverdue: number
}

/** What lies and waits. */
export async function readBacklog(tx: Queryable): Promise<Backlog> {
  const { rows } = await tx.query<Backlog>(
    `select (select count(*)::int from deadlines where at < now() - interval '30 seconds') as "timersOverdue",
       (select count(*)::int from letters where state in ('queued', 'rendered', 'sending')) as "lettersWaiting",
       (select count(*)::int from cohorts where status = 'starting') as "cohortsStarting",
       (select count(*)::int from tasks where closed_at is null and overdue) as "tasksOverdue"`,
  )
  return rows[0]!
}

export interface SchoolLine {
  id: string
  createdAt: Date
  registeredAt: Date | null
  processes: number
  tasksOverdue: number
}

/** A page of schools by id: ids and counts only. */
export async function listSchools(tx: Queryable, filter: { after?: string | undefined; limit: number }): Promise<SchoolLine[]> {
  const { rows } = await tx.query<SchoolLine>(
    `select o.id, o.created_at as "createdAt", o.registered_at as "registeredAt",
       (select count(*)::int from processes p where p.org_id = o.id and p.ended_at is null) as processes,
       (select count(*)::int from tasks t where t.org_id = o.id and t.closed_at is null and t.overdue) as "tasksOverdue"
     from organizations o where ($1::text is null or o.id > $1) order by o.id limit $2`,
    [filter.after ?? null, filter.limit],
  )
  return rows
}
