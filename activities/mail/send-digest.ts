import { createHash } from 'node:crypto'
import { findPeopleWithTasks, queueDigests } from '../../db/digest.ts'
import { inSchool } from '../../db/connection.ts'
import { markLettersTold, nextLetterAt, untoldLetters } from '../../db/letters.ts'
import { schoolCalendar } from '../school-calendar.ts'
import type { MailDeps, MailRun } from './mail-deps.ts'
import { clockOf, sendBatch } from './send-batch.ts'

/**
 * The morning digest of a school: one letter to each person with open tasks, once a day, none on a day off. It belongs
 * to no cohort; what cannot go out now waits in the outbox for {@link sendOverdue}. A repeat on the same day queues
 * nothing new. Returns when the rest is due, null when all are out.
 */
export async function sendDigest(deps: MailDeps, { orgId }: { orgId: string }, run: MailRun): Promise<Date | null> {
  const clock = clockOf(run)
  const processId = await inSchool(deps.db, orgId, async (tx) => {
    const now = clock()
    const calendar = await schoolCalendar(tx)
    const today = calendar.localDate(now)
    if (!calendar.isWorkingDay(today)) return null
    const processId = `digest:${orgId}:${today}`
    const people = await findPeopleWithTasks(tx, now)
    await queueDigests(tx, { orgId, processId, at: now, letters: people.map((personId) => ({ personId, id: digestId(processId, personId) })) })
    return processId
  })
  if (!processId) return null
  await sendBatch(deps, orgId, { processId }, run, clock)
  return inSchool(deps.db, orgId, async (tx) => {
    // Nobody waits for the outcome of a digest.
    await markLettersTold(tx, (await untoldLetters(tx, { processId })).map(({ letterId }) => letterId), clock())
    return nextLetterAt(tx, { processId }, clock())
  })
}

/** The same for the same day and person, so that a repeat finds its letter there. */
function digestId(processId: string, personId: string): string {
  return `letter.digest.${createHash('sha256').update(`${processId} ${personId}`).digest('hex').slice(0, 24)}`
}
