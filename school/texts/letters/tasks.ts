import { longDate, plural, shortDateTime, termText } from '../format.ts'
import type { LocalDate } from '../../calendar/local-date.ts'
import { layLetter, type LetterText } from './letter-body.ts'

/** L-VERIFY, to the teacher: what is left to do after joining (R2.T-02). */
export function verificationLetter(letter: {
  calledBy: string
  shortName: string
  /** Null while no term is set. */
  dueAt: Date | null
  timezone: string
  contact: { phone: string; email: string }
}): LetterText {
  return layLetter('Подтвердите статус «учитель»', [
    { paragraph: `Здравствуйте, ${letter.calledBy}!` },
    { paragraph: `Вступление состоялось, роль «учитель»: ${letter.shortName}, платформа «Сферум» в мессенджере MAX. Осталось подтвердить статус «учитель».` },
    { list: ['Откройте «Сферум» в мессенджере MAX.', 'В своём профиле выберите подтверждение статуса «учитель» и следуйте указаниям платформы.', 'Когда статус подтверждён, сообщите администратору или отметьте свою задачу.'] },
    ...(letter.dueAt ? [{ paragraph: `Срок: ${termText(letter.dueAt, letter.timezone)}.` }] : []),
    { paragraph: `Контакт для вопросов: ${letter.contact.phone}, ${letter.contact.email}.` },
  ])
}

/** L-TASK-URGENT: one task that cannot wait for the digest. `title` is the task's Russian title. */
export function urgentTaskLetter(letter: { title: string; shortName: string; dueAt: Date | null; timezone: string }): LetterText {
  return layLetter(`Срочно: ${letter.title}`, [
    { paragraph: 'Здравствуйте!' },
    { paragraph: `${letter.shortName}. Задача: ${letter.title}.` },
    ...(letter.dueAt ? [{ paragraph: `Срок: ${termText(letter.dueAt, letter.timezone)}.` }] : []),
    { paragraph: 'Указания и данные для копирования — в карточке задачи.' },
  ])
}

/** One line of the digest. */
export interface DigestTask {
  title: string
  dueAt: Date | null
  overdue: boolean
}

const tasks = { one: 'задача', few: 'задачи', many: 'задач' }

/**
 * L-TASKS-DIGEST: the open tasks of one person on a morning, the overdue ones first as they come; links that end soon,
 * and how many onboardings stand still (0 when not to be told).
 */
export function digestLetter(letter: {
  date: LocalDate
  shortName: string
  timezone: string
  tasks: readonly DigestTask[]
  expiring: readonly { number: string; expiresAt: Date }[]
  stalled: number
}): LetterText {
  const todo = [{ list: letter.tasks.map((task) => lineOf(task, letter.timezone)) }, { paragraph: 'Указания и данные для копирования — в карточках задач.' }]
  return layLetter(`Задачи на ${longDate(letter.date)}: ${letter.tasks.length}`, [
    { paragraph: 'Здравствуйте!' },
    { paragraph: `${letter.shortName}. На ${longDate(letter.date)} открыто: ${plural(letter.tasks.length, tasks)}.` },
    ...(letter.tasks.length > 0 ? todo : []),
    ...(letter.expiring.length > 0 ? [{ paragraph: 'Скоро истекает срок ссылок-приглашений. Продлить его можно в карточке ссылки:' }, { list: letter.expiring.map(({ number, expiresAt }) => `${number} — до ${shortDateTime(expiresAt, letter.timezone)}`) }] : []),
    ...(letter.stalled > 0 ? [{ paragraph: `Подключение учителей — без движения больше 30 дней: ${letter.stalled}.` }] : []),
  ])
}

function lineOf({ title, dueAt, overdue }: DigestTask, timezone: string): string {
  const due = dueAt ? ` — срок ${shortDateTime(dueAt, timezone)}` : ''
  return `${title}${due}${overdue ? ' (просрочено)' : ''}`
}
