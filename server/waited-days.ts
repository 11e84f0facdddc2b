import { shiftDate } from '../school/calendar/local-date.ts'
import { workCalendar, type CalendarSettings } from '../school/calendar/work-calendar.ts'

/** Working days between each moment and the one before it, the day of the earlier one not counted; 0 for the first. */
export function waitedDays(moments: readonly Date[], settings: CalendarSettings): number[] {
  const calendar = workCalendar(settings)
  const dates = moments.map((moment) => calendar.localDate(moment))
  return dates.map((date, index) => {
    let days = 0
    for (let day = dates[index - 1] ?? date; day < date; ) {
      day = shiftDate(day, 1)
      if (calendar.isWorkingDay(day)) days += 1
    }
    return days
  })
}
