import type { InboxDeps } from '../../activities/inbox/inbox-deps.ts'
import { asService, type Database } from '../../db/connection.ts'
import type { EventResult, IncomingEvent } from '../../workflows/messages.ts'
import { testKeyRing } from './test-key-ring.ts'

/** A kept message as tests look at it. */
export interface InboundRow {
  id: string
  org_id: string | null
  kind: string
  process_id: string | null
  letter_id: string | null
  content: string
  raw: string
  told_at: Date | null
}

/** An inbox whose events go to the caller's own list; `away` stands for a workflow service that does not answer. */
export function testInbox(db: Database) {
  const told: IncomingEvent[] = []
  const errors: unknown[] = []
  const state = { away: false, whileTelling: () => {} }
  const seen = new Set<string>()
  const rows = () =>
    asService(db, async (tx) => (await tx.query<InboundRow>('select * from inbound_messages where id <> all ($1) order by received_at, id', [[...seen]])).rows)
  const deps: InboxDeps = {
    db,
    keys: testKeyRing,
    delivery: {
      deliver(events): Promise<EventResult[]> {
        if (state.away) return Promise.reject(new Error('away'))
        state.whileTelling()
        told.push(...events)
        return Promise.resolve(events.map(({ id }) => ({ id, accepted: true, state: '', seq: 1 })))
      },
    },
    onError: (error) => errors.push(error),
  }
  return {
    deps,
    told,
    errors,
    state,
    /** Messages kept since {@link forget}, in the order they came. */
    rows,
    /** Looks away from everything so far. */
    async forget() {
      told.length = 0
      errors.length = 0
      state.away = false
      state.whileTelling = () => {}
      for (const { id } of await rows()) seen.add(id)
    },
    /** Everything kept is older than any grace. */
    age: () => asService(db, (tx) => tx.query(`update inbound_messages set received_at = received_at - interval '1 hour'`)),
    /** A person says where a message belongs. */
    file: (id: string, processId: string, orgId: string) =>
      asService(db, (tx) => tx.query(`update inbound_messages set process_id = $2, org_id = $3, filed_by = 'p2' where id = $1`, [id, processId, orgId])),
  }
}
