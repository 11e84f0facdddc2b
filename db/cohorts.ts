import type { Queryable } from './connection.ts'

export interface Address {
  /** Instance: a process or a task. */
  id: string
  orgId: string
  workflowId: string
  /** Number of the last step recorded of its cohort, 0 before the first. */
  recorded: number
}

/** Which workflow each instance lives in and how far it has come, as the service (asService). Ids nobody knows are left out. */
export async function readAddresses(tx: Queryable, ids: string[]): Promise<Address[]> {
  const { rows } = await tx.query<Address>(
    `select i.id, i.org_id as "orgId", c.workflow_id as "workflowId",
       coalesce((select max(s.seq) from cohort_steps s where s.cohort_id = c.id), 0) as recorded
     from (select id, org_id, cohort_id from processes union all select id, org_id, cohort_id from tasks) i
     join cohorts c on c.id = i.cohort_id
     where i.id = any($1)`,
    [ids],
  )
  return rows
}

export interface Start<Input> {
  orgId: string
  cohortId: string
  workflowId: string
  input: Input
}

/**
 * Announces a cohort in the transaction that writes what it is about; it is started after the commit. Announcing it
 * again changes nothing.
 */
export async function insertCohort<Input>(tx: Queryable, start: Start<Input>): Promise<void> {
  await tx.query(`insert into cohorts (id, org_id, workflow_id, start_input) values ($1, $2, $3, $4) on conflict (id) do nothing`, [
    start.cohortId,
    start.orgId,
    start.workflowId,
    JSON.stringify(start.input),
  ])
}

/** Cohorts announced a while ago that never recorded a step: the process that announced them died, or Temporal was away. */
export async function readUnstarted<Input>(tx: Queryable, olderThanMs: number, limit: number): Promise<Start<Input>[]> {
  const { rows } = await tx.query<Start<Input>>(
    `select org_id as "orgId", id as "cohortId", workflow_id as "workflowId", start_input as input from cohorts
     where status = 'starting' and start_input is not null and created_at < now() - make_interval(secs => $1::double precision / 1000)
     order by created_at limit $2`,
    [olderThanMs, limit],
  )
  return rows
}

/** A cohort that goes on, and how far it has come. */
export interface RunningCohort {
  orgId: string
  cohortId: string
  workflowId: string
  recorded: number
}

const runningCohort = `c.org_id as "orgId", c.id as "cohortId", c.workflow_id as "workflowId",
  (select max(s.seq) from cohort_steps s where s.cohort_id = c.id) as recorded`

/** Cohorts with a deadline that should have been acted on a while ago, the longest past first. Runs asService. */
export async function readLate(tx: Queryable, olderThanMs: number, limit: number): Promise<RunningCohort[]> {
  const { rows } = await tx.query<RunningCohort>(
    `select ${runningCohort} from cohorts c join (
       select i.cohort_id, min(d.at) as at from deadlines d
       join (select id, cohort_id from processes union all select id, cohort_id from tasks) i on i.id = d.process_id
       where d.at < now() - make_interval(secs => $1::double precision / 1000) group by i.cohort_id
     ) late on late.cohort_id = c.id
     where c.status = 'running' order by late.at limit $2`,
    [olderThanMs, limit],
  )
  return rows
}

/** A page of the cohorts that go on, by id. Runs asService. */
export async function readRunning(tx: Queryable, after: string, limit: number): Promise<RunningCohort[]> {
  const { rows } = await tx.query<RunningCohort>(`select ${runningCohort} from cohorts c where c.status = 'running' and c.id > $1 order by c.id limit $2`, [after, limit])
  return rows
}

/** Schools whose mornings have begun: with their registration. Runs asService. */
export async function readSchoolsAtWork(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ orgId: string }>(`select distinct org_id as "orgId" from processes where kind = 'organizationRegistration' order by 1`)
  return rows.map(({ orgId }) => orgId)
}
