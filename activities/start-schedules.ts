import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleClient } from '@temporalio/client'
import { inSchool, type Database } from '../db/connection.ts'
import { readCalendarSettings } from '../db/calendar-settings.ts'
import type { SchoolDayInput } from '../workflows/messages.ts'

/** The workflow a school's schedule starts, and where. */
export interface SchoolDayTarget {
  workflowType: string
  taskQueue: string
}

/**
 * Gives a school its schedule, if it has none: every day at 07:30 by its own clock (design.md, answer 12). Days off
 * are left out by the workflow, for a schedule knows no production calendar. Days missed in an outage are not made
 * up for: the next one finds everything they would have found.
 */
export async function startSchedules(db: Database, schedules: ScheduleClient, target: SchoolDayTarget, orgId: string): Promise<void> {
  const { timezone } = await inSchool(db, orgId, readCalendarSettings)
  const input: SchoolDayInput = { orgId }
  try {
    await schedules.create({
      scheduleId: `schoolDay:${orgId}`,
      spec: { calendars: [{ hour: 7, minute: 30 }], timezone },
      action: { type: 'startWorkflow', workflowType: target.workflowType, taskQueue: target.taskQueue, workflowId: `schoolDay:${orgId}`, args: [input] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '6 hours' },
    })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
  }
}
