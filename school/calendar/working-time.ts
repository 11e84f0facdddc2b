import type { LocalClock } from './local-clock.ts'
import { shiftDate, type LocalDate } from './local-date.ts'
import type { SchoolDays } from './school-days.ts'

/** A computed moment; `provisional` when a day it counted lies in a year without final data («предварительно»). */
export type Moment = { at: Date; provisional: boolean }

const opening = '09:00'
const closing = '18:00'
const shortenedClosing = '17:00'
const hourMs = 60 * 60 * 1000

/** When the working day ends: 18:00 local, 17:00 on a shortened day. */
function endOfWork(days: SchoolDays, clock: LocalClock, date: LocalDate): Date {
  return clock.at(date, days.dayKind(date) === 'shortened' ? shortenedClosing : closing)
}

/**
 * End of the n-th working day after `start` (before it, when `step` is -1). The start day is not counted.
 * Throws RangeError unless n is a whole number from 1.
 */
export function countWorkingDays(days: SchoolDays, clock: LocalClock, start: LocalDate, n: number, step: 1 | -1): Moment {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`Not a number of working days: ${n}`)
  let date = start
  let provisional = false
  for (let left = n; left > 0; ) {
    date = shiftDate(date, step)
    provisional ||= days.isProvisional(date)
    if (days.isWorkingDay(date)) left -= 1
  }
  return { at: endOfWork(days, clock, date), provisional }
}

/**
 * The moment when `hours` of working time (09:00–18:00, to 17:00 on a shortened day) have passed since `from`.
 * Throws RangeError unless hours is a finite number above 0.
 */
export function countWorkingHours(days: SchoolDays, clock: LocalClock, from: Date, hours: number): Moment {
  if (!(hours > 0 && Number.isFinite(hours))) throw new RangeError(`Not a number of working hours: ${hours}`)
  let left = hours * hourMs
  let provisional = false
  for (let date = clock.localDate(from); ; date = shiftDate(date, 1)) {
    provisional ||= days.isProvisional(date)
    if (!days.isWorkingDay(date)) continue
    const begin = Math.max(from.getTime(), clock.at(date, opening).getTime())
    const room = Math.max(0, endOfWork(days, clock, date).getTime() - begin)
    if (room >= left) return { at: new Date(begin + left), provisional }
    left -= room
  }
}

/**
 * End of a term in calendar days: `issued` plus `calendarDays`, moved forward to a working day, 23:59:59 local
 * (domain guide 7.3). Throws RangeError unless calendarDays is a whole number from 0.
 */
export function endOfTerm(days: SchoolDays, clock: LocalClock, issued: Date, calendarDays: number): Moment {
  if (!Number.isInteger(calendarDays) || calendarDays < 0) throw new RangeError(`Not a number of days: ${calendarDays}`)
  let date = shiftDate(clock.localDate(issued), calendarDays)
  let provisional = days.isProvisional(date)
  while (!days.isWorkingDay(date)) {
    date = shiftDate(date, 1)
    provisional ||= days.isProvisional(date)
  }
  return { at: clock.at(date, '23:59:59'), provisional }
}

/** The first moment after `instant` when a working day's wall clock shows `time`. */
export function nextWorkingMoment(days: SchoolDays, clock: LocalClock, instant: Date, time: string): Date {
  for (let date = clock.localDate(instant); ; date = shiftDate(date, 1)) {
    const moment = clock.at(date, time)
    if (moment > instant && days.isWorkingDay(date)) return moment
  }
}
