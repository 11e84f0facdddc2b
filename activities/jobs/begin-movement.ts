import { followGuardians, obstacleToBegin, rewriteMemberships } from '../../db/membership-history.ts'
import { findClass } from '../../db/classes.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { findLeave, isStaffKind, lockMovement, noteBegun, type Applied, type LockedMovement } from '../../db/movement-jobs.ts'
import { findOrder } from '../../db/orders.ts'
import { countHolders } from '../../db/people.ts'
import { administratorRemains } from '../../db/staff-assignment-queries.ts'
import { findStaffPlace } from '../../db/staff-duties.ts'
import { readBelongings } from '../../db/wanted-spaces.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { blockBy, type Block } from '../movement/block.ts'
import { comeBack, type Returned } from '../movement/leave-return.ts'
import { planBegins } from '../movement/plan-begins.ts'
import { planNotices } from '../movement/plan-follows.ts'
import { planMovement } from '../movement/plan-movement.ts'
import { changeStaff } from '../movement/staff-register.ts'
import type { DoJob } from './index.ts'

/**
 * The day has come: the register changes, by the order and as if everything had been entered in the order of the days
 * it counts from, and what is left on the platform is planned. Or says what is in the way.
 */
export const beginMovement: DoJob = ({ db }, { orgId, processId, now }) =>
  inSchool(db, orgId, async (tx): Promise<AnyEvent> => {
    const { movement, people } = await lockMovement(tx, orgId, processId)
    if (movement.begun) return movement.begun
    const block = await blockOf(tx, movement)
    if (block) return { type: 'BLOCKED', ...block }

    const before = (await readBelongings(tx, [movement.personId])).get(movement.personId)!
    const { applied, returned } = await changeRegister(tx, orgId, movement)
    // Its row counts as begun from here on, also for the memberships that follow.
    await rewriteMemberships(tx, orgId, movement, true)
    if (!isStaffKind(movement.kind)) await followGuardians(tx, movement.personId, movement.id)
    const after = (await readBelongings(tx, [movement.personId])).get(movement.personId)!
    const begins = await planBegins(tx, orgId, movement, applied)
    applied.begun = [...(applied.begun ?? []), ...begins.filter(({ kind }) => kind === 'staffAssignment').map(({ id }) => id)]
    const answer = await planMovement(tx, { ...movement, applied }, people, 'begin', now, { ...returned, begins, notices: await planNotices(tx, movement, before, after) })
    await noteBegun(tx, movement.id, applied, answer)
    return answer
  })

/** What changes beside memberships, and whom it concerns. */
async function changeRegister(tx: Queryable, orgId: string, movement: LockedMovement): Promise<{ applied: Applied; returned?: Returned }> {
  if (movement.kind === 'leaveReturn') return comeBack(tx, movement)
  return { applied: isStaffKind(movement.kind) ? await changeStaff(tx, orgId, movement) : {} }
}

/** What keeps the register from being changed (BR-12, BR-16). */
async function blockOf(tx: Queryable, movement: LockedMovement): Promise<Block | null> {
  const { kind, personId, orderId, toClassId } = movement
  const order = orderId === null ? undefined : await findOrder(tx, orderId)
  if (order?.status !== 'registered') return { reason: 'orderNotInForce' }
  if (toClassId !== null && (await findClass(tx, toClassId))!.closedAt !== null) return { reason: 'classClosed' }
  if (kind === 'leaveReturn' && !(await findLeave(tx, personId))) return { reason: 'notOnLeave' }
  if (kind === 'staffDeparture' || kind === 'longLeave') {
    if (!(await administratorRemains(tx, personId))) return { reason: 'lastAdministrator' }
    // Roles are given by the head: without one nobody could name the next.
    const isHead = kind === 'staffDeparture' && (await findStaffPlace(tx, personId))?.roles.includes('head')
    if (isHead && (await countHolders(tx, 'head')) <= 1) return { reason: 'lastHead' }
  }
  return blockBy(tx, await obstacleToBegin(tx, movement))
}
