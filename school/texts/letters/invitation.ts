import { longDate, termText } from '../format.ts'
import { layLetter, type LetterBlock, type LetterText } from './letter-body.ts'

/** Where an invitation leads and as whom; the role is fixed by the link (BR-06). */
export interface InvitedTo {
  target: 'staffRoom' | 'class' | 'chat'
  /** Name of the class or chat («5А», «5А — родители — 2026/27»); not used for the staff room. */
  targetName: string
  role: 'teacher' | 'student' | 'guardian'
}

/** What every letter to an invited person needs. */
export interface InvitationLetter extends InvitedTo {
  /** «Павел Игоревич», or «Анна» without a patronymic. */
  calledBy: string
  shortName: string
  /** The person's own page, or that of everybody of the class: /i/TOKEN. */
  page: string
  contact: { phone: string; email: string }
}

const roleNames = { teacher: 'учитель', student: 'обучающийся', guardian: 'родитель (законный представитель)' } as const

/** L-INV-TEACHER and its variants for pupils and guardians: the first letter with the personal page. */
export function invitationLetter(letter: InvitationLetter & { expiresAt: Date; timezone: string }): LetterText {
  return layLetter(`Приглашение ${intoPlace(letter)} — ${letter.shortName}`, [
    ...opening(letter),
    ...forWhom(letter),
    { paragraph: 'Откройте страницу приглашения и перейдите по ссылке на платформу. Когда заявка на вступление отправлена, отметьте это на той же странице.' },
    { link: 'Страница приглашения', href: letter.page },
    { paragraph: `Приглашение действует до: ${termText(letter.expiresAt, letter.timezone)}.` },
    ...closing(letter),
  ])
}

/** L-INV-CHAT: pupils or guardians of a class where nobody is kept by name; everybody gets the same page. */
export function chatInvitationLetter(letter: InvitationLetter & { expiresAt: Date; timezone: string }): LetterText {
  const voluntary = letter.role === 'guardian' ? [{ paragraph: 'Участие добровольное: если вступать не хотите, ничего делать не нужно.' }] : []
  return layLetter(`Приглашение ${intoPlace(letter)} — ${letter.shortName}`, [
    ...opening(letter),
    { paragraph: onlyFor(letter) },
    ...voluntary,
    { paragraph: 'Откройте страницу приглашения и перейдите по ссылке на платформу.' },
    { link: 'Страница приглашения', href: letter.page },
    { paragraph: `Приглашение действует до: ${termText(letter.expiresAt, letter.timezone)}.` },
    { paragraph: 'Не пересылайте это письмо и не выкладывайте ссылку в открытый доступ.' },
    ...questions(letter),
  ])
}

/** L-INV-REMIND: the same page again before the term ends. */
export function reminderLetter(letter: InvitationLetter & { expiresAt: Date; timezone: string }): LetterText {
  return layLetter(`Напоминание: ссылка действует до ${longDate(letter.expiresAt, letter.timezone)}`, [
    ...opening(letter),
    ...forWhom(letter),
    { paragraph: 'Вступление пока не отмечено. Если заявка уже отправлена, отметьте это на странице приглашения.' },
    { link: 'Страница приглашения', href: letter.page },
    { paragraph: `Приглашение действует до: ${termText(letter.expiresAt, letter.timezone)}.` },
    ...closing(letter),
  ])
}

/** L-INV-EXPIRED: the term is over; the page offers to ask for a new link. */
export function expiredLetter(letter: InvitationLetter): LetterText {
  return layLetter('Срок приглашения истёк', [
    { paragraph: `Здравствуйте, ${letter.calledBy}!` },
    { paragraph: `Приглашение в роли „${roleNames[letter.role]}“ больше не действует: ${placeOf(letter)}, ${letter.shortName}, платформа «Сферум» в мессенджере MAX.` },
    { paragraph: 'Если приглашение ещё нужно, на странице приглашения можно попросить новую ссылку.' },
    { link: 'Страница приглашения', href: letter.page },
    ...questions(letter),
  ])
}

function opening(letter: InvitationLetter): LetterBlock[] {
  return [
    { paragraph: `Здравствуйте, ${letter.calledBy}!` },
    { paragraph: `Вы приглашены в роли „${roleNames[letter.role]}“: ${placeOf(letter)}, ${letter.shortName}, платформа «Сферум» в мессенджере MAX.` },
  ]
}

/** Pupils and guardians of one class get different links (7.5). */
function forWhom(letter: InvitedTo): LetterBlock[] {
  if (letter.role === 'teacher') return []
  const voluntary = letter.role === 'guardian' ? ' Участие добровольное: на странице приглашения можно отказаться.' : ''
  return [{ paragraph: `${onlyFor(letter)}${voluntary}` }]
}

const onlyFor = ({ role }: InvitedTo): string =>
  role === 'guardian'
    ? 'Ссылка только для родителей (законных представителей). Ученики вступают по другой ссылке.'
    : 'Ссылка только для учеников. Родители (законные представители) вступают по другой ссылке.'

function closing(letter: InvitationLetter): LetterBlock[] {
  return [{ paragraph: 'Страница личная, не пересылайте это письмо.' }, ...questions(letter)]
}

function questions({ contact }: InvitationLetter): LetterBlock[] {
  return [{ paragraph: `Контакт для вопросов: ${contact.phone}, ${contact.email}.` }]
}

function placeOf({ target, targetName }: InvitedTo): string {
  if (target === 'staffRoom') return 'класс «Учительская»'
  return target === 'class' ? `класс ${targetName}` : `чат «${targetName}»`
}

/** The staff room has the wording of the domain guide; other places follow it without declining a name. */
function intoPlace(letter: InvitedTo): string {
  return letter.target === 'staffRoom' ? 'в «Учительскую»' : `в ${placeOf(letter)}`
}
