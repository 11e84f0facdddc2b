import { findApplicationSnapshot } from '../../db/application-snapshots.ts'
import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { openInboundContent } from '../../db/inbound.ts'
import { findInbound } from '../../db/inbound-queries.ts'
import { listLetters, type LetterLine } from '../../db/letter-queries.ts'
import { findOrder } from '../../db/orders.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson, type PersonRow } from '../../db/people.ts'
import { findProcess } from '../../db/process-queries.ts'
import { numberSign, shortDate } from '../../school/texts/format.ts'
import { letterLabel, stateLabel } from '../../school/texts/labels.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { hidden, shown, text, type Look, type Source } from './value.ts'

/** The registration a task belongs to: its number, and whom and what it names so far. */
async function registrationOf({ tx, task }: Source) {
  const found = await findProcess(tx, task.ownerId)
  const { administratorId, orderId } = (found?.context ?? {}) as { administratorId?: string | null; orderId?: string | null }
  return { number: found?.number, administrator: administratorId ? await findPerson(tx, administratorId) : undefined, order: orderId ? await findOrder(tx, orderId) : undefined }
}

const positionOf = (administrator: PersonRow | undefined) => administrator?.memberships.find(({ kind, endedAt }) => kind === 'staff' && !endedAt)?.position

const number = (of: string | null | undefined) => shown('number', 'Номер заявки', of)

/** Whom the order is to appoint. */
export const order: Look = async (source) => {
  const { administrator } = await registrationOf(source)
  return [shown('administrator', 'Администратор', administrator && fullName(administrator)), shown('position', 'Должность', positionOf(administrator))]
}

/** What the application says, to be read before it goes out. */
export const application: Look = async (source) => {
  const registration = await registrationOf(source)
  const { administrator, order: named } = registration
  return [
    number(registration.number),
    ...(await school(source)),
    ...(await order(source)),
    hidden('administratorEmail', 'Почта администратора', administrator?.email),
    hidden('administratorPhone', 'Телефон администратора', administrator?.phone && formatPhone(administrator.phone)),
    shown('order', 'Приказ', named && `${numberSign(named.number)} от ${shortDate(named.date)}`),
  ]
}

const lettersOf = ({ tx, task }: Source) => listLetters(tx, { process: task.ownerId, limit: 100 })
const troubles: readonly string[] = ['failed', 'unknownOutcome', 'bounced']

/** The letter to the platform that did not arrive, and the server's answer. */
export const failedLetter: Look = async (source) => {
  const letter = (await lettersOf(source)).find(({ outside, state }) => outside && troubles.includes(state))
  return [
    shown('letter', 'Письмо', letter && letterLabel(letter.code)),
    shown('letterId', 'Карточка письма', letter?.id),
    shown('letterState', 'Что с ним', letter && stateLabel('letter', letter.state)),
    shown('serverReply', 'Ответ почтового сервера', letter?.lastError),
  ]
}

/** What is being waited for, and since when. */
export const waiting: Look = async (source) => {
  const sent = (await lettersOf(source)).find(({ code, state }: LetterLine) => code === 'L-REG-APPLY' && state === 'accepted')
  const { timezone } = await readCalendarSettings(source.tx)
  return [number((await registrationOf(source)).number), shown('sentOn', 'Заявка отправлена', sent?.settledAt && shortDate(sent.settledAt, timezone))]
}

/** The letter that came: who says what. The person decides what it means (R2.1-01). */
export const reply: Look = async ({ tx, keys, task }) => {
  const id = text(task.values.message)
  const message = id && (await findInbound(tx, id))
  if (!message) return []
  const { from, subject, text: words } = openInboundContent(keys, message.id, message.content)
  return [shown('messageId', 'Письмо', message.id), shown('from', 'От кого', from), shown('subject', 'Тема', subject), shown('text', 'Текст', words)]
}

/** The administrator signs in with the number of the application, whatever the register says now (BR-04). */
export const frozen: Look = async ({ tx, keys, task }) => {
  const { administrator } = (await findApplicationSnapshot(tx, keys, task.ownerId)) ?? {}
  return [shown('administrator', 'Администратор', administrator?.fullName), hidden('phone', 'Номер из заявки', administrator && formatPhone(administrator.phone))]
}

/** What the platform's card of the school takes. */
export const school: Look = async ({ tx, orgId }) => {
  const found = (await findOrganization(tx, orgId))!
  return [
    shown('fullName', 'Полное наименование', found.fullName),
    shown('shortName', 'Краткое наименование', found.shortName),
    shown('inn', 'ИНН', found.inn),
    shown('ogrn', 'ОГРН', found.ogrn),
    shown('kpp', 'КПП', found.kpp),
    shown('address', 'Адрес', found.address),
    shown('email', 'Электронная почта', found.email),
    shown('phone', 'Телефон', formatPhone(found.phone)),
  ]
}

export const staffRoom: Look = () => Promise.resolve([shown('name', 'Название', 'Учительская')])
