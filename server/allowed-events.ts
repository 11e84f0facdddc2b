import { Type, type TObject } from 'typebox'
import type { ProcessRow } from '../db/process-queries.ts'
import { definitionOf } from '../machines/catalogue.ts'
import type { EventSpec } from '../machines/process.ts'
import { allowedNow } from '../workflows/refusal.ts'
import { instanceOf } from './process-instance.ts'
import { closed } from './schemas/common.ts'
import { eventLabel } from '../school/texts/labels.ts'

const noFields = Type.Object({}, closed)

/** The body of an event beside its type. */
export const bodyOf = (spec: EventSpec | undefined): TObject => (spec?.body as TObject | undefined) ?? noFields

/** An event that can be sent now: its name for people, and the schema of its fields. */
export interface AllowedEvent {
  type: string
  title: string
  schema: TObject
}

/** Events by name, as clients are told of them. */
export const describeEvents = (kind: string, types: readonly string[]): AllowedEvent[] =>
  types.map((type) => ({ type, title: eventLabel(kind, type), schema: bodyOf(definitionOf(kind).events[type]) }))

/** What a person may send to the process in its state; guards that look at the event are asked when it comes. */
export function allowedEvents(process: ProcessRow): AllowedEvent[] {
  return process.endedAt ? [] : describeEvents(process.kind, allowedNow(instanceOf(process)))
}
