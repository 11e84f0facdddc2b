import type { RunningCohort } from '../db/cohorts.ts'
import { inSchool, type Database } from '../db/connection.ts'
import { readStep } from '../db/steps.ts'
import type { CohortInput, IncomingEvent } from '../workflows/messages.ts'

/** Part of workflows/dispatcher.ts, handed in by runtime/. */
export interface Resumer {
  resume(workflowId: string, input: CohortInput, recorded: number): Promise<void>
}

/**
 * Makes a cohort go on from the steps PostgreSQL has of it, whatever Temporal still knows
 * (docs/decisions/0001-step-log.md). Throws when Temporal does not answer.
 */
export async function resumeCohort(db: Database, resumer: Resumer, { orgId, cohortId, workflowId, recorded }: RunningCohort): Promise<void> {
  const first = await inSchool(db, orgId, (tx) => readStep(tx, cohortId, 1))
  if (!first) throw new Error(`a running cohort without a first step: ${cohortId}`)
  await resumer.resume(workflowId, { orgId, cohortId, start: [], events: first.inputs as IncomingEvent[] }, recorded)
}
