import type { Static } from 'typebox'
import { academicYearLabel } from '../../../school/calendar/academic-year.ts'
import { movementFieldLabels, movementTexts as texts, orderName } from '../../../school/texts/console/movement.ts'
import { shortDate } from '../../../school/texts/format.ts'
import { roleLabel } from '../../../school/texts/labels.ts'
import { departureReasonLabel } from '../../../school/texts/movement-labels.ts'
import { departureReasons, studentMovementKinds } from '../../../machines/movement-kinds.ts'
import { html, type Html } from '../../html.ts'
import { schoolRoles } from '../../rights.ts'
import type { SchoolClass } from '../../schemas/structure.ts'
import { NewMovement } from '../../schemas/movement.ts'
import { movementFields } from '../../starting/movement-request.ts'
import type { Fields } from '../fields.ts'
import { formFields, type FormField, type Option, type Schema } from '../forms/form-field.ts'
import { staffOptions } from '../tasks/evidence.ts'
import type { Visit } from '../visit.ts'

export type MovementKind = Static<typeof NewMovement>['kind']

/** Subjects given to one person in one form; whoever takes over more enters another movement. */
const loadRows = 4

/** The fields this kind takes, in the words of the form, with the choices of the school. */
export async function fieldsOfKind(visit: Visit, kind: MovementKind, personId: string): Promise<FormField[]> {
  const { takes, needs } = movementFields[kind]
  const properties = Object.fromEntries(Object.entries(NewMovement.properties).filter(([name]) => name === 'effectiveOn' || name === 'orderId' || (takes as readonly string[]).includes(name)))
  const asks = (name: string) => name in properties
  const options = {
    orderId: await ordersFor(visit, kind),
    ...(asks('reason') && { reason: departureReasons.map((value) => ({ value, label: departureReasonLabel(value) })) }),
    ...(asks('roles') && { roles: schoolRoles.map((value) => ({ value, label: roleLabel(value) })) }),
    ...(asks('successorId') && { successorId: (await staffOptions(visit)).filter(({ value }) => value !== personId) }),
    ...((asks('toClassId') || asks('giveClasses')) && (await classChoices(visit, personId))),
    ...(asks('takeLoads') && { takeLoads: await loadsOf(visit, personId) }),
  }
  const fields = formFields('movement', { properties, required: ['effectiveOn', ...needs] } as Schema, { options })
  // A choice of nothing would only be in the way.
  return fields.filter(({ name, kind: shape, options: choices }) => (shape !== 'many' && name !== 'orderId') || choices.length > 0).map((field) => ({ ...field, label: movementFieldLabels[field.name] ?? field.label }))
}

/** Orders in force of the kind that such a movement rests on (BR-16). */
async function ordersFor({ api }: Visit, kind: MovementKind): Promise<Option[]> {
  const ofPupils = (studentMovementKinds as readonly string[]).includes(kind)
  const { items } = await api.get<{ items: { id: string; kind: string; number: string; date: string; title: string }[] }>('/orders?status=registered&limit=200')
  return items.filter((order) => (order.kind === 'students') === ofPupils).map(({ id, number, date, title }) => ({ value: id, label: orderName(number, shortDate(date), title) }))
}

/** Classes of this year and the next: in summer those of the next are there already. */
export async function openClasses({ api }: Visit): Promise<Static<typeof SchoolClass>[]> {
  const { items: years } = await api.get<{ items: { key: string; current: boolean }[] }>('/academic-years')
  const now = years.findIndex(({ current }) => current)
  const lists = await Promise.all(years.slice(now, now + 2).map(({ key }) => api.get<{ items: Static<typeof SchoolClass>[] }>(`/classes?academicYear=${key}`)))
  return lists.flatMap(({ items }) => items).filter(({ closedAt }) => closedAt === null)
}

async function classChoices(visit: Visit, personId: string) {
  const classes = await openClasses(visit)
  const option = ({ id, name, academicYear }: (typeof classes)[number]): Option => ({ value: id, label: `${name}, ${academicYearLabel(academicYear)}` })
  const led = (one: (typeof classes)[number]) => one.classTeachers.some(({ id }) => id === personId)
  return { toClassId: classes.map(option), giveClasses: classes.filter((one) => !led(one)).map(option), takeClasses: classes.filter(led).map(option) }
}

async function loadsOf({ api }: Visit, personId: string): Promise<Option[]> {
  const { items } = await api.get<{ items: { id: string; className: string; subjectName: string; classGroup: string }[] }>(`/teaching-loads?personId=${encodeURIComponent(personId)}&limit=100`)
  return items.map(({ id, className, subjectName, classGroup }) => ({ value: id, label: [`${className}, ${subjectName}`, classGroup].filter(Boolean).join(', ') }))
}

/** Which lessons the person takes over: class, subject and part of the class, a row each. */
export async function loadsView(visit: Visit): Promise<Html> {
  const classes = (await openClasses(visit)).map(({ id, name }) => ({ value: id, label: name }))
  const { items } = await visit.api.get<{ items: { id: string; name: string }[] }>('/subjects')
  const subjects = items.map(({ id, name }) => ({ value: id, label: name }))
  if (classes.length === 0 || subjects.length === 0) return html``
  const pick = (name: string, label: string, options: readonly Option[]) =>
    html`<label>${label} <select name="${name}"><option value="">${texts.noChange}</option>${options.map(({ value, label: word }) => html`<option value="${value}" ${visit.form.get(name) === value && html`selected`}>${word}</option>`)}</select></label>`
  return html`<fieldset class="field"><legend>${texts.loads}</legend>${Array.from(
    { length: loadRows },
    (_, row) => html`<div class="row loads" role="group" aria-label="${texts.loadRow} ${row + 1}">${pick(`load:class:${row}`, texts.loadClass, classes)}${pick(`load:subject:${row}`, texts.loadSubject, subjects)}<label>${texts.loadGroup} <input name="load:group:${row}" value="${visit.form.get(`load:group:${row}`)}" maxlength="40" /></label></div>`,
  )}</fieldset>`
}

/** The rows that somebody has filled in. */
export function readLoads(form: Fields): { classId: string; subjectId: string; classGroup?: string }[] {
  return Array.from({ length: loadRows }, (_, row) => ({ classId: form.get(`load:class:${row}`), subjectId: form.get(`load:subject:${row}`), classGroup: form.get(`load:group:${row}`) }))
    .filter(({ classId, subjectId }) => classId !== '' || subjectId !== '')
    .map(({ classGroup, ...load }) => ({ ...load, ...(classGroup !== '' && { classGroup }) }))
}
