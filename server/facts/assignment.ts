import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { findOrder } from '../../db/orders.ts'
import { findPerson } from '../../db/people.ts'
import { countOtherAdministrators } from '../../db/staff-assignment-queries.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import type { FactsRequest } from './index.ts'

/** What guards ask before rights or a class are given (BR-11, BR-13). */
export async function assignmentFacts({ tx, process }: FactsRequest) {
  const { personId, orderId } = process.context as { personId: string; orderId?: string | null }
  const person = await findPerson(tx, personId)
  const order = orderId ? await findOrder(tx, orderId) : undefined
  const today = localClock((await readCalendarSettings(tx)).timezone).localDate(new Date())
  return {
    personJoined: (person?.memberships ?? []).some(({ kind, endedAt, platformStatus }) => kind === 'staff' && !endedAt && (platformStatus === 'joined' || platformStatus === 'verified')),
    orderInForce: order !== undefined && order.kind !== 'students' && order.status === 'registered' && order.date <= today,
  }
}

/** What guards ask before administrator rights are taken away (BR-12). */
export async function removalFacts({ tx, process }: FactsRequest) {
  return { otherAdministrators: await countOtherAdministrators(tx, String(process.context.personId)) }
}
