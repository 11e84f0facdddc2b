import { issueInvitationTokens } from '../../db/invitation-tokens.ts'
import { findJoiningSubject } from '../../db/joinings.ts'
import { issueLinkToken } from '../../db/link-pages.ts'
import { findInvitation, hasAnswered } from '../../db/letter-subjects.ts'
import { findPerson, type PersonRow } from '../../db/people.ts'
import { chatInvitationLetter, expiredLetter, invitationLetter, reminderLetter, type InvitationLetter } from '../../school/texts/letters/invitation.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { Pointless, Undraftable, type Draft, type DraftSources } from './draft.ts'

/** L-INV-TEACHER and its variants: the invitation with the person's own page. */
export function draftInvitation(sources: DraftSources): Promise<Draft> {
  return draftWith(sources, (letter, expiresAt) => (expiresAt ? invitationLetter({ ...letter, expiresAt, timezone: sources.school.timezone }) : null))
}

/** L-INV-CHAT: the page of everybody of the class. */
export async function draftChatInvitation(sources: DraftSources): Promise<Draft> {
  const { tx, letter, school } = sources
  const joining = await findJoiningSubject(tx, letter.processId)
  const person = 'person' in letter.recipient ? await findPerson(tx, letter.recipient.person) : undefined
  if (!joining?.expiresAt || !person) throw new Undraftable('noInvitation')
  const { linkId, target, targetName, role, expiresAt } = joining
  const token = await issueLinkToken(tx, letter.orgId, linkId)
  const text = chatInvitationLetter({
    target,
    targetName,
    role,
    ...addressing(sources, person, token),
    expiresAt,
    timezone: school.timezone,
  })
  return { text, secrets: [token] }
}

/** L-INV-REMIND. */
export async function draftReminder(sources: DraftSources): Promise<Draft> {
  await refuseAnswered(sources)
  return draftWith(sources, (letter, expiresAt) => (expiresAt ? reminderLetter({ ...letter, expiresAt, timezone: sources.school.timezone }) : null))
}

/** L-INV-EXPIRED. */
export async function draftExpired(sources: DraftSources): Promise<Draft> {
  await refuseAnswered(sources)
  return draftWith(sources, expiredLetter)
}

/**
 * The page takes an answer by the database's clock, the workflow hears of it after; a letter queued in between would
 * press or turn away somebody who has answered (F29).
 * @throws Pointless
 */
async function refuseAnswered({ tx, letter }: DraftSources): Promise<void> {
  if (await hasAnswered(tx, letter.processId)) throw new Pointless()
}

async function draftWith(
  sources: DraftSources,
  write: (letter: InvitationLetter, expiresAt: Date | null) => Draft['text'] | null,
): Promise<Draft> {
  const { tx, letter } = sources
  const invitation = await findInvitation(tx, letter.processId)
  const person = 'person' in letter.recipient ? await findPerson(tx, letter.recipient.person) : undefined
  if (!invitation || !person) throw new Undraftable('noInvitation')
  // Each letter has a token of its own.
  const [token] = await issueInvitationTokens(tx, letter.orgId, [invitation.id])
  const { target, targetName, role, expiresAt } = invitation
  const text = write({ target, targetName, role, ...addressing(sources, person, token!) }, expiresAt)
  if (!text) throw new Undraftable('noInvitation')
  return { text, secrets: [token!] }
}

/** Who is written to, by whom, and the page of this letter. */
const addressing = ({ school, publicUrl }: DraftSources, person: PersonRow, token: string) => ({
  calledBy: calledBy(person),
  shortName: school.shortName,
  page: `${publicUrl}/i/${token}`,
  contact: { phone: formatPhone(school.phone), email: school.email },
})

/** «Павел Игоревич»; «Анна» where there is no patronymic. */
export function calledBy({ firstName, patronymic }: Pick<PersonRow, 'firstName' | 'patronymic'>): string {
  return [firstName, patronymic].filter(Boolean).join(' ')
}
