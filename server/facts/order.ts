import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { findOrder } from '../../db/orders.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

/** What guards ask about an order (BR-01, R2.1-00). */
export async function orderFacts({ tx, fields }: FactsRequest) {
  const order = await findOrder(tx, String(fields.orderId))
  if (!order) throw invalidFields({ code: 'orderUnknown', path: 'orderId' })
  const today = localClock((await readCalendarSettings(tx)).timezone).localDate(new Date())
  return { kind: order.kind, registered: order.status === 'registered', hasFile: order.file !== null, inForce: order.date <= today }
}
