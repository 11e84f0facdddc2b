import type { Queryable } from '../../db/connection.ts'
import { takeUnsettledSteps, updateMovement } from '../../db/movements.ts'
import { dropDutiesLeft } from '../../db/staff-duties.ts'
import { confirmPlaces } from '../../db/wanted-spaces.ts'
import type { MovementContext } from '../../machines/movement.ts'
import type { MovementStep } from '../../machines/movement-steps.ts'
import { contextOf, type Projection } from './projection.ts'

/** A movement in its register; what people confirmed of its steps is so on the platform from now on. */
export const projectMovements: Projection = async (tx, { orgId }, instances) => {
  for (const instance of instances) {
    const { movementId, orderId, reverseOrderId, begun, steps } = contextOf<MovementContext>(instance)
    await updateMovement(tx, movementId, { state: instance.state, orderId, reverseOrderId, steps: begun ? steps : null })
    const done = steps.filter(({ state }) => state === 'done' || state === 'alreadyDone')
    const fresh = await takeUnsettledSteps(tx, movementId, done.map(({ id }) => id))
    if (fresh.size > 0) await settle(tx, orgId, done.filter(({ id }) => fresh.has(id)))
  }
}

async function settle(tx: Queryable, orgId: string, done: readonly MovementStep[]): Promise<void> {
  const places = done.flatMap(({ action, person, space }) => ((action === 'add' || action === 'remove') && space !== null ? [{ action, spaceId: space, personId: person }] : []))
  await confirmPlaces(tx, orgId, places)
  for (const { id, action, person, via, class: classId } of done) {
    // What an assignment looks after it writes itself.
    if (action === 'rights' && via === null) await dropDutiesLeft(tx, person, [{ duty: id.split(':')[1]!, classId: classId ?? '' }])
  }
}
