import type { Queryable } from './connection.ts'

/** A line of the timeline: who did what when, and what came of it. */
export interface TimelineRow {
  id: number
  processId: string
  at: Date
  actor: 'person' | 'recipient' | 'mail' | 'timer' | 'process'
  personId: string | null
  event: string
  fromState: string | null
  toState: string
  /** False for an event between instances that was not allowed and was dropped. */
  applied: boolean
  clause: string | null
  note: Record<string, unknown> | null
  /** What it happened to: the process itself or one of its tasks. */
  kind: string
  /** Kind of the process itself, or of the one the task belongs to. */
  ownerKind: string
}

const columns = `l.id, l.process_id as "processId", l.at, l.actor, l.person_id as "personId", l.event, l.from_state as "fromState", l.to_state as "toState",
       l.applied, l.clause, l.note, coalesce(t.kind, p.kind) as kind, coalesce(p.kind, o.kind) as "ownerKind"
     from timeline l left join tasks t on t.id = l.process_id left join processes p on p.id = l.process_id left join processes o on o.id = l.owner_id`

/** Lines of one process in order, or of several, the latest first. */
export type TimelineFilter = { limit: number } & ({ processId: string; after?: number | undefined } | { processIds: readonly string[]; before?: number | undefined })

/** A page of what happened to processes and their tasks. */
export async function listTimeline(tx: Queryable, filter: TimelineFilter): Promise<TimelineRow[]> {
  const [ids, order, from] = 'processId' in filter ? [[filter.processId], 'asc', filter.after] : [filter.processIds, 'desc', filter.before]
  const { rows } = await tx.query<TimelineRow>(
    `select ${columns}
     where (l.process_id = any ($1) or l.owner_id = any ($1)) and ($2::bigint is null or l.id ${order === 'asc' ? '>' : '<'} $2)
     order by l.id ${order} limit $3`,
    [ids, from ?? null, filter.limit],
  )
  return rows
}

/** Everything that happened to processes and tasks about a person, in order. */
export async function listTimelineAbout(tx: Queryable, instances: readonly string[]): Promise<TimelineRow[]> {
  const { rows } = await tx.query<TimelineRow>(`select ${columns} where l.process_id = any ($1) or l.owner_id = any ($1) order by l.id`, [instances])
  return rows
}
