import type { CohortInput, EventResult, IncomingEvent } from '../workflows/messages.ts'

/** What activities use to reach other cohorts: part of workflows/dispatcher.ts, handed in by runtime/. */
export interface Delivery {
  deliver(events: IncomingEvent[]): Promise<EventResult[]>
  start(workflowId: string, input: CohortInput): Promise<EventResult[]>
}
