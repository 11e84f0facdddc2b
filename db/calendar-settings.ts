import type { CalendarSettings } from '../school/calendar/work-calendar.ts'
import type { Queryable } from './connection.ts'

/** Zone, week and added days of the transaction's school. Throws when there is no such school. */
export async function readCalendarSettings(tx: Queryable): Promise<CalendarSettings> {
  const { rows } = await tx.query<CalendarSettings>(
    `select timezone, school_week as "schoolWeek", coalesce(settings -> 'calendarCorrections', '[]') as corrections
     from organizations where id = current_org()`,
  )
  if (!rows[0]) throw new Error('the transaction names no school')
  return rows[0]
}
