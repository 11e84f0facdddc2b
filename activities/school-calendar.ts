import type { Queryable } from '../db/connection.ts'
import { readCalendarSettings } from '../db/calendar-settings.ts'
import { workCalendar, type WorkCalendar } from '../school/calendar/work-calendar.ts'

/** The working calendar of the transaction's school: its zone, week and the days it added. */
export async function schoolCalendar(tx: Queryable): Promise<WorkCalendar> {
  return workCalendar(await readCalendarSettings(tx))
}
