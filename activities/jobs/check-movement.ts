import { inSchool } from '../../db/connection.ts'
import { lockMovement } from '../../db/movement-jobs.ts'
import { planMovement } from '../movement/plan-movement.ts'
import type { DoJob } from './index.ts'

/** Compares the register with the platform once more: what is left of a movement that has begun, or was taken back. */
export const checkMovement: DoJob = ({ db }, { orgId, processId, now }) =>
  inSchool(db, orgId, async (tx) => {
    const { movement, people } = await lockMovement(tx, orgId, processId)
    return planMovement(tx, movement, people, 'check', now)
  })
