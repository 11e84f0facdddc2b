import { asService, type Database } from '../../../db/connection.ts'
import type { Account } from '../../../db/sessions.ts'
import { countAttempt, findCandidates, forgetAttempts, queueSignInLetters } from '../../../db/sign-in.ts'
import { isPassword } from './password.ts'

/** Within so many minutes. */
export const tryWindow = 15
/** Wrong passwords of one address, and letters to it (ASVS 6.3.1). */
export const mostPasswords = 5
const mostLetters = 3

/** Sends a link to everybody with this address. Whether there is anybody, and whether there have been too many, nobody is told (ASVS 6.3.8). */
export function sendLinks(db: Database, email: string): Promise<void> {
  return asService(db, async (tx) => {
    const attempts = await countAttempt(tx, email, 'link', tryWindow)
    const people = await findCandidates(tx, email)
    await queueSignInLetters(tx, attempts > mostLetters ? [] : people)
  })
}

/**
 * Whose password it is, or undefined. After too many failures of an address nothing is looked at for a while, whether
 * anybody has it or not; each try takes the time of one comparison.
 */
export async function tryPassword(db: Database, email: string, password: unknown): Promise<Account | undefined> {
  const { attempts, people } = await asService(db, async (tx) => ({ attempts: await countAttempt(tx, email, 'password', tryWindow), people: await findCandidates(tx, email) }))
  const given = typeof password === 'string' && password.length <= 128 ? password : ''
  const withPassword = people.filter((person) => person.password !== null)
  const locked = attempts > mostPasswords
  for (const { orgId, personId, password: stored } of locked || withPassword.length === 0 ? [{ orgId: '', personId: '', password: null }] : withPassword) {
    if (!(await isPassword(given, stored))) continue
    await asService(db, (tx) => forgetAttempts(tx, email))
    return { orgId, personId }
  }
  return undefined
}
