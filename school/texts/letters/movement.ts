import type { LocalDate } from '../../calendar/local-date.ts'
import { longDate } from '../format.ts'
import { layLetter, type LetterText } from './letter-body.ts'

/** L-MOVE-NOTICE, to a class teacher: that the class changes. Who comes or goes is read in the list, not in a letter. */
export function movementNotice(letter: { calledBy: string; shortName: string; className: string; number: string; effectiveOn: LocalDate }): LetterText {
  return layLetter(`Изменения в ${letter.className}`, [
    { paragraph: `Здравствуйте, ${letter.calledBy}!` },
    { paragraph: `${letter.shortName}, класс ${letter.className}. С ${longDate(letter.effectiveOn)} меняется состав класса: движение ${letter.number}.` },
    { paragraph: 'Кто пришёл или выбыл — в списке класса. Чаты класса и класс на платформе приводит в порядок администратор.' },
  ])
}
