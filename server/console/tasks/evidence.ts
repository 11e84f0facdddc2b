import type { Static } from 'typebox'
import { shortDate } from '../../../school/texts/format.ts'
import type { TaskCard, TaskValue } from '../../schemas/task-card.ts'
import { formFields, type FormField, type Given, type Option, type Schema } from '../forms/form-field.ts'
import type { Visit } from '../visit.ts'

type Card = Pick<Static<typeof TaskCard>, 'kind' | 'evidence' | 'values'>

/** More than a school has staff, or orders that anybody still looks for. */
const most = 200

/** The fields of a task's evidence, with the choices that only the school knows. */
export async function evidenceFields(visit: Visit, { kind, evidence, values }: Card): Promise<FormField[]> {
  const schema = evidence as Schema
  const asks = (name: string) => name in (schema.properties ?? {})
  const given: Given = {
    options: {
      ...(asks('orderId') && { orderId: await orderOptions(visit) }),
      ...(kind === 'T-JOIN-MARK' && { joined: await invitedOptions(visit, values), declined: await invitedOptions(visit, values) }),
      ...(asks('results') && { results: stepOptions(values) }),
    },
    values: { ...valueOf(values, 'version') },
  }
  return formFields(kind, schema, given)
}

const valueOf = (values: readonly Static<typeof TaskValue>[], name: string) => {
  const found = values.find((value) => value.name === name)
  return found ? { [name]: found.value } : {}
}

/** Orders that are in force, for who may see the register. */
export async function orderOptions({ api, may }: Visit): Promise<Option[]> {
  if (!may('read')) return []
  const { items } = await api.get<{ items: { id: string; number: string; date: string; title: string }[] }>(`/orders?status=registered&limit=${most}`)
  return items.map(({ id, number, date, title }) => ({ value: id, label: `№ ${number} от ${shortDate(date)} — ${title}` }))
}

/** Who works at the school, for who may see that. */
export async function staffOptions({ api, may }: Visit): Promise<Option[]> {
  if (!may('read')) return []
  const { items } = await api.get<{ items: { id: string; name: string }[] }>(`/people?kind=staff&limit=${most}`)
  return items.map(({ id, name }) => ({ value: id, label: name }))
}

/** People of a joining who have neither joined nor declined yet. */
async function invitedOptions({ api }: Visit, values: Card['values']): Promise<Option[]> {
  const { joining } = valueOf(values, 'joining')
  if (joining === undefined) return []
  const { members = [] } = await api.get<{ members?: { name: string; invitationId: string | null; state: string | null }[] }>(`/joinings/${joining}`)
  return members.flatMap(({ name, invitationId, state }) => (invitationId !== null && (state === 'planned' || state === 'sent') ? [{ value: invitationId, label: name }] : []))
}

/** What the card of a movement says of the movement itself; the rest of it are its steps. */
const ofMovement = new Set(['number', 'kind', 'person', 'from', 'to', 'position', 'effectiveOn', 'until', 'reason', 'order'])
const stepOptions = (values: Card['values']): Option[] => values.filter(({ name }) => !ofMovement.has(name)).map(({ name, title, value }) => ({ value: name, label: `${title}: ${value}` }))
