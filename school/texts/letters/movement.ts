import type { LocalDate } from '../../calendar/local-date.ts'
import { longDate } from '../format.ts'
import { movementKindLabel } from '../movement-labels.ts'
import { layLetter, type LetterText } from './letter-body.ts'

/** L-MOVE-NOTICE: a movement in the class, without names (letters hold no personal data of third persons). */
export function movementNoticeLetter(letter: { className: string; shortName: string; kind: string; effectiveOn: LocalDate; number: string; takenBack: boolean }): LetterText {
  return layLetter(`Изменения в ${letter.className}`, [
    { paragraph: 'Здравствуйте!' },
    { paragraph: `${letter.shortName}. Класс ${letter.className}: ${movementKindLabel(letter.kind).toLowerCase()} с ${longDate(letter.effectiveOn)}, номер движения ${letter.number}.` },
    ...(letter.takenBack ? [{ paragraph: 'Движение возвращено: списки снова такие, какими были до него.' }] : []),
    { paragraph: 'Список класса — в карточке класса. Участников в чатах на платформе меняет администратор; если что-то нужно сделать классному руководителю, придёт отдельная задача.' },
  ])
}
