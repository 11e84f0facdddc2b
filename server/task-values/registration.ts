import { findApplicationSnapshot } from '../../db/application-snapshots.ts'
import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { openInboundContent } from '../../db/inbound.ts'
import { findInbound } from '../../db/inbound-queries.ts'
import { findLetter, listLetters } from '../../db/letter-queries.ts'
import { findOrder } from '../../db/orders.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson, type PersonRow } from '../../db/people.ts'
import { findProcess } from '../../db/process-queries.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration-rules.ts'
import { numberSign, shortDate } from '../../school/texts/format.ts'
import { letterLabel, stateLabel } from '../../school/texts/labels.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { hidden, shown, text, type Look, type Source } from './value.ts'

/** The registration a task belongs to: its number, whom and what it names so far, the letter in trouble, what the platform asked. */
async function registrationOf({ tx, task }: Source) {
  const found = await findProcess(tx, task.ownerId)
  const { administratorId, orderId, trouble, question } = (found?.context ?? {}) as Partial<OrganizationRegistrationContext>
  return { number: found?.number, state: found?.state, trouble, question, administrator: administratorId ? await findPerson(tx, administratorId) : undefined, order: orderId ? await findOrder(tx, orderId) : undefined }
}

const positionOf = (administrator: PersonRow | undefined) => administrator?.memberships.find(({ kind, endedAt }) => kind === 'staff' && !endedAt)?.position

const number = (of: string | null | undefined) => shown('number', 'Номер заявки', of)

/** Whom the order is to appoint. */
export const order: Look = async (source) => {
  const { administrator } = await registrationOf(source)
  return [shown('administrator', 'Администратор', administrator && fullName(administrator)), shown('position', 'Должность', positionOf(administrator))]
}

/** What the application says, to be read before it goes out. */
const application: Look = async (source) => {
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

/** The letter to the platform that a person decides about, and the server's answer. */
export const failedLetter: Look = async (source) => {
  const { trouble } = await registrationOf(source)
  const letter = trouble ? await findLetter(source.tx, trouble.letterId) : undefined
  return [
    shown('letter', 'Письмо', letter && letterLabel(letter.code)),
    shown('letterId', 'Карточка письма', letter?.id),
    shown('letterState', 'Что с ним', letter && stateLabel('letter', letter.state)),
    shown('serverReply', 'Ответ почтового сервера', letter?.lastError),
  ]
}

/** What is being waited for, and since when. */
export const waiting: Look = async (source) => {
  const letters = await listLetters(source.tx, { process: source.task.ownerId, code: 'L-REG-APPLY', limit: 100 })
  const sent = letters.find(({ state }) => state === 'accepted')
  const { timezone } = await readCalendarSettings(source.tx)
  return [number((await registrationOf(source)).number), shown('sentOn', 'Заявка отправлена', sent?.settledAt && shortDate(sent.settledAt, timezone))]
}

/** A reminder that waits for a person: of what, and what became of the one before. */
const followUp: Look = async (source) => [...(await waiting(source)), ...(await failedLetter(source))]

/** What the platform is written about: its own question, or rights that did not appear for the number of the application. */
const clarification: Look = async (source) => {
  const { number: of, state, question } = await registrationOf(source)
  return [
    number(of),
    ...(await messageValues(source, question?.messageId)),
    shown('noted', 'Что записано об ответе', question?.text),
    ...(state === 'rightsMissing' ? [shown('state', 'Что случилось', stateLabel('organizationRegistration', state)), ...(await frozen(source))] : []),
  ]
}

const outgoings: Readonly<Record<string, Look>> = { followUp, clarification }

/** What goes out when the task is done, by its key: without one it is the application. */
export const outgoing: Look = (source) => (outgoings[source.task.key] ?? application)(source)

/** Whom a new order is to appoint, and for which application. */
export const newOrder: Look = async (source) => [number((await registrationOf(source)).number), ...(await order(source))]

/** The letter that came. The person decides what it means (R2.1-01). */
export const reply: Look = (source) => messageValues(source, text(source.task.values.message))

/** Who says what in a message. */
async function messageValues({ tx, keys }: Source, id: string | null | undefined) {
  const message = id ? await findInbound(tx, id) : undefined
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
