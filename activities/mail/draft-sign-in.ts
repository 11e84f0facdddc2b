import { issueSignInToken } from '../../db/sign-in.ts'
import { findPerson } from '../../db/people.ts'
import { signInLetter } from '../../school/texts/letters/sign-in.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'
import { calledBy } from './draft-invitation.ts'

/** How long the link of a letter lets somebody in, from when it was written (ASVS 6.5.5). */
const minutes = 10

/** L-SIGN-IN: the one-time link into the console. Made with the letter, so that a letter that waits does not eat up its time. */
export async function draftSignIn({ tx, letter, school, publicUrl }: DraftSources): Promise<Draft> {
  const person = 'person' in letter.recipient ? await findPerson(tx, letter.recipient.person) : undefined
  if (!person) throw new Undraftable('noAddress')
  const token = await issueSignInToken(tx, { orgId: letter.orgId, personId: person.id }, minutes)
  return { text: signInLetter({ calledBy: calledBy(person), shortName: school.shortName, page: `${publicUrl}/sign-in/${token}`, minutes }), secrets: [token] }
}
