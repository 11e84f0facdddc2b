import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { findOrder } from '../../db/orders.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

/** What guards ask about the order (BR-01, R2.1-00): the one that the event names, else the one the application has. */
export async function orderFacts({ tx, process, fields }: FactsRequest) {
  const id = fields.orderId ?? process.context.orderId
  const order = id ? await findOrder(tx, String(id)) : undefined
  if (!order && fields.orderId) throw invalidFields({ code: 'orderUnknown', path: 'orderId' })
  const today = localClock((await readCalendarSettings(tx)).timezone).localDate(new Date())
  return { kind: order?.kind ?? '', registered: order?.status === 'registered', hasFile: Boolean(order?.file), inForce: order !== undefined && order.date <= today }
}
