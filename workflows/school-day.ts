import { proxyActivities, sleep } from '@temporalio/workflow'
import type { SchoolDayActivities } from '../activities/contract.ts'
import type { Instant } from '../machines/rule.ts'
import type { SchoolDayInput } from './messages.ts'

const { openSchoolDay, sweepLinks, recountDeadlines, sendDigest } = proxyActivities<SchoolDayActivities>({
  startToCloseTimeout: '5 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
})

// Last, and not for ever: what could not be erased today waits for no digest, and is found tomorrow.
const { eraseExpired } = proxyActivities<SchoolDayActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '5 minutes', maximumAttempts: 10 },
})

const hour = 60 * 60 * 1000

/**
 * A working day of a school, started by its schedule at 07:30 local time: links are swept, deadlines recounted if
 * the calendar changed, and at 08:30 everybody with open tasks gets one digest; then what is past its term is erased. On a
 * day off it does nothing.
 */
export async function schoolDay({ orgId }: SchoolDayInput): Promise<void> {
  const day = await openSchoolDay({ orgId })
  if (!day.working) return
  await recountDeadlines({ orgId })
  await sweepLinks({ orgId })
  // By the next morning a digest of today is no news.
  const end = Date.parse(day.digestAt) + 12 * hour
  for (let next: Instant | null = day.digestAt; next !== null && Date.parse(next) < end; next = await sendDigest({ orgId })) {
    await sleep(Math.max(1, Date.parse(next) - Date.now()))
  }
  await eraseExpired({ orgId })
}
