import { createHash, randomBytes } from 'node:crypto'
import { findInvitation, insertInvitationToken } from '../../db/letter-subjects.ts'
import { findPerson, type PersonRow } from '../../db/people.ts'
import { expiredLetter, invitationLetter, reminderLetter, type InvitationLetter } from '../../school/texts/letters/invitation.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'

/** 192 bits: guessing is hopeless (ASVS 11.5.1). */
const tokenBytes = 24

/** L-INV-TEACHER and its variants: the invitation with the person's own page. */
export function draftInvitation(sources: DraftSources): Promise<Draft> {
  return draftWith(sources, (letter, expiresAt) => (expiresAt ? invitationLetter({ ...letter, expiresAt, timezone: sources.school.timezone }) : null))
}

/** L-INV-REMIND. */
export function draftReminder(sources: DraftSources): Promise<Draft> {
  return draftWith(sources, (letter, expiresAt) => (expiresAt ? reminderLetter({ ...letter, expiresAt, timezone: sources.school.timezone }) : null))
}

/** L-INV-EXPIRED. */
export function draftExpired(sources: DraftSources): Promise<Draft> {
  return draftWith(sources, expiredLetter)
}

async function draftWith(
  { tx, letter, school, publicUrl }: DraftSources,
  write: (letter: InvitationLetter, expiresAt: Date | null) => Draft['text'] | null,
): Promise<Draft> {
  const invitation = await findInvitation(tx, letter.processId)
  const person = 'person' in letter.recipient ? await findPerson(tx, letter.recipient.person) : undefined
  if (!invitation || !person) throw new Undraftable('noInvitation')
  // Each letter has a token of its own; only its hash is kept.
  const token = randomBytes(tokenBytes).toString('base64url')
  const { target, targetName, role, expiresAt } = invitation
  const text = write(
    {
      target,
      targetName,
      role,
      calledBy: calledBy(person),
      shortName: school.shortName,
      page: `${publicUrl}/i/${token}`,
      contact: { phone: formatPhone(school.phone), email: school.email },
    },
    expiresAt,
  )
  if (!text) throw new Undraftable('noInvitation')
  await insertInvitationToken(tx, letter.orgId, invitation.id, createHash('sha256').update(token).digest('hex'))
  return { text, secrets: [token] }
}

/** «Павел Игоревич»; «Анна» where there is no patronymic. */
export function calledBy({ firstName, patronymic }: Pick<PersonRow, 'firstName' | 'patronymic'>): string {
  return [firstName, patronymic].filter(Boolean).join(' ')
}
