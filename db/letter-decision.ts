import { nextLetterState, type LetterDecision, type LetterState } from '../machines/letter.ts'
import { tellsOwner } from '../machines/letter-catalogue.ts'
import type { Queryable } from './connection.ts'
import { lockLetter, moveLetter } from './letters.ts'

/** What became of the decision. A refusal names the state the letter is in. */
export type DecidedLetter = { decided: true; state: LetterState; processId: string } | { decided: false; state: LetterState }

/**
 * Settles a letter of unknown outcome by a person's word. `arrived`: it counts as accepted; who calls tells the owner
 * (LETTER_ACCEPTED, in the person's name). `sendAgain`: it is queued with the same bytes and the same Message-ID, and
 * goes out within a minute. Refused in every other state; null when the school has no such letter.
 */
export async function settleByPerson(tx: Queryable, letterId: string, decision: LetterDecision, by: string, at: Date): Promise<DecidedLetter | null> {
  const letter = await lockLetter(tx, letterId)
  if (!letter) return null
  const type = decision === 'arrived' ? 'CONFIRM_ARRIVED' : 'SEND_AGAIN'
  const state = nextLetterState(letter.state, letter.outside, { type, by })
  if (!state) return { decided: false, state: letter.state }
  if (decision === 'arrived') await moveLetter(tx, letterId, { state, settledAt: at })
  else {
    await moveLetter(tx, letterId, { state, nextAt: at })
    // An owner who waits hears of the new outcome; a day of patience begins anew.
    await tx.query(`update letters set told_at = case when $2 then null else told_at end, first_attempt_at = null where id = $1`, [letterId, tellsOwner(letter.code)])
  }
  return { decided: true, state, processId: letter.processId }
}
