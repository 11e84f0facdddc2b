import type { Role } from '../machines/role.ts'
import type { Queryable } from './connection.ts'

/** How a task ended; evidence as it was given, with what is secret sealed. */
export interface TaskOutcome {
  by: string
  evidence?: Record<string, unknown>
  reason?: string
  comment?: string
}

export const taskStates = ['open', 'claimed', 'completed', 'failed', 'cancelled'] as const
export type TaskState = (typeof taskStates)[number]

/** A human task (domain.md 6.1). */
export interface TaskRow {
  id: string
  cohortId: string
  ownerId: string
  kind: string
  key: string
  state: TaskState
  /** Candidates. */
  roles: Role[]
  assignee: string | null
  dueAt: Date | null
  urgent: boolean
  overdue: boolean
  escalated: boolean
  snoozedUntil: Date | null
  /** Ids of what the task is about. */
  values: Record<string, string | number | boolean | null>
  attempt: number
  outcome: TaskOutcome | null
  openedAt: Date
  closedAt: Date | null
}

const columns = `id, cohort_id as "cohortId", owner_id as "ownerId", kind, key, state, roles, assignee, due_at as "dueAt", urgent, overdue, escalated,
  snoozed_until as "snoozedUntil", values, attempt, outcome, opened_at as "openedAt", closed_at as "closedAt"`

export async function findTask(tx: Queryable, id: string): Promise<TaskRow | undefined> {
  return (await findTasks(tx, [id]))[0]
}

export async function findTasks(tx: Queryable, ids: readonly string[]): Promise<TaskRow[]> {
  const { rows } = await tx.query<TaskRow>(`select ${columns} from tasks where id = any ($1)`, [ids])
  return rows
}

/** Tasks of a process, the open ones first. */
export async function findTasksOf(tx: Queryable, ownerId: string): Promise<TaskRow[]> {
  const { rows } = await tx.query<TaskRow>(`select ${columns} from tasks where owner_id = $1 order by closed_at desc nulls first, opened_at desc, id`, [ownerId])
  return rows
}

export interface TaskFilter {
  /** Tasks this person may take, or has. */
  mine?: { personId: string; roles: readonly Role[] } | undefined
  closed: boolean
  /** More exact than `closed`, which is not looked at then. */
  state?: TaskState | undefined
  kind?: string | undefined
  owner?: string | undefined
  /** Of any of these processes. */
  owners?: readonly string[] | undefined
  assignee?: string | undefined
  overdue?: boolean | undefined
  dueBefore?: string | undefined
  after?: readonly [dueAt: string, id: string] | undefined
  limit: number
}

/** A page of tasks by due moment; those without one come last. `sortKey` is what the next page continues after. */
export async function listTasks(tx: Queryable, filter: TaskFilter): Promise<(TaskRow & { sortKey: string })[]> {
  const { rows } = await tx.query<TaskRow & { sortKey: string }>(
    `select ${columns}, coalesce(due_at, 'infinity')::text as "sortKey" from tasks
     where case when $12::text is null then (closed_at is not null) = $1 else state = $12 end
       and ($2::text is null or assignee = $2 or ((assignee is null or escalated) and roles && $3::text[]))
       and ($4::text is null or kind = $4) and ($5::text is null or owner_id = $5) and ($6::text is null or assignee = $6)
       and ($7::boolean is null or overdue = $7) and ($8::timestamptz is null or due_at < $8)
       and ($13::text[] is null or owner_id = any ($13))
       and ($9::timestamptz is null or (coalesce(due_at, 'infinity'), id) > ($9, $10))
     order by coalesce(due_at, 'infinity'), id limit $11`,
    [
      filter.closed, filter.mine?.personId ?? null, filter.mine?.roles ?? [], filter.kind ?? null, filter.owner ?? null, filter.assignee ?? null,
      filter.overdue ?? null, filter.dueBefore ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit, filter.state ?? null,
      filter.owners ?? null,
    ],
  )
  return rows
}
