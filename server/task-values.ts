import type { Queryable } from '../db/connection.ts'
import type { KeyRing } from '../db/key-ring.ts'
import { findOrganization } from '../db/organizations.ts'
import { findPeople } from '../db/people.ts'
import type { TaskRow } from '../db/task-queries.ts'
import { findLink, findLinkUrl } from '../db/link-queries.ts'
import { findSpace } from '../db/spaces.ts'
import { spaceKindTitle } from '../school/space-kinds.ts'
import { findApplicationSnapshot } from '../db/application-snapshots.ts'
import { openInboundContent } from '../db/inbound.ts'
import { findInbound } from '../db/inbound-queries.ts'
import { open } from '../db/sealed.ts'
import { maskEmail } from '../school/texts/mask-email.ts'
import { fullName } from '../school/validation/person-name.ts'
import { formatPhone, maskPhone } from '../school/validation/phone.ts'

/** Something to copy onto the platform. `hidden` values are masked until they are asked for, which is journalled. */
export interface TaskValue {
  name: string
  title: string
  value: string
  hidden: boolean
}

interface Source {
  tx: Queryable
  keys: KeyRing
  orgId: string
  task: TaskRow
}
type Look = (source: Source) => Promise<(TaskValue | undefined)[]>

const shown = (name: string, title: string, value: string | null | undefined): TaskValue | undefined => (value ? { name, title, value, hidden: false } : undefined)
const hidden = (name: string, title: string, value: string): TaskValue => ({ name, title, value, hidden: true })
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const targets: Readonly<Record<string, string>> = { staffRoom: 'Класс «Учительская»', class: 'Класс', chat: 'Чат' }
const platformRoles: Readonly<Record<string, string>> = { teacher: 'Учитель', student: 'Ученик', guardian: 'Родитель' }

const person: Look = async ({ tx, task }) => {
  const [found] = await findPeople(tx, [task.values.person, task.values.personId].flatMap((id) => text(id) ?? []))
  const [place] = found?.memberships.filter(({ kind, endedAt }) => kind === 'staff' && !endedAt) ?? []
  return [shown('person', 'Кто', found && fullName(found)), shown('position', 'Должность', place?.position), shown('class', 'Класс', text(task.values.class) ?? place?.className)]
}

const contacts: Look = async ({ tx, task }) => {
  const [found] = await findPeople(tx, [task.values.person, task.values.personId].flatMap((id) => text(id) ?? []))
  return [shown('person', 'Кто', found && fullName(found)), found?.email ? hidden('email', 'Адрес почты', found.email) : undefined]
}

const link: Look = async ({ tx, task: { values } }) => [
  shown('number', 'Номер ссылки', text(values.number)),
  shown('target', 'Куда', text(values.target) && [targets[String(values.target)], (await findLink(tx, String(values.link)))?.targetName ?? text(values.targetId)].filter(Boolean).join(' ')),
  shown('role', 'Роль', platformRoles[String(values.role)]),
]

const space: Look = async ({ tx, task: { values } }) => {
  const found = await findSpace(tx, String(values.space))
  if (!found) return []
  const people = new Map((await findPeople(tx, [found.ownerId, values.person].flatMap((id) => text(id) ?? []))).map((one) => [one.id, fullName(one)]))
  const other = text(values.person)
  return [
    shown('name', 'Название', found.name),
    shown('kind', 'Что это', spaceKindTitle(found.kind)),
    shown('class', 'Класс', found.className),
    shown('subject', 'Предмет', [found.subjectName, found.classGroup].filter(Boolean).join(', ')),
    shown('owner', 'Владелец', found.ownerId && people.get(found.ownerId)),
    other === found.ownerId ? undefined : shown('newOwner', 'Новый владелец', other && people.get(other)),
  ]
}

const linkUrl: Look = async (source) => {
  const sealed = text(source.task.values.link) && (await findLinkUrl(source.tx, String(source.task.values.link)))
  return [...(await link(source)), sealed ? hidden('url', 'Ссылка', open(source.keys, sealed, 'linkUrl')) : undefined]
}

const school: Look = async ({ tx, orgId }) => {
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

/** The administrator signs in with the number of the application, whatever the register says now (BR-04). */
const frozen: Look = async ({ tx, keys, task }) => {
  const { administrator } = (await findApplicationSnapshot(tx, keys, task.ownerId)) ?? {}
  return [shown('administrator', 'Администратор', administrator?.fullName), administrator && hidden('phone', 'Номер из заявки', formatPhone(administrator.phone))]
}

/** The letter that came: who says what. The person decides what it means (R2.1-01). */
const reply: Look = async ({ tx, keys, task }) => {
  const id = text(task.values.message)
  const message = id && (await findInbound(tx, id))
  if (!message) return []
  const { from, subject, text: words } = openInboundContent(keys, message.id, message.content)
  return [shown('messageId', 'Письмо', message.id), shown('from', 'От кого', from), shown('subject', 'Тема', subject), shown('text', 'Текст', words)]
}

const sources: Readonly<Record<string, Look>> = {
  'T-REG-REPLY': reply,
  'T-REG-SIGNIN': frozen,
  'T-REG-PROFILE': school,
  'T-LINK-CREATE': link,
  'T-LINK-RETRY': link,
  'T-LINK-REVOKE': linkUrl,
  'T-CLASS-CREATE': space,
  'T-CHAT-CREATE': space,
  'T-CHAT-RETRY': space,
  'T-CHAT-HANDOVER': space,
  'T-CHAT-ACCEPT': space,
  'T-CHAT-ARCHIVE': space,
  'T-MAIL-FIX': contacts,
}

/** What the person needs at hand for the task, as it is now. Masked where a full value would be a display of personal data. */
export async function taskValues(source: Source, full: boolean): Promise<TaskValue[]> {
  const values = await (sources[source.task.kind] ?? person)(source)
  return values.flatMap((value) => (value === undefined ? [] : [full || !value.hidden ? value : { ...value, value: masked(value) }]))
}

const masked = ({ name, value }: TaskValue): string => (name === 'phone' ? maskPhone(value.replace(/[^\d+]/g, '')) : name === 'email' ? maskEmail(value) : `${value.slice(0, 3)}…`)
