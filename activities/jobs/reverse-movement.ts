import { inSchool, type Queryable } from '../../db/connection.ts'
import { followGuardians, obstacleToReverse, rewriteMemberships } from '../../db/membership-history.ts'
import { isStaffKind, lockMovement, noteTakenBack, type LockedMovement } from '../../db/movement-jobs.ts'
import { findOrder } from '../../db/orders.ts'
import { administratorRemains } from '../../db/staff-assignment-queries.ts'
import { readBelongings } from '../../db/wanted-spaces.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { blockBy, type Block } from '../movement/block.ts'
import { goAwayAgain } from '../movement/leave-return.ts'
import { planNotices } from '../movement/plan-follows.ts'
import { planMovement } from '../movement/plan-movement.ts'
import { restoreStaff } from '../movement/staff-register.ts'
import type { DoJob } from './index.ts'

/** Takes a movement back: the register as if it had never been, by an order of its own, and the way back on the platform. */
export const reverseMovement: DoJob = ({ db }, { orgId, processId, now }) =>
  inSchool(db, orgId, async (tx): Promise<AnyEvent> => {
    const { movement, people } = await lockMovement(tx, orgId, processId)
    if (movement.takenBack) return movement.takenBack
    const block = await blockOf(tx, movement)
    if (block) return { type: 'BLOCKED', ...block }

    const before = (await readBelongings(tx, [movement.personId])).get(movement.personId)!
    await rewriteMemberships(tx, orgId, movement, false)
    if (movement.kind === 'leaveReturn') await goAwayAgain(tx, orgId, movement)
    else if (isStaffKind(movement.kind)) await restoreStaff(tx, movement)
    else await followGuardians(tx, movement.personId, movement.id)
    const after = (await readBelongings(tx, [movement.personId])).get(movement.personId)!
    const answer = await planMovement(tx, { ...movement, takenBackAt: now }, people, 'reverse', now, { notices: await planNotices(tx, movement, before, after) })
    await noteTakenBack(tx, movement.id, answer)
    return answer
  })

async function blockOf(tx: Queryable, movement: LockedMovement): Promise<Block | null> {
  const order = movement.reverseOrderId === null ? undefined : await findOrder(tx, movement.reverseOrderId)
  if (order?.status !== 'registered') return { reason: 'orderNotInForce' }
  if (movement.kind === 'hire' && !(await administratorRemains(tx, movement.personId))) return { reason: 'lastAdministrator' }
  return blockBy(tx, await obstacleToReverse(tx, movement))
}
