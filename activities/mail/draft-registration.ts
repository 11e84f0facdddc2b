import { freezeApplication } from '../../db/application-snapshots.ts'
import { findHolder, findRegistration, type RegistrationSubject } from '../../db/letter-subjects.ts'
import { openLetter } from '../../db/letters.ts'
import { findOrder, findOrderFile, type OrderRow } from '../../db/orders.ts'
import { findPerson, type PersonRow } from '../../db/people.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import { applicationLetter, clarificationLetter, followUpLetter, registrationStatusLetter, type ThreadLetter } from '../../school/texts/letters/registration.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'

/** L-REG-APPLY. What it names is frozen with it (BR-03). */
export async function draftApplication(sources: DraftSources): Promise<Draft> {
  const { tx, keys, letter, school, now } = sources
  const { number, administratorId, orderId } = await registrationOf(sources)
  const administrator = administratorId ? await findPerson(tx, administratorId) : undefined
  // Queued on a Friday evening, it is written on Monday: by then either may be gone (domain.md 7.1).
  if (!administrator?.phone || !administrator.email || !placeOf(administrator)?.teachingStaff) throw new Undraftable('noAdministrator')
  const order = orderId ? await findOrder(tx, orderId) : undefined
  const content = order && (await findOrderFile(tx, order.id))
  if (order?.status !== 'registered' || !order.file || !content) throw new Undraftable('noOrder')
  const head = await headName(sources)

  const named = { fullName: fullName(administrator), position: placeOf(administrator)?.position ?? '', email: administrator.email, phone: administrator.phone }
  await freezeApplication(tx, keys, {
    processId: letter.processId,
    orgId: letter.orgId,
    letterId: letter.id,
    at: now,
    content: { administrator: { id: administrator.id, ...named }, order: { id: order.id, number: order.number, date: order.date } },
  })
  const { fullName: schoolName, shortName, inn, ogrn, address, region } = school
  const text = applicationLetter({
    number, fullName: schoolName, shortName, inn, ogrn, address, region, order,
    administrator: { ...named, phone: formatPhone(named.phone) },
    headFullName: head,
    contact: contactOf(sources),
  })
  return { text, attachments: [{ filename: fileNameOf(order), contentType: order.file.mime, content }] }
}

/** L-REG-FOLLOWUP, in the thread of the application. */
export async function draftFollowUp(sources: DraftSources): Promise<Draft> {
  const { thread, letter, school } = sources
  const application = thread.findLast((message) => message.letter?.code === 'L-REG-APPLY')?.letter
  const sentOn = localClock(school.timezone).localDate(application?.settledAt ?? letter.queuedAt)
  return { text: followUpLetter({ ...(await threadLetter(sources)), sentOn }) }
}

/** L-REG-CLARIFY: what a person wrote, in the same thread. */
export async function draftClarification(sources: DraftSources): Promise<Draft> {
  return { text: clarificationLetter({ ...(await threadLetter(sources)), words: String(sources.letter.values.text ?? '') }) }
}

/** L-REG-STATUS, to the head. */
export async function draftRegistrationStatus(sources: DraftSources): Promise<Draft> {
  const { number } = await registrationOf(sources)
  const { state, reason } = sources.letter.values
  const label = stateLabel('organizationRegistration', String(state))
  return { text: registrationStatusLetter({ number, shortName: sources.school.shortName, state: String(state), label, ...(reason && { reason: String(reason) }) }) }
}

async function registrationOf({ tx, letter }: DraftSources): Promise<RegistrationSubject> {
  const found = await findRegistration(tx, letter.processId)
  if (!found) throw new Undraftable('noProcess')
  return found
}

async function threadLetter(sources: DraftSources): Promise<ThreadLetter> {
  const { keys, thread, school } = sources
  const { number } = await registrationOf(sources)
  const first = thread.find((message) => message.letter !== null)?.letter
  const subject = first ? openLetter(keys, first.id, 'subject', first.subject).replace(/^Re: /, '') : `${school.shortName}, ИНН ${school.inn} [${number}]`
  return { number, shortName: school.shortName, inn: school.inn, subject, contact: contactOf(sources) }
}

async function headName({ tx }: DraftSources): Promise<string> {
  const holder = await findHolder(tx, 'head')
  const head = holder && (await findPerson(tx, holder.personId))
  return head ? fullName(head) : ''
}

const placeOf = ({ memberships }: PersonRow) => memberships.find(({ kind, endedAt }) => kind === 'staff' && endedAt === null)

function contactOf({ school }: DraftSources): { phone: string; email: string } {
  return { phone: formatPhone(school.phone), email: school.email }
}

const extensions: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' }

/** Prikaz_112-01-08_2026-08-20.pdf (domain guide, section 9); what has no place in a file name becomes a hyphen. */
function fileNameOf({ number, date, file }: OrderRow): string {
  return `Prikaz_${number.replace(/[^\p{L}\d.-]+/gu, '-')}_${date}.${extensions[file?.mime ?? ''] ?? 'pdf'}`
}
