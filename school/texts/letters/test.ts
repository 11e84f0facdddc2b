import { shortDateTime } from '../format.ts'
import { layLetter, type LetterText } from './letter-body.ts'

/** L-TEST, to the person who tries whether the school's letters arrive. */
export function testLetter(letter: { shortName: string; at: Date; timezone: string }): LetterText {
  return layLetter(`Проверочное письмо — ${letter.shortName}`, [
    { paragraph: 'Здравствуйте!' },
    { paragraph: `Это проверочное письмо, ${letter.shortName}. Оно отправлено ${shortDateTime(letter.at, letter.timezone)} из раздела «Настройки».` },
    { paragraph: 'Раз оно дошло, почта школы работает: приглашения и задачи тоже доходят. Отвечать на него не нужно.' },
  ])
}
