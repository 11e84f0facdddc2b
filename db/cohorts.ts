import type { Queryable } from './connection.ts'

export interface Address {
  /** Instance: a process or a task. */
  id: string
  orgId: string
  workflowId: string
}

/** Which workflow each instance lives in, as the service (asService). Ids nobody knows are left out. */
export async function readAddresses(tx: Queryable, ids: string[]): Promise<Address[]> {
  const { rows } = await tx.query<Address>(
    `select i.id, i.org_id as "orgId", c.workflow_id as "workflowId"
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
