import type { SendingFacts } from '../../machines/organization-registration-events.ts'
import { applicationFacts } from './application.ts'
import type { FactsRequest } from './index.ts'
import { orderFacts } from './order.ts'

/** What must hold when an application goes out (domain.md 7.1), as it is now. */
export async function sendingFacts(request: FactsRequest): Promise<SendingFacts> {
  return { application: await applicationFacts(request), order: await orderFacts(request) }
}
