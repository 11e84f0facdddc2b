import { longDate, numberSign } from '../format.ts'
import type { LocalDate } from '../../calendar/local-date.ts'
import { layLetter, type LetterBlock, type LetterText } from './letter-body.ts'

/** What the application tells the platform (R2.1-01, domain guide 9). Names in the nominative, phones as people write them. */
export interface Application {
  /** Public number, СФ-2026-000001. */
  number: string
  fullName: string
  shortName: string
  inn: string
  ogrn: string
  address: string
  /** Субъект РФ; empty when not given. */
  region: string
  administrator: { fullName: string; position: string; email: string; phone: string }
  order: { number: string; date: LocalDate }
  /** Empty while the school has not entered its head. */
  headFullName: string
  contact: { phone: string; email: string }
}

/** L-REG-APPLY: the application, word for word as the domain guide has it (section 9). */
export function applicationLetter(application: Application): LetterText {
  const { administrator, order, contact } = application
  return layLetter(
    `Заявка на регистрацию образовательной организации: ${application.shortName}, ИНН ${application.inn} [${application.number}]`,
    paragraphs(
      'Здравствуйте!',
      'Просим зарегистрировать образовательную организацию на ИКОП «Сферум».',
      [
        `Полное наименование: ${application.fullName}.`,
        `Краткое наименование: ${application.shortName}.`,
        `ИНН: ${application.inn}. ОГРН: ${application.ogrn}.`,
        `Адрес: ${application.address}.`,
        application.region && `Субъект РФ: ${application.region}.`,
      ],
      [
        `Администратор: ${[administrator.fullName, administrator.position].filter(Boolean).join(', ')}.`,
        `Электронная почта: ${administrator.email}.`,
        `Мобильный телефон: ${administrator.phone}.`,
      ],
      [`Приказ о назначении администратора: ${orderName(order)} (приложен).`],
      [application.headFullName && `Руководитель: ${application.headFullName}.`, `Контакт для вопросов: ${contact.phone}, ${contact.email}.`],
      keepNumber(application.number),
    ),
  )
}

/** What the further letters of the thread need. */
export interface ThreadLetter {
  number: string
  shortName: string
  inn: string
  /** Subject of the letter that is answered, without «Re:». */
  subject: string
  contact: { phone: string; email: string }
}

/** L-REG-FOLLOWUP: a polite question after seven working days without an answer. */
export function followUpLetter(letter: ThreadLetter & { sentOn: LocalDate }): LetterText {
  return layLetter(
    `Re: ${letter.subject}`,
    paragraphs(
      'Здравствуйте!',
      `${longDate(letter.sentOn)} направлена заявка на регистрацию образовательной организации: ${letter.shortName}, ИНН ${letter.inn}. Ответ пока не получен.`,
      'Просим сообщить, принята ли заявка и нужны ли дополнительные сведения.',
      `Контакт для вопросов: ${letter.contact.phone}, ${letter.contact.email}.`,
      keepNumber(letter.number),
    ),
  )
}

/** L-REG-CLARIFY: words of a person, in the same thread. */
export function clarificationLetter(letter: ThreadLetter & { words: string }): LetterText {
  return layLetter(
    `Re: ${letter.subject}`,
    paragraphs(
      'Здравствуйте!',
      letter.words,
      [`${letter.shortName}, ИНН ${letter.inn}.`, `Контакт для вопросов: ${letter.contact.phone}, ${letter.contact.email}.`],
      keepNumber(letter.number),
    ),
  )
}

/** What a state of the registration, or the reason to write of it, means for the head; one without an entry is named by its label alone. */
const meanings: Readonly<Record<string, string>> = {
  awaitingReply: 'Ответа на заявку нет 10 рабочих дней. Нужно решить: ждать, написать ещё раз или отменить заявку.',
  clarification: 'Платформа просит уточнить сведения. Ответ готовит администратор.',
  rejected: 'Платформа отказала в регистрации. Заявку можно исправить и подать снова в течение 30 дней.',
  adminSignIn: 'Заявка одобрена. Следующий шаг: вход администратора по номеру телефона из заявки.',
  rightsMissing: 'После входа права администратора не появились. Администратор пишет разработчику в той же переписке.',
  notSignedIn: 'Администратор не вошёл 5 рабочих дней. Нужен вход по номеру телефона из заявки: с другим номером прав не будет.',
  completed: 'Регистрация завершена: сведения внесены, класс «Учительская» создан. Можно приглашать учителей.',
}

/** L-REG-STATUS, to the head: what came of the application. `label` is the state's Russian label; `reason` is given when something else than coming into the state is told. */
export function registrationStatusLetter(status: { number: string; shortName: string; state: string; label: string; reason?: string }): LetterText {
  return layLetter(
    `Заявка ${status.number}: ${status.label}`,
    paragraphs(
      'Здравствуйте!',
      `Заявка ${status.number} на регистрацию в ИКОП «Сферум», ${status.shortName}. Состояние: ${status.label}.`,
      meanings[status.reason ?? status.state] ?? '',
    ),
  )
}

function orderName({ number, date }: Application['order']): string {
  return `${numberSign(number)} от ${longDate(date)}`
}

function keepNumber(number: string): string {
  return `Номер обращения: ${number}. Просим сохранить его в теме ответа.`
}

function paragraphs(...parts: (string | readonly string[])[]): LetterBlock[] {
  return parts
    .map((part) => (typeof part === 'string' ? part : part.filter(Boolean).join(' ')))
    .filter(Boolean)
    .map((paragraph) => ({ paragraph }))
}
