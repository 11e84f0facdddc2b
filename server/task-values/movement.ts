import { findMovement } from '../../db/movements.ts'
import { findOrder } from '../../db/orders.ts'
import { findProcess } from '../../db/process-queries.ts'
import type { MovementContext } from '../../machines/movement.ts'
import { numberSign, shortDate } from '../../school/texts/format.ts'
import { reasonLabel } from '../../school/texts/labels.ts'
import { departureReasonLabel, movementKindLabel, stepActionLabel } from '../../school/texts/movement-labels.ts'
import { stepSubjects } from '../movement-steps.ts'
import { namesOf } from '../people-names.ts'
import { shown, text, type Look } from './value.ts'

/** Who, what, from where to where, since when, by which order. */
export const movement: Look = async ({ tx, task }) => {
  const id = text(task.values.movement)
  const found = id === undefined ? undefined : await findMovement(tx, id)
  if (!found) return []
  const order = found.orderId === null ? undefined : await findOrder(tx, found.orderId)
  return [
    shown('number', 'Номер движения', found.number),
    shown('kind', 'Что происходит', movementKindLabel(found.kind)),
    shown('person', 'Кто', (await namesOf(tx, [found.personId])).get(found.personId)),
    shown('from', 'Из класса', found.fromClassName),
    shown('to', 'В класс', found.toClassName),
    shown('position', 'Должность', found.details.position),
    shown('effectiveOn', 'С какого дня', shortDate(found.effectiveOn)),
    shown('until', 'По какой день', found.details.until && shortDate(found.details.until)),
    shown('reason', 'Причина', found.reason && departureReasonLabel(found.reason)),
    shown('order', 'Приказ', order && `${numberSign(order.number)} от ${shortDate(order.date)}`),
  ]
}

/** The steps that are to be done now, each under its id, by which its result is reported. */
export const movementSteps: Look = async (source) => {
  const { tx, task } = source
  const process = await findProcess(tx, task.ownerId)
  const { steps } = (process?.context ?? { steps: [] }) as unknown as Pick<MovementContext, 'steps'>
  const asked = steps.filter(({ action, via, state }) => action === task.key && via === null && (state === 'open' || state === 'failed'))
  const names = await namesOf(tx, asked.map(({ person }) => person))
  const subjects = await stepSubjects(tx, asked)
  return [...(await movement(source)), ...asked.map(({ id, action, person }) => shown(id, stepActionLabel(action), `${names.get(person)}: ${subjects.get(id)}`))]
}

/** What is in the way. */
export const movementBlock: Look = async (source) => {
  const { values } = source.task
  const block = text(values.block)
  return [...(await movement(source)), shown('block', 'Что мешает', block && reasonLabel(block)), shown('other', 'Мешает движение', text(values.other))]
}
