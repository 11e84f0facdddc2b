import type { Client } from '@temporalio/client'
import { readAddresses } from '../../db/cohorts.ts'
import { asService, type Database } from '../../db/connection.ts'
import { createDispatcher, Unavailable } from '../../workflows/dispatcher.ts'
import type { EventResult, IncomingEvent } from '../../workflows/messages.ts'

/**
 * Another server over the same PostgreSQL and Temporal, whose events travel in updates of its own, with a caller that
 * sends the same events again whenever it is told to come later.
 */
export function anotherServer({ client, db, taskQueue }: { client: Client; db: Database; taskQueue: string }): (events: IncomingEvent[]) => Promise<EventResult[]> {
  const dispatcher = createDispatcher(client, (ids) => asService(db, (tx) => readAddresses(tx, ids)), taskQueue)
  return async (events) => {
    for (;;) {
      try {
        return await dispatcher.deliver(events)
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error
      }
    }
  }
}
