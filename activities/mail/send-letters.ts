import { inSchool } from '../../db/connection.ts'
import { nextLetterAt, untoldLetters } from '../../db/letters.ts'
import type { LettersSent } from '../contract.ts'
import type { MailDeps, MailRun } from './mail-deps.ts'
import { clockOf, sendBatch } from './send-batch.ts'

/** How an outcome is told to the letter's owner. */
export const outcomeOf = { accepted: 'accepted', failed: 'failed', unknownOutcome: 'unknown' } as const

/**
 * Sends the letters of a cohort that are due, and says what came of those whose owners have not been told, and when to
 * come again. Safe to repeat and to run twice at once: every letter is in one worker's hands at a time.
 */
export async function sendLetters(deps: MailDeps, { orgId, cohortId }: { orgId: string; cohortId: string }, run: MailRun): Promise<LettersSent> {
  const clock = clockOf(run)
  await sendBatch(deps, orgId, { cohortId }, run, clock)
  return inSchool(deps.db, orgId, async (tx) => {
    const settled = await untoldLetters(tx, { cohortId })
    const nextAt = await nextLetterAt(tx, { cohortId }, clock())
    return {
      outcomes: settled.map(({ letterId, processId, state, attempts }) => ({ letterId, processId, outcome: outcomeOf[state], attempts })),
      nextAt: nextAt?.toISOString() ?? null,
    }
  })
}
