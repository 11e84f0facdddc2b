import type { AnyEvent } from '../../machines/effects.ts'
import type { Database } from '../../db/connection.ts'
import type { KeyRing } from '../../db/key-ring.ts'
import { applyPromotion } from './apply-promotion.ts'
import { beginMovement } from './begin-movement.ts'
import { checkMovement } from './check-movement.ts'
import { commitImport } from './commit-import.ts'
import { draftPromotion } from './draft-promotion.ts'
import { previewImport } from './preview-import.ts'
import { reverseMovement } from './reverse-movement.ts'
import { rollBackPromotion } from './roll-back-promotion.ts'

/** What a job may use. */
export interface JobDeps {
  db: Database
  keys: KeyRing
}

/** What a job is asked: for whom, by which instance, with what, and when by Temporal's clock. */
export interface JobRun {
  orgId: string
  processId: string
  params: Record<string, unknown>
  now: Date
  heartbeat: () => void
  signal: AbortSignal
}

/**
 * Work that a machine asks for with `runJob` and that ends in an event of its own. It may run twice, also at once: a
 * repeat changes nothing and answers the same.
 */
export type DoJob = (deps: JobDeps, run: JobRun) => Promise<AnyEvent>

/** Every job by the name machines call it. */
const jobs: Record<string, DoJob> = { draftPromotion, applyPromotion, rollBackPromotion, previewImport, commitImport, beginMovement, checkMovement, reverseMovement }

/** Does a job. Throws for a name nobody knows: names come from machines, never from outside. */
export function doJob(deps: JobDeps, job: string, run: JobRun): Promise<AnyEvent> {
  const work = jobs[job]
  if (!work) throw new Error(`unknown job ${job}`)
  return work(deps, run)
}
