import type { Queryable } from './connection.ts'

/** A process as it stands (a projection of its cohort). */
export interface ProcessRow {
  id: string
  cohortId: string
  kind: string
  machineVersion: number
  number: string | null
  state: string
  context: Record<string, unknown>
  seq: number
  openedBy: string | null
  openedAt: Date
  changedAt: Date
  endedAt: Date | null
}

export interface DeadlineRow {
  processId: string
  name: string
  at: Date
  provisional: boolean
}

const columns = `id, cohort_id as "cohortId", kind, machine_version as "machineVersion", number, state, context, seq,
  opened_by as "openedBy", opened_at as "openedAt", changed_at as "changedAt", ended_at as "endedAt"`

export async function findProcess(tx: Queryable, id: string): Promise<ProcessRow | undefined> {
  return (await findProcesses(tx, [id]))[0]
}

export async function findProcesses(tx: Queryable, ids: readonly string[]): Promise<ProcessRow[]> {
  const { rows } = await tx.query<ProcessRow>(`select ${columns} from processes where id = any ($1)`, [ids])
  return rows
}

export interface ProcessFilter {
  kind?: string | undefined
  state?: string | undefined
  /** Only those that go on, or only those that ended. */
  ended?: boolean | undefined
  /** Has a deadline that fires before. */
  deadlineBefore?: string | undefined
  /** Has an open task of this person. */
  assignee?: string | undefined
  /** Has an overdue open task. */
  overdue?: boolean | undefined
  /** Is about this person. */
  person?: string | undefined
  /** Sees only processes with a task of this person, and those they own; `owners` are the members of the context that say whose it is, by kind. */
  seenBy?: { personId: string; owners: Readonly<Record<string, string>> } | undefined
  after?: readonly [openedAt: string, id: string] | undefined
  limit: number
}

/** A page of processes, the latest first. */
export async function listProcesses(tx: Queryable, filter: ProcessFilter): Promise<ProcessRow[]> {
  const { rows } = await tx.query<ProcessRow>(
    `select ${columns} from processes p
     where ($1::text is null or kind = $1) and ($2::text is null or state = $2)
       and ($3::boolean is null or (ended_at is not null) = $3)
       and ($4::timestamptz is null or exists (select 1 from deadlines d where d.process_id = p.id and d.at < $4))
       and ($5::text is null or exists (select 1 from tasks t where t.owner_id = p.id and t.closed_at is null and t.assignee = $5))
       and ($6::boolean is null or exists (select 1 from tasks t where t.owner_id = p.id and t.closed_at is null and t.overdue) = $6)
       and ($7::text is null or context ->> 'personId' = $7)
       and ($8::text is null or exists (select 1 from tasks t where t.owner_id = p.id and t.assignee = $8) or context ->> ($12::jsonb ->> kind) = $8)
       and ($9::timestamptz is null or (opened_at, id) < ($9, $10))
     order by opened_at desc, id desc limit $11`,
    [
      filter.kind ?? null, filter.state ?? null, filter.ended ?? null, filter.deadlineBefore ?? null, filter.assignee ?? null,
      filter.overdue ?? null, filter.person ?? null, filter.seenBy?.personId ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit,
      JSON.stringify(filter.seenBy?.owners ?? {}),
    ],
  )
  return rows
}

/** Live deadlines of a process and of its open tasks, the earliest first. */
export async function listDeadlines(tx: Queryable, processId: string): Promise<DeadlineRow[]> {
  const { rows } = await tx.query<DeadlineRow>(
    `select process_id as "processId", name, at, provisional from deadlines where process_id = $1 order by at, name`,
    [processId],
  )
  return rows
}

/** Instances that go on only while their order is in force, and have not ended: which order it is they know themselves. */
export async function findRestingOnOrders(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`select id from processes where kind in ('organizationRegistration', 'yearEndPromotion') and ended_at is null order by id`)
  return rows.map(({ id }) => id)
}

/** The school's registration that has not ended. There is at most one. */
export async function liveRegistrationOf(tx: Queryable): Promise<ProcessRow | undefined> {
  const { rows } = await tx.query<ProcessRow>(`select ${columns} from processes where kind = 'organizationRegistration' and ended_at is null`)
  return rows[0]
}
