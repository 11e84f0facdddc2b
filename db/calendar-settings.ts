import type { CalendarSettings } from '../school/calendar/work-calendar.ts'
import type { Queryable } from './connection.ts'

/** Zone, week and added days of the transaction's school. Throws when there is no such school. */
export async function readCalendarSettings(tx: Queryable): Promise<CalendarSettings> {
  const { rows } = await tx.query<CalendarSettings>(
    `select timezone, school_week as "schoolWeek", coalesce(settings -> 'calendarCorrections', '[]') as corrections,
       coalesce(settings -> 'schoolBreaks', '[]') as breaks, coalesce((settings -> 'summerDoubles')::boolean, true) as "summerDoubles"
     from organizations where id = current_org()`,
  )
  if (!rows[0]) throw new Error('the transaction names no school')
  return rows[0]
}

/** The calendar data the school's deadlines were last counted by; null before the first count. */
export async function readCalendarVersion(tx: Queryable): Promise<string | null> {
  const { rows } = await tx.query<{ version: string | null }>(`select calendar_version as version from organizations where id = current_org()`)
  return rows[0]?.version ?? null
}

export async function writeCalendarVersion(tx: Queryable, version: string): Promise<void> {
  await tx.query(`update organizations set calendar_version = $1 where id = current_org()`, [version])
}
