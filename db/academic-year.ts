import { academicYearOfDate } from '../school/calendar/academic-year.ts'
import { localClock } from '../school/calendar/local-clock.ts'
import { readCalendarSettings } from './calendar-settings.ts'
import type { Queryable } from './connection.ts'

/** Key of the academic year («2026-2027») that the instant falls into by the clock of the transaction's school. */
export async function academicYearAt(tx: Queryable, instant: Date): Promise<string> {
  const { timezone } = await readCalendarSettings(tx)
  return academicYearOfDate(localClock(timezone).localDate(instant)).key
}
