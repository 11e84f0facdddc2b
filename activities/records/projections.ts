import type { Queryable } from '../../db/connection.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import type { RecordedInstance } from '../contract.ts'

interface StepOf {
  orgId: string
  at: string
  inputs: IncomingEvent[]
}

/** Writes what instances of one kind mean for the school's own tables, in the step's transaction. */
type Projection = (tx: Queryable, step: StepOf, instances: RecordedInstance[]) => Promise<void>

/** A registered school has its «Учительская» and exactly two system channels (BR-05, BR-22). */
const organizationRegistration: Projection = async (tx, { at }, instances) => {
  for (const { state, context } of instances) {
    if (state !== 'completed') continue
    await tx.query('update organizations set registered_at = $1, staff_room_on = $2 where id = current_org()', [at, context.staffRoomOn])
    await tx.query(`insert into system_channels (org_id, kind) values (current_org(), 'schoolWide'), (current_org(), 'staff') on conflict do nothing`)
  }
}

export const projections: Partial<Record<string, Projection>> = { organizationRegistration }
