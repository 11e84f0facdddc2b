import { inSchool, type Database } from '../../db/connection.ts'
import type { SchoolDayActivities } from '../contract.ts'
import { schoolCalendar } from '../school-calendar.ts'

/** Whether the school works today, and when its digest goes out (domain.md 9: 08:30 local). */
export function openSchoolDay(db: Database, orgId: string, now: Date): ReturnType<SchoolDayActivities['openSchoolDay']> {
  return inSchool(db, orgId, async (tx) => {
    const calendar = await schoolCalendar(tx)
    const today = calendar.localDate(now)
    return { working: calendar.isWorkingDay(today), digestAt: calendar.at(today, '08:30').toISOString() }
  })
}
