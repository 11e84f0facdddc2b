import type { Queryable } from '../../db/connection.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import type { RecordedInstance } from '../contract.ts'

/** What a projection may know of the step beside its instances. */
export interface StepOf {
  orgId: string
  at: string
  inputs: IncomingEvent[]
}

/** Writes what instances of one kind mean for the school's own tables, in the step's transaction. */
export type Projection = (tx: Queryable, step: StepOf, instances: RecordedInstance[]) => Promise<void>

export const contextOf = <Context>({ context }: RecordedInstance) => context as unknown as Context
