import { listJoinings } from '../../db/joinings.ts'
import { forWhom, joiningSummary } from '../../school/texts/joining.ts'
import { shown, text, type Look } from './value.ts'

/** The chat a class joins, for whom its link is, and how many have it. */
export const joining: Look = async ({ tx, task: { values } }) => {
  const id = text(values.joining)
  const [found] = id === undefined ? [] : await listJoinings(tx, { ids: [id] })
  if (!found) return []
  return [
    shown('space', 'Чат', found.spaceName),
    shown('forWhom', 'Для кого', forWhom(found.audience, found.className)),
    shown('number', 'Номер ссылки', found.number),
    shown('people', 'Сколько приглашено', String(found.people)),
    shown('summary', 'Что известно', joiningSummary(found)),
    shown('joining', 'Карточка вступления', found.id),
  ]
}
