import type { Queryable } from './connection.ts'

/** The statements of a recorded step: each takes all rows of its kind at once, whatever the size of the cohort. */

export interface ProcessRow {
  id: string
  kind: string
  version: number
  state: string
  context: Record<string, unknown>
  seq: number
  ended: boolean
  number: string | null
  openedBy: string | null
}

export async function upsertProcesses(tx: Queryable, orgId: string, cohortId: string, at: string, rows: ProcessRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into processes (id, org_id, cohort_id, kind, machine_version, number, state, context, seq, opened_by, opened_at, changed_at, ended_at)
     select r.id, $1, $2, r.kind, r.version, r.number, r.state, r.context, r.seq, r."openedBy", $3, $3, case when r.ended then $3::timestamptz end
     from jsonb_to_recordset($4::jsonb) as r(id text, kind text, version smallint, number text, state text, context jsonb, seq integer, "openedBy" text, ended boolean)
     on conflict (id) do update set machine_version = excluded.machine_version, state = excluded.state, context = excluded.context,
       seq = excluded.seq, changed_at = excluded.changed_at, ended_at = excluded.ended_at`,
    [orgId, cohortId, at, JSON.stringify(rows)],
  )
}

export interface TaskRow {
  id: string
  ownerId: string
  kind: string
  key: string
  state: string
  roles: string[]
  assignee: string | null
  dueAt: string | null
  urgent: boolean
  overdue: boolean
  escalated: boolean
  snoozedUntil: string | null
  values: Record<string, unknown>
  attempt: number
  outcome: Record<string, unknown> | null
  seq: number
  ended: boolean
}

export async function upsertTasks(tx: Queryable, orgId: string, cohortId: string, at: string, rows: TaskRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into tasks (id, org_id, cohort_id, owner_id, kind, key, state, roles, assignee, due_at, urgent, overdue, escalated,
       snoozed_until, values, attempt, outcome, seq, opened_at, closed_at)
     select r.id, $1, $2, r."ownerId", r.kind, r.key, r.state, array(select jsonb_array_elements_text(r.roles)), r.assignee, r."dueAt",
       r.urgent, r.overdue, r.escalated, r."snoozedUntil", r.values, r.attempt, r.outcome, r.seq, $3, case when r.ended then $3::timestamptz end
     from jsonb_to_recordset($4::jsonb) as r(id text, "ownerId" text, kind text, key text, state text, roles jsonb, assignee text,
       "dueAt" timestamptz, urgent boolean, overdue boolean, escalated boolean, "snoozedUntil" timestamptz, values jsonb,
       attempt smallint, outcome jsonb, seq integer, ended boolean)
     on conflict (id) do update set state = excluded.state, roles = excluded.roles, assignee = excluded.assignee,
       -- The due moment stays known after its timer has fired.
       due_at = coalesce(excluded.due_at, tasks.due_at), overdue = excluded.overdue, escalated = excluded.escalated,
       snoozed_until = excluded.snoozed_until, outcome = excluded.outcome, seq = excluded.seq, closed_at = excluded.closed_at`,
    [orgId, cohortId, at, JSON.stringify(rows)],
  )
}

export interface DeadlineRow {
  processId: string
  name: string
  at: string
  rule: unknown
  countedFrom: string
  provisional: boolean
}

/** Replaces the deadlines of these instances. */
export async function replaceDeadlines(tx: Queryable, orgId: string, processIds: string[], rows: DeadlineRow[]): Promise<void> {
  await tx.query('delete from deadlines where process_id = any($1)', [processIds])
  if (rows.length === 0) return
  await tx.query(
    `insert into deadlines (process_id, name, org_id, at, rule, counted_from, provisional)
     select r."processId", r.name, $1, r.at, r.rule, r."countedFrom", r.provisional
     from jsonb_to_recordset($2::jsonb) as r("processId" text, name text, at timestamptz, rule jsonb, "countedFrom" timestamptz, provisional boolean)`,
    [orgId, JSON.stringify(rows)],
  )
}

export interface TimelineRow {
  processId: string
  ownerId: string | null
  seq: number
  actor: string
  personId: string | null
  event: string
  from: string | null
  to: string
  applied: boolean
  clause: string | null
  note: Record<string, unknown> | null
}

export async function insertTimeline(tx: Queryable, orgId: string, cohortId: string, at: string, rows: TimelineRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into timeline (org_id, process_id, owner_id, cohort_id, seq, at, actor, person_id, event, from_state, to_state, applied, clause, note)
     select $1, r."processId", r."ownerId", $2, r.seq, $3, r.actor, r."personId", r.event, r."from", r."to", r.applied, r.clause, r.note
     from jsonb_to_recordset($4::jsonb) as r(n integer, "processId" text, "ownerId" text, seq integer, actor text, "personId" text,
       event text, "from" text, "to" text, applied boolean, clause text, note jsonb)
     order by r.n`,
    [orgId, cohortId, at, JSON.stringify(rows.map((row, n) => ({ n, ...row })))],
  )
}

export interface LetterRow {
  id: string
  processId: string
  code: string
  recipient: unknown
  values: unknown
  urgent: boolean
  outside: boolean
  /** Its owner waits to hear what comes of it. */
  tells: boolean
}

export async function insertLetters(tx: Queryable, orgId: string, cohortId: string, at: string, rows: LetterRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.query(
    `insert into letters (id, org_id, process_id, cohort_id, code, recipient, values, urgent, outside, queued_at, next_attempt_at, told_at)
     select r.id, $1, r."processId", $2, r.code, r.recipient, r.values, r.urgent, r.outside, $3, $3, case when not r.tells then $3::timestamptz end
     from jsonb_to_recordset($4::jsonb) as r(id text, "processId" text, code text, recipient jsonb, values jsonb, urgent boolean, outside boolean, tells boolean)`,
    [orgId, cohortId, at, JSON.stringify(rows)],
  )
}

/** Takes back letters that have not been handed to the mail server; others go their way (domain.md 6.2). */
export async function cancelLetters(tx: Queryable, at: string, processId: string, code: string | null): Promise<void> {
  await tx.query(
    `update letters set state = 'cancelled', settled_at = $3, told_at = $3
     where process_id = $1 and ($2::text is null or code = $2) and state in ('queued', 'rendered')`,
    [processId, code, at],
  )
}

/** The owners of these letters have been told what became of them. */
export async function markTold(tx: Queryable, at: string, letterIds: string[]): Promise<void> {
  await tx.query('update letters set told_at = $2 where id = any($1)', [letterIds, at])
}

/** The first recorded step makes a start complete; what it was started with is no longer needed. */
export async function markRunning(tx: Queryable, cohortId: string): Promise<void> {
  await tx.query(`update cohorts set status = 'running', start_input = null where id = $1 and status = 'starting'`, [cohortId])
}

export async function markEnded(tx: Queryable, cohortId: string): Promise<void> {
  await tx.query(`update cohorts set status = 'ended', start_input = null, ended_at = now() where id = $1 and status <> 'ended'`, [cohortId])
}
