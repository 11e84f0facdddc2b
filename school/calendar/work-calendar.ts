import { academicYearOfDate, isSummerDate, type AcademicYear } from './academic-year.ts'
import type { DayKind, MarkedDay } from './day-kind.ts'
import { nextLetterMoment, withinQuietHours } from './letter-hours.ts'
import { localClock, type WallTime } from './local-clock.ts'
import { shiftDate, type LocalDate } from './local-date.ts'
import { schoolDays } from './school-days.ts'
import { countWorkingDays, countWorkingHours, endOfTerm, nextWorkingMoment, type Moment } from './working-time.ts'
import { year2026 } from './years/2026.ts'
import { year2027 } from './years/2027.ts'
import type { YearData } from './years/year-data.ts'

/** What makes one school's calendar differ from another's. */
export type CalendarSettings = {
  /** IANA name of the zone. */
  timezone: string
  /** 5: Monday–Friday, 6: Monday–Saturday. */
  schoolWeek: 5 | 6
  /** Days the region or the school has set itself; they win over the federal data. */
  corrections?: readonly MarkedDay[]
  /** Days without lessons, by their first and last: «каникулы». */
  breaks?: readonly { from: LocalDate; to: LocalDate }[]
  /** Onboarding terms that begin in summer are twice as long. Yes. */
  summerDoubles?: boolean
  /** Production calendars; the ones shipped with the product unless a new year is being loaded. */
  years?: readonly YearData[]
}

/**
 * Working time of one school (domain guide, section 12). Instants are `Date`, local dates 'YYYY-MM-DD', wall
 * times 'HH:mm'. Every function throws RangeError for arguments that are no date, time or count.
 */
export type WorkCalendar = {
  /** Names the data used, for example '2026.1+2027.0'; a deadline computed under another version is stale. */
  version: string
  /** The day it is at the school at this instant. */
  localDate(instant: Date): LocalDate
  dayKind(date: LocalDate): DayKind
  isWorkingDay(date: LocalDate): boolean
  /** Whether the day is the first working day of its week, Monday to Sunday. */
  startsWeek(date: LocalDate): boolean
  /** True while the year has only weekends and federal holidays («предварительно»). */
  isProvisional(date: LocalDate): boolean
  /** End of the n-th working day (18:00, 17:00 on a shortened one); the start day is not counted, n >= 1. */
  addWorkingDays(from: Date | LocalDate, n: number): Moment
  /** End of the n-th working day before; the day of the instant is not counted, n >= 1. */
  workingDaysBefore(instant: Date | LocalDate, n: number): Moment
  /** When n hours of working time (09:00–18:00, shortened to 17:00) have passed. */
  addWorkingHours(from: Date, n: number): Moment
  /** Issued plus calendar days, moved forward to a working day, 23:59:59. */
  endOfTerm(issued: Date, days: number): Moment
  /** Local midnight that begins the day. */
  startOfDay(date: LocalDate): Date
  at(date: LocalDate, time: WallTime): Date
  /** The first moment after the instant when a working day's clock shows the time. */
  nextWorkingMoment(instant: Date, time: WallTime): Date
  /** True when a letter has to wait: outside 08:00–20:00, or on a day off. */
  withinQuietHours(instant: Date): boolean
  /** The instant itself when a letter may go now, otherwise the next 08:00 of a working day. */
  nextLetterMoment(instant: Date): Date
  /** The moment itself, or 09:00 of the first working day after the school break it falls into. */
  outsideBreaks(moment: Moment): Moment
  /** Whether onboarding terms that begin now are twice as long. */
  doublesInSummer(instant: Date): boolean
  workingDaysIn(year: number): number
  academicYearOf(when: Date | LocalDate): AcademicYear
  /** 1 September, or the next working day when that is a day off. */
  firstLessonDay(year: number): LocalDate
  /** 1 June – 31 August. */
  isSummer(when: Date | LocalDate): boolean
}

/** The calendar of one school. Throws RangeError for an unknown zone or a correction without a date. */
export function workCalendar({
  timezone,
  schoolWeek,
  corrections = [],
  breaks = [],
  summerDoubles = true,
  years = [year2026, year2027],
}: CalendarSettings): WorkCalendar {
  const clock = localClock(timezone)
  const days = schoolDays(schoolWeek, corrections, years)
  const dateOf = (when: Date | LocalDate): LocalDate => (typeof when === 'string' ? when : clock.localDate(when))

  return {
    ...days,
    ...clock,
    addWorkingDays: (from, n) => countWorkingDays(days, clock, dateOf(from), n, 1),
    workingDaysBefore: (instant, n) => countWorkingDays(days, clock, dateOf(instant), n, -1),
    addWorkingHours: (from, n) => countWorkingHours(days, clock, from, n),
    endOfTerm: (issued, n) => endOfTerm(days, clock, issued, n),
    startOfDay: (date) => clock.at(date, '00:00'),
    nextWorkingMoment: (instant, time) => nextWorkingMoment(days, clock, instant, time),
    withinQuietHours: (instant) => withinQuietHours(days, clock, instant),
    nextLetterMoment: (instant) => nextLetterMoment(days, clock, instant),
    outsideBreaks: (moment) => {
      let date = clock.localDate(moment.at)
      let shut = breaks.find(({ from, to }) => date >= from && date <= to)
      if (!shut) return moment
      // One break may follow another.
      for (; shut; shut = breaks.find(({ from, to }) => date >= from && date <= to)) date = shiftDate(shut.to, 1)
      while (!days.isWorkingDay(date)) date = shiftDate(date, 1)
      return { at: clock.at(date, '09:00'), provisional: moment.provisional || days.isProvisional(date) }
    },
    doublesInSummer: (instant) => summerDoubles && isSummerDate(clock.localDate(instant)),
    academicYearOf: (when) => academicYearOfDate(dateOf(when)),
    firstLessonDay: (year) => {
      let date = `${year}-09-01`
      while (!days.isWorkingDay(date)) date = shiftDate(date, 1)
      return date
    },
    isSummer: (when) => isSummerDate(dateOf(when)),
  }
}
