import { insertCohort, readAddresses } from '../../db/cohorts.ts'
import { asService, inSchool, type Database } from '../../db/connection.ts'
import { countLiveLinks, findNeglectedLinks } from '../../db/link-sweep.ts'
import type { CohortInput, IncomingEvent } from '../../workflows/messages.ts'
import type { Delivery } from '../delivery.ts'
import { schoolCalendar } from '../school-calendar.ts'

/**
 * Proves that no link of the school is alive past its term, or says which are: what it found goes to the school's
 * sweep process, once a day, also when nothing was found (domain.md 7.3). The first sweep starts that process.
 */
export async function sweepLinks(db: Database, delivery: Delivery, orgId: string, now: Date): Promise<void> {
  const instance = `linkSweep:${orgId}`
  const { today, findings, checked } = await inSchool(db, orgId, async (tx) => ({
    today: (await schoolCalendar(tx)).localDate(now),
    findings: await findNeglectedLinks(tx, now),
    checked: await countLiveLinks(tx),
  }))
  const swept: IncomingEvent = { id: `sweep:${orgId}:${today}`, to: instance, event: { type: 'SWEPT', findings, checked }, actor: { kind: 'process' } }
  const [known] = await asService(db, (tx) => readAddresses(tx, [instance]))
  if (known) {
    await delivery.deliver([swept])
    return
  }
  const input: CohortInput = { orgId, cohortId: `coh_sweep_${orgId}`, start: [{ id: instance, kind: 'linkSweep', input: {} }], events: [swept] }
  await inSchool(db, orgId, (tx) => insertCohort(tx, { orgId, cohortId: input.cohortId, workflowId: instance, input }))
  await delivery.start(instance, input)
}
