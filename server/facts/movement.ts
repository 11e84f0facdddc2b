import { obstacleToReverse } from '../../db/membership-history.ts'
import { findMovement } from '../../db/movements.ts'
import { findOrder } from '../../db/orders.ts'
import { administratorRemains } from '../../db/staff-assignment-queries.ts'
import type { MovementContext } from '../../machines/movement.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

const contextOf = ({ process }: FactsRequest) => process.context as unknown as Pick<MovementContext, 'movementId' | 'kind' | 'personId'>

/** What guards ask about an order that changes the register (BR-16): one that is dated later than today is in force on its day. */
async function orderOf({ tx, fields }: FactsRequest) {
  const order = await findOrder(tx, String(fields.orderId))
  if (!order) throw invalidFields({ code: 'orderUnknown', path: 'orderId' })
  return { kind: order.kind, registered: order.status !== 'draft', inForce: order.status === 'registered' }
}

/** The order, and whether the school keeps an administrator without this person (BR-12). */
export async function movementOrderFacts(request: FactsRequest) {
  const { kind, personId } = contextOf(request)
  const leaves = kind === 'staffDeparture' || kind === 'longLeave'
  return { ...(await orderOf(request)), administratorRemains: !leaves || (await administratorRemains(request.tx, personId)) }
}

/** The order of the way back, and whether something rests on what is taken back. */
export async function movementReverseFacts(request: FactsRequest) {
  const movement = await findMovement(request.tx, contextOf(request).movementId)
  return { ...(await orderOf(request)), nothingRestsOnIt: movement !== undefined && (await obstacleToReverse(request.tx, movement)) === null }
}
