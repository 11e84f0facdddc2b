import { asService, inSchool, type Database } from '../db/connection.ts'
import { readLate, readUnstarted } from '../db/cohorts.ts'
import { markAnswersTold, readSchoolsWithUntoldAnswers, readUntoldAnswers, type RecipientAnswer } from '../db/recipient-answers.ts'
import type { CohortInput, IncomingEvent } from '../workflows/messages.ts'
import type { Delivery } from './delivery.ts'
import { resumeCohort, type Resumer } from './resume-cohort.ts'

/** A request that is still being answered gets this long, ms, before its work is taken over. */
const grace = 5_000
const atOnce = 100
/** A deadline this long past, ms, may be one that Temporal never heard of. */
const late = 30_000

/**
 * Makes up for what a crash or an outage cut off between PostgreSQL and Temporal: cohorts announced and never
 * started, answers of invited people that the workflow has not heard, steps that Temporal has lost. Everything is keyed, so doing it twice, or in
 * two processes at once, changes nothing. Throws when Temporal is away: the next round tries again.
 */
export async function makeUp(db: Database, delivery: Delivery & Resumer): Promise<void> {
  const unstarted = await asService(db, (tx) => readUnstarted<CohortInput>(tx, grace, atOnce))
  for (const { workflowId, input } of unstarted) await delivery.start(workflowId, input)

  for (const orgId of await asService(db, (tx) => readSchoolsWithUntoldAnswers(tx, grace))) {
    const answers = await inSchool(db, orgId, (tx) => readUntoldAnswers(tx, grace, atOnce))
    await delivery.deliver(answers.map(answerEvent))
    await inSchool(db, orgId, (tx) => markAnswersTold(tx, answers.map(({ id }) => id)))
  }

  const lateCohorts = await asService(db, (tx) => readLate(tx, late, atOnce))
  // One that cannot go on does not keep the others waiting.
  const resumed = await Promise.allSettled(lateCohorts.map((cohort) => resumeCohort(db, delivery, cohort)))
  const failed = resumed.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

/** The event an answer means; its id makes a second telling harmless. */
export const answerEvent = ({ id, invitationId, type, reason }: RecipientAnswer): IncomingEvent => ({
  id: `answer:${id}`,
  to: `invitation:${invitationId}`,
  event: { type, ...(reason === null ? {} : { reason }) },
  actor: { kind: 'recipient' },
})
