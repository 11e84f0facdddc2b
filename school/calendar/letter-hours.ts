import type { LocalClock } from './local-clock.ts'
import type { SchoolDays } from './school-days.ts'
import { nextWorkingMoment } from './working-time.ts'

const firstLetter = '08:00'
const lastLetter = '20:00'

/** True when a letter has to wait: outside 08:00–20:00 local, or on a day off (domain guide, section 12). */
export function withinQuietHours(days: SchoolDays, clock: LocalClock, instant: Date): boolean {
  const date = clock.localDate(instant)
  return !days.isWorkingDay(date) || instant < clock.at(date, firstLetter) || instant >= clock.at(date, lastLetter)
}

/** The instant itself when a letter may go now, otherwise the next 08:00 of a working day. */
export function nextLetterMoment(days: SchoolDays, clock: LocalClock, instant: Date): Date {
  return withinQuietHours(days, clock, instant) ? nextWorkingMoment(days, clock, instant, firstLetter) : instant
}
