import { createHash } from 'node:crypto'
import { countStalledOnboardings, findAdministrators, findExpiringLinks, findPeopleWithTasks, queueDigests } from '../../db/digest.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { findHolder } from '../../db/letter-subjects.ts'
import { markLettersTold, nextLetterAt, untoldLetters } from '../../db/letters.ts'
import { schoolCalendar } from '../school-calendar.ts'
import type { MailDeps, MailRun } from './mail-deps.ts'
import { clockOf, sendBatch } from './send-batch.ts'

/**
 * The morning digest of a school: one letter to each person with open tasks, once a day, none on a day off. Administrators
 * read which links end soon, the head once a week which work stands still. It belongs to no cohort; what cannot go out now
 * waits in the outbox for {@link sendOverdue}. A repeat on the same day queues nothing new. Returns when the rest is due,
 * null when all are out.
 */
export async function sendDigest(deps: MailDeps, { orgId }: { orgId: string }, run: MailRun): Promise<Date | null> {
  const clock = clockOf(run)
  const processId = await inSchool(deps.db, orgId, async (tx) => {
    const now = clock()
    const calendar = await schoolCalendar(tx)
    const today = calendar.localDate(now)
    if (!calendar.isWorkingDay(today)) return null
    const processId = `digest:${orgId}:${today}`
    const weekly = calendar.startsWeek(today) ? await weeklyLine(tx) : null
    const warned = (await findExpiringLinks(tx)).length > 0 ? await findAdministrators(tx) : []
    const people = new Set([...(await findPeopleWithTasks(tx, now)), ...warned, ...(weekly ? [weekly.personId] : [])])
    const letters = [...people].map((personId) => ({ personId, id: digestId(processId, personId), values: weekly?.personId === personId ? { stalled: weekly.stalled } : {} }))
    await queueDigests(tx, { orgId, processId, at: now, letters })
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

/** What the head reads once a week of onboardings that stand still, and who the head is; null when none does (domain.md 7.4). */
async function weeklyLine(tx: Queryable): Promise<{ personId: string; stalled: number } | null> {
  const stalled = await countStalledOnboardings(tx)
  const head = stalled > 0 ? await findHolder(tx, 'head') : undefined
  return head?.email ? { personId: head.personId, stalled } : null
}

/** The same for the same day and person, so that a repeat finds its letter there. */
function digestId(processId: string, personId: string): string {
  return `letter.digest.${createHash('sha256').update(`${processId} ${personId}`).digest('hex').slice(0, 24)}`
}
