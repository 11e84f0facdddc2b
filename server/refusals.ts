import type { EventResult } from '../workflows/messages.ts'
import { describeEvents } from './allowed-events.ts'
import { Refusal } from './failures.ts'
import { eventLabel, stateLabel } from '../school/texts/labels.ts'

type Refused = Extract<EventResult, { accepted: false }>

/** The refusal that says why an instance did not take an event, and what it takes now. */
export function refusalOf({ reason, state, allowed, guards }: Refused, kind: string, event: string): Refusal {
  if (reason === 'notHere') return state === null ? new Refusal('notFound') : endedRefusal(kind, state)
  const extras = { state, allowed: describeEvents(kind, allowed) }
  if (reason === 'guard') {
    return new Refusal('guardRefused', { guards, extras })
  }
  return new Refusal('illegalEvent', { params: { state: stateLabel(kind, state ?? ''), event: eventLabel(kind, event) }, extras })
}

/** The refusal of an instance that has ended where it stands. */
export const endedRefusal = (kind: string, state: string): Refusal => new Refusal('processEnded', { params: { state: stateLabel(kind, state) }, extras: { state, allowed: [] } })
