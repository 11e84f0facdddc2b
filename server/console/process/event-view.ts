import type { Static } from 'typebox'
import { processTexts as texts } from '../../../school/texts/console/process.ts'
import { html, type Html } from '../../html.ts'
import type { AllowedEvent, Process } from '../../schemas/process.ts'
import { formFields, type FormField, type Schema } from '../forms/form-field.ts'
import { formView, problemView, type Filled } from '../forms/form-view.ts'
import { orderOptions, staffOptions } from '../tasks/evidence.ts'
import { formGuards, type Visit } from '../visit.ts'

type Event = Static<typeof AllowedEvent>

/** What cannot be taken back, or takes something away from people: said before it is done. */
const grave = new Set(['CANCEL', 'REVOKE', 'LEAK_REPORTED', 'TARGET_CLOSED', 'REMOVE', 'ARCHIVE', 'REVERSE', 'ROLLBACK', 'CLOSE', 'CLOSE_PARTIAL', 'CLOSED_WITH_OPEN_STEPS', 'DECLINE', 'SUPERSEDE', 'LINK_DIED_EARLY'])

export const isGrave = ({ type }: Pick<Event, 'type'>): boolean => grave.has(type)

/** The fields of an event, with the choices that only the school knows. */
export async function eventFields(visit: Visit, { kind }: Pick<Static<typeof Process>, 'kind'>, { schema }: Event): Promise<FormField[]> {
  const { properties = {} } = schema as Schema
  const options = {
    ...('orderId' in properties && { orderId: await orderOptions(visit) }),
    ...('personId' in properties && { personId: await staffOptions(visit) }),
    ...('administratorId' in properties && { administratorId: await staffOptions(visit) }),
  }
  return formFields(kind, schema as Schema, { options })
}

/** Whether everything the event asks for has a field. What names a step or a row is reported by the task that lists them. */
export const canBeFilled = ({ schema }: Event, fields: readonly FormField[]): boolean => ((schema as Schema).required ?? []).every((name) => fields.some((field) => field.name === name))

/** An event as a button that opens its form, and says what will happen. */
export function eventView(visit: Visit, { id, title, number }: Static<typeof Process>, { type, title: name }: Event, fields: readonly FormField[], { open, ...filled }: Omit<Filled, 'id'> & { open: boolean }): Html {
  return html`<details class="event ${grave.has(type) && 'grave'}" id="event-${type}" ${open && html`open`}>
    <summary>${name}</summary>
    <form method="post" action="/processes/${encodeURIComponent(id)}/events/${type}" class="stack">
      ${formGuards(visit)}${problemView(filled, fields)}
      <p class="hint">${texts.what} «${[title, number].filter(Boolean).join(' ')}» ${texts.and} «${name}». ${grave.has(type) && texts.undoable}</p>
      ${formView(fields, { ...filled, id: type })}
      <button class="${grave.has(type) ? 'danger' : 'main'}">${name}</button>
    </form>
  </details>`
}
