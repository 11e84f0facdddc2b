import type { Queryable } from '../../db/connection.ts'
import { stepOf } from '../../db/letter-step.ts'
import { countUncertain, isNoted, lockLetter, moveLetter, noteAttempt, type LetterRow } from '../../db/letters.ts'
import { retryAt } from './retry.ts'
import type { Delivery } from './smtp-session.ts'

/**
 * Writes down what came of an attempt. Returns when the letter is tried again, or null when it has settled.
 * A late word of an attempt that was given up for dead is noted and changes nothing (F27).
 */
export async function settleAttempt(tx: Queryable, letterId: string, attempt: number, delivery: Delivery, now: Date): Promise<Date | null> {
  const letter = (await lockLetter(tx, letterId))!
  const ours = letter.state === 'sending' && letter.attempts === attempt
  // The same word again: it was written down, only nobody heard so (F17).
  if (!ours && (await isNoted(tx, letterId, attempt, delivery))) return null
  await noteAttempt(tx, letter.orgId, letterId, attempt, ours ? delivery.outcome : `${delivery.outcome}Late`, delivery.code)
  if (!ours) return null
  switch (delivery.outcome) {
    case 'accepted':
      await moveLetter(tx, letterId, { state: stepOf(letter, 'ACCEPT'), settledAt: now })
      return null
    case 'refused':
      await moveLetter(tx, letterId, { state: stepOf(letter, 'REFUSE'), error: delivery.code, settledAt: now })
      return null
    case 'deferred':
      return tryLater(tx, letter, delivery.code, now)
    case 'uncertain':
      return settleUncertain(tx, letter, delivery.code, now)
  }
}

/** A letter found in `sending` after its claim: its attempt died with its worker, perhaps after the final dot (F8, F9). */
export async function settleDeadAttempt(tx: Queryable, letter: LetterRow, now: Date): Promise<void> {
  await noteAttempt(tx, letter.orgId, letter.id, letter.attempts, 'uncertain', 'workerLost')
  await settleUncertain(tx, letter, 'workerLost', now)
}

/**
 * Nobody knows whether it arrived. To the platform it is never sent again without a person; to others once more, the
 * same bytes under the same Message-ID (domain.md 6.2, P4).
 */
async function settleUncertain(tx: Queryable, letter: LetterRow, code: string, now: Date): Promise<Date | null> {
  const lost = stepOf(letter, 'OUTCOME_LOST')
  const nextAt = letter.outside || (await countUncertain(tx, letter.id)) > 1 ? null : retryAt(letter.attempts, letter.firstAttemptAt ?? now, now)
  if (nextAt) await moveLetter(tx, letter.id, { state: stepOf({ ...letter, state: lost }, 'SEND_AGAIN'), error: code, nextAt })
  else await moveLetter(tx, letter.id, { state: lost, error: code, settledAt: now })
  return nextAt
}

async function tryLater(tx: Queryable, letter: LetterRow, code: string, now: Date): Promise<Date | null> {
  const nextAt = retryAt(letter.attempts, letter.firstAttemptAt ?? now, now)
  if (nextAt) await moveLetter(tx, letter.id, { state: stepOf(letter, 'DEFER'), error: code, nextAt })
  else await moveLetter(tx, letter.id, { state: stepOf(letter, 'REFUSE'), error: code, settledAt: now })
  return nextAt
}
