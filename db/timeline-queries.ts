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
}

const columns = `l.id, l.process_id as "processId", l.at, l.actor, l.person_id as "personId", l.event, l.from_state as "fromState", l.to_state as "toState",
       l.applied, l.clause, l.note, coalesce(t.kind, p.kind) as kind
     from timeline l left join tasks t on t.id = l.process_id left join processes p on p.id = l.process_id`

/** A page of what happened to a process and its tasks, in order. */
export async function listTimeline(tx: Queryable, filter: { processId: string; after?: number | undefined; limit: number }): Promise<TimelineRow[]> {
  const { rows } = await tx.query<TimelineRow>(
    `select ${columns}
     where (l.process_id = $1 or l.owner_id = $1) and ($2::bigint is null or l.id > $2)
     order by l.id limit $3`,
    [filter.processId, filter.after ?? null, filter.limit],
  )
  return rows
}

/** Everything that happened to processes and tasks about a person, in order. */
export async function listTimelineAbout(tx: Queryable, instances: readonly string[]): Promise<TimelineRow[]> {
  const { rows } = await tx.query<TimelineRow>(`select ${columns} where l.process_id = any ($1) or l.owner_id = any ($1) order by l.id`, [instances])
  return rows
}
