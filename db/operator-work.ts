import type { Queryable } from './connection.ts'
import type { LetterState } from '../machines/letter.ts'

/** Letters on their way out, and those that came to grief. */
export const letterLists = { waiting: ['queued', 'rendered', 'sending'], troubled: ['failed', 'unknownOutcome', 'bounced'] } as const satisfies Record<string, readonly LetterState[]>
export type LetterList = keyof typeof letterLists

/** A letter as the operator sees it: neither whom it is for nor what it says. */
export interface OperatorLetter {
  id: string
  orgId: string
  code: string
  state: LetterState
  attempts: number
  lastError: string | null
  queuedAt: Date
  nextAttemptAt: Date
  settledAt: Date | null
}

/** A page of letters of all schools, the latest first. Runs as the operator. */
export async function listOperatorLetters(tx: Queryable, { list, after, limit }: { list: LetterList; after?: readonly [queuedAt: string, id: string] | undefined; limit: number }): Promise<OperatorLetter[]> {
  const { rows } = await tx.query<OperatorLetter>(
    `select id, org_id as "orgId", code, state, attempts, last_error as "lastError", queued_at as "queuedAt", next_attempt_at as "nextAttemptAt", settled_at as "settledAt"
     from letters where state = any ($1) and ($2::timestamptz is null or (queued_at, id) < ($2, $3)) order by queued_at desc, id desc limit $4`,
    [letterLists[list], after?.[0] ?? null, after?.[1] ?? null, limit],
  )
  return rows
}

/** Whose letter it is. Runs as the service. */
export async function findSchoolOfLetter(tx: Queryable, id: string): Promise<string | undefined> {
  return (await tx.query<{ orgId: string }>('select org_id as "orgId" from letters where id = $1', [id])).rows[0]?.orgId
}

/** Lets a waiting letter go out with the next round. False when it does not wait. */
export async function hastenLetter(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(`update letters set next_attempt_at = least(next_attempt_at, now()) where id = $1 and state in ('queued', 'rendered')`, [id])
  return rowCount === 1
}

/** A cohort that stands still though it should not. */
export interface Stuck {
  cohortId: string
  orgId: string
  /** Announced and not started, or with a deadline that nobody acted on. */
  trouble: 'notStarted' | 'late'
  since: Date
  kinds: string[]
}

/** Such cohorts, the longest first; what is younger than these is being worked on, s. Runs as the operator. */
export async function listStuck(tx: Queryable, { startedWithin, actedWithin, limit }: { startedWithin: number; actedWithin: number; limit: number }): Promise<Stuck[]> {
  const { rows } = await tx.query<Stuck>(
    `select "cohortId", "orgId", trouble, since, array(select distinct p.kind from processes p where p.cohort_id = "cohortId" order by 1) as kinds from (
       select id as "cohortId", org_id as "orgId", 'notStarted' as trouble, created_at as since from cohorts
       where status = 'starting' and created_at < now() - make_interval(secs => $1)
       union all
       select c.id, c.org_id, 'late', min(d.at) from deadlines d join processes p on p.id = d.process_id join cohorts c on c.id = p.cohort_id
       where c.status = 'running' and d.at < now() - make_interval(secs => $2) group by c.id, c.org_id
     ) stuck order by since limit $3`,
    [startedWithin, actedWithin, limit],
  )
  return rows
}

/** What a cohort needs to go on: its announcement while it has not started, and how far it has come. Runs as the service. */
export async function findCohort<Input>(tx: Queryable, id: string): Promise<{ orgId: string; workflowId: string; status: 'starting' | 'running' | 'ended'; input: Input | null; recorded: number } | undefined> {
  const { rows } = await tx.query<{ orgId: string; workflowId: string; status: 'starting' | 'running' | 'ended'; input: Input | null; recorded: number }>(
    `select org_id as "orgId", workflow_id as "workflowId", status, start_input as input, coalesce((select max(s.seq) from cohort_steps s where s.cohort_id = c.id), 0) as recorded from cohorts c where id = $1`,
    [id],
  )
  return rows[0]
}

/** What schools are called. Runs as the service. */
export async function readSchoolNames(tx: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ id: string; name: string }>(`select id, short_name as name from organizations where id = any ($1)`, [ids])
  return new Map(rows.map(({ id, name }) => [id, name]))
}
