import type { Static } from 'typebox'
import type { Html } from '../../html.ts'
import type { AllowedEvent, Process } from '../../schemas/process.ts'
import type { FormField } from '../forms/form-field.ts'
import type { Visit } from '../visit.ts'
import { canBeFilled, eventFields, eventView, isGrave } from './event-view.ts'

/** What this person may tell the process now and can fill in here, as forms; what cannot be taken back comes last. */
export async function ownEvents(visit: Visit, process: Static<typeof Process>, around: (view: Html, event: Static<typeof AllowedEvent>) => Html = (view) => view): Promise<Html[]> {
  const own = process.allowed.filter(({ mine }) => mine).toSorted((a, b) => Number(isGrave(a)) - Number(isGrave(b)))
  const filled = await Promise.all(own.map(async (event): Promise<[typeof event, FormField[]]> => [event, await eventFields(visit, process, event)]))
  return filled.filter(([event, fields]) => canBeFilled(event, fields)).map(([event, fields]) => around(eventView(visit, process, event, fields, { open: false }), event))
}
