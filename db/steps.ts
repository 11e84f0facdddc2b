import type { Queryable } from './connection.ts'

export interface StoredStep {
  inputKey: string
  inputs: unknown
  at: Date
  resolved: unknown
}

/** The step of this number, if one is recorded. */
export async function readStep(tx: Queryable, cohortId: string, seq: number): Promise<StoredStep | undefined> {
  const { rows } = await tx.query<StoredStep>(
    `select input_key as "inputKey", inputs, at, resolved from cohort_steps where cohort_id = $1 and seq = $2`,
    [cohortId, seq],
  )
  return rows[0]
}

/** Makes recorders of one cohort wait for each other. Throws when the school has no such cohort. */
export async function lockCohort(tx: Queryable, cohortId: string): Promise<void> {
  // No key: rows that refer to the cohort are written meanwhile (a letter on its way), and this step may wait for them.
  const { rowCount } = await tx.query('select id from cohorts where id = $1 for no key update', [cohortId])
  if (rowCount !== 1) throw new Error(`no cohort ${cohortId} in this school`)
}

/** Writes a step, behind the cohort's lock. */
export async function insertStep(tx: Queryable, step: { orgId: string; cohortId: string; seq: number; inputKey: string; inputs: unknown; at: string; resolved: unknown }): Promise<void> {
  await tx.query(`insert into cohort_steps (cohort_id, seq, org_id, input_key, inputs, at, resolved) values ($1, $2, $3, $4, $5, $6, $7)`, [
    step.cohortId,
    step.seq,
    step.orgId,
    step.inputKey,
    JSON.stringify(step.inputs),
    step.at,
    JSON.stringify(step.resolved),
  ])
}

/** Answers already given to these events, in any run of the cohort. */
export async function readHandled<T>(tx: Queryable, cohortId: string, eventIds: string[]): Promise<T[]> {
  const { rows } = await tx.query<{ result: T }>(
    `select result from handled_events where cohort_id = $1 and event_id = any($2)`,
    [cohortId, eventIds],
  )
  return rows.map(({ result }) => result)
}

/** Keeps the answers of a step (P2: one id, one effect). */
export async function insertHandled(tx: Queryable, orgId: string, cohortId: string, results: { id: string }[]): Promise<void> {
  await tx.query(
    `insert into handled_events (cohort_id, event_id, org_id, result)
     select $1, r ->> 'id', $2, r from jsonb_array_elements($3::jsonb) r`,
    [cohortId, orgId, JSON.stringify(results)],
  )
}
