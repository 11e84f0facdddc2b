import type { Queryable } from '../../db/connection.ts'
import { stepOf } from '../../db/letter-step.ts'
import { beginAttempt, lockDueLetter, moveLetter, openLetter, postponeLetter, type Batch, type LetterRow, type StoredRendering } from '../../db/letters.ts'
import type { OrganizationRow } from '../../db/organizations.ts'
import type { WorkCalendar } from '../../school/calendar/work-calendar.ts'
import { Pointless, Undraftable } from './draft.ts'
import type { MailDeps } from './mail-deps.ts'
import { renderLetter, type Rendered } from './render-letter.ts'
import { retryAt } from './retry.ts'
import { settleDeadAttempt } from './settle.ts'

/** The school a run works for. */
export interface MailSchool {
  school: OrganizationRow
  calendar: WorkCalendar
}

/** A letter in this worker's hands, about to be sent. */
export interface TakenLetter extends Rendered {
  id: string
  attempt: number
}

/**
 * Takes the next due letter of the batch, in the caller's transaction: `sending` is on record before the mail server
 * hears of it. `settled` when there was one that needs no sending now (it failed, it was put off); null when none is due.
 * @param claimMs how long an attempt with so many bytes may take, ms
 */
export async function takeLetter(
  tx: Queryable,
  deps: MailDeps,
  batch: Batch,
  { school, calendar }: MailSchool,
  now: Date,
  claimMs: (bytes: number) => number,
): Promise<TakenLetter | 'settled' | null> {
  const letter = await lockDueLetter(tx, batch, now)
  if (!letter) return null
  if (letter.state === 'sending') {
    await settleDeadAttempt(tx, letter, now)
    return 'settled'
  }
  // Quiet hours apply at the moment of sending, whenever the letter was queued (domain.md 6.2, 12).
  if (school.settings.quietHours !== false && !letter.urgent && calendar.withinQuietHours(now)) {
    await postponeLetter(tx, letter.id, calendar.nextLetterMoment(now))
    return 'settled'
  }
  const rendered = await bytesOf(tx, deps, letter, school, now)
  if (!rendered) return 'settled'
  const { address, mime, written } = rendered
  const sending = stepOf({ ...letter, state: written ? stepOf(letter, 'RENDER') : 'rendered' }, 'SEND')
  const attempt = await beginAttempt(tx, letter.id, sending, now, claimMs(mime.length) / 1000, written)
  return { id: letter.id, attempt, address, mime }
}

/** The stored bytes, or fresh ones for a letter that has none; null when it could not be written, or need not be, and that is on record. */
async function bytesOf(tx: Queryable, deps: MailDeps, letter: LetterRow, school: OrganizationRow, now: Date): Promise<(Rendered & { written: StoredRendering | null }) | null> {
  const { id, address, mime } = letter
  if (address && mime) return { address: openLetter(deps.keys, id, 'address', address), mime: Buffer.from(openLetter(deps.keys, id, 'mime', mime), 'latin1'), written: null }
  // What a failed writer left in the transaction (a token, a snapshot) goes back; the letter stays locked.
  await tx.query('savepoint writing')
  try {
    return await renderLetter(tx, deps, letter, school, now)
  } catch (error) {
    await tx.query('rollback to savepoint writing')
    if (error instanceof Pointless) {
      await moveLetter(tx, id, { state: stepOf(letter, 'CANCEL'), settledAt: now })
      return null
    }
    const problem = error instanceof Undraftable ? error.problem : null
    if (!problem) deps.onError(error, { letterId: id })
    // A mistake of ours may be mended within the day; meanwhile it must not hold up the other letters.
    const nextAt = problem ? null : retryAt(letter.attempts + 1, letter.firstAttemptAt ?? now, now)
    if (nextAt) await postponeLetter(tx, id, nextAt, { at: now, error: 'notWritten' })
    else await moveLetter(tx, id, { state: stepOf(letter, 'REFUSE'), error: problem ?? 'notWritten', settledAt: now })
    return null
  }
}
