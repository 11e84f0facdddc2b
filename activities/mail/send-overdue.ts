import { asService, inSchool } from '../../db/connection.ts'
import { findOverdueBatches, markLettersTold, untoldLetters, type Batch } from '../../db/letters.ts'
import { outcomeEventId } from '../../machines/letter.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import type { Delivery } from '../delivery.ts'
import type { MailDeps, MailRun } from './mail-deps.ts'
import { clockOf, sendBatch } from './send-batch.ts'
import { outcomeOf } from './send-letters.ts'

/** A cohort or the digest sends its own letters by then; what is older has lost its sender. */
const graceMs = 30_000
/** Nobody else sends these, and somebody waits at the screen. */
const atOnceCodes = ['L-SIGN-IN', 'L-TEST']
const atOnce = 20

/**
 * Sends letters nobody comes back for: a digest that met a mail server that was away, a letter a person sent again, one
 * whose cohort has ended meanwhile, and those that have no sender of their own (somebody wants to sign in, or tries the mail). Tells outcomes nobody has told. Owners are told as their cohort would have told them, under the same event ids.
 * Throws when the workflow service is away; the next round tells again.
 */
export async function sendOverdue(deps: MailDeps, delivery: Delivery, run: MailRun): Promise<void> {
  const before = new Date(run.now.getTime() - graceMs)
  const batches = await asService(deps.db, (tx) => findOverdueBatches(tx, { before, now: run.now, withoutSender: atOnceCodes }, atOnce))
  for (const { orgId, cohortId, processId } of batches) {
    const batch: Batch = cohortId === null ? { processId } : { cohortId }
    const clock = clockOf(run)
    await sendBatch(deps, orgId, batch, run, clock)
    const settled = await inSchool(deps.db, orgId, (tx) => untoldLetters(tx, batch))
    if (cohortId !== null) {
      await delivery.deliver(
        settled.map(({ letterId, processId: to, state, attempts }): IncomingEvent => ({
          id: outcomeEventId(letterId, outcomeOf[state], attempts),
          to,
          event: { type: `LETTER_${outcomeOf[state].toUpperCase()}`, letterId },
          actor: { kind: 'mail' },
        })),
      )
    }
    await inSchool(deps.db, orgId, (tx) => markLettersTold(tx, settled.map(({ letterId }) => letterId), clock()))
  }
}
