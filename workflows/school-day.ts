import { proxyActivities, sleep } from '@temporalio/workflow'
import type { SchoolDayActivities } from '../activities/contract.ts'
import type { SchoolDayInput } from './messages.ts'

const { openSchoolDay, sweepLinks, recountDeadlines, sendDigest } = proxyActivities<SchoolDayActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
})

/**
 * A working day of a school, started by its schedule at 07:30 local time: links are swept, deadlines recounted if
 * the calendar changed, and at 08:30 everybody with open tasks gets one digest. On a day off it does nothing.
 */
export async function schoolDay({ orgId }: SchoolDayInput): Promise<void> {
  const day = await openSchoolDay({ orgId })
  if (!day.working) return
  await recountDeadlines({ orgId })
  await sweepLinks({ orgId })
  await sleep(Math.max(0, Date.parse(day.digestAt) - Date.now()))
  await sendDigest({ orgId })
}
