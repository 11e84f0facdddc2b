import { plural } from '../format.ts'
import { layLetter, type LetterText } from './letter-body.ts'

/** L-SIGN-IN: the one-time link into the console. */
export function signInLetter(letter: { calledBy: string; shortName: string; page: string; minutes: number }): LetterText {
  return layLetter(`Вход в консоль — ${letter.shortName}`, [
    { paragraph: `Здравствуйте, ${letter.calledBy}!` },
    { paragraph: `Откройте страницу и нажмите «Войти». Ссылка сработает один раз и действует ${plural(letter.minutes, { one: 'минуту', few: 'минуты', many: 'минут' })}.` },
    { link: 'Войти в консоль', href: letter.page },
    { paragraph: 'Если вы не просили ссылку для входа, ничего не делайте и никому не пересылайте это письмо.' },
  ])
}
