import { createHash } from 'node:crypto'
import { isWorkingKind, type DayKind, type MarkedDay } from './day-kind.ts'
import { isFederalHoliday } from './federal-holidays.ts'
import { isLocalDate, shiftDate, weekday, yearOf, type LocalDate } from './local-date.ts'
import type { YearData } from './years/year-data.ts'

/** Which days a school works: pure dates, no zone and no hours. */
export type SchoolDays = {
  /** Names the data used; changes whenever a year's data or the school's corrections change. */
  version: string
  dayKind(date: LocalDate): DayKind
  isWorkingDay(date: LocalDate): boolean
  /** Whether the day is the first working day of its week, Monday to Sunday. */
  startsWeek(date: LocalDate): boolean
  /** True while the year has only weekends and federal holidays («предварительно»). */
  isProvisional(date: LocalDate): boolean
  /** Working days of a calendar year. */
  workingDaysIn(year: number): number
}

/**
 * The days of one school. Corrections win over the year's data, those over federal holidays, those over
 * weekends. A year without data is computed provisionally. Throws RangeError when a correction's date is no date.
 */
export function schoolDays(schoolWeek: 5 | 6, corrections: readonly MarkedDay[], years: readonly YearData[]): SchoolDays {
  const wrong = corrections.find(({ date }) => !isLocalDate(date))
  if (wrong) throw new RangeError(`Not a date YYYY-MM-DD: ${wrong.date}`)

  const marked = new Map([...years.flatMap((year) => year.days), ...corrections].map(({ date, kind }) => [date, kind]))
  const finalYears = new Set(years.filter(({ state }) => state === 'final').map(({ year }) => year))

  const dayKind = (date: LocalDate): DayKind => {
    const day = weekday(date)
    return marked.get(date) ?? (isFederalHoliday(date) ? 'holiday' : day > schoolWeek ? 'weekend' : 'working')
  }
  const isWorkingDay = (date: LocalDate): boolean => isWorkingKind(dayKind(date))

  return {
    version: [...years.map(({ version }) => version), ...correctionsVersion(corrections)].join('+'),
    dayKind,
    isWorkingDay,
    startsWeek: (date) => {
      if (!isWorkingDay(date)) return false
      for (let before = 1; before < weekday(date); before += 1) if (isWorkingDay(shiftDate(date, -before))) return false
      return true
    },
    isProvisional: (date) => !finalYears.has(yearOf(date)),
    workingDaysIn: (year) => {
      let count = 0
      for (let date = `${year}-01-01`; yearOf(date) === year; date = shiftDate(date, 1)) {
        if (isWorkingDay(date)) count += 1
      }
      return count
    },
  }
}

function correctionsVersion(corrections: readonly MarkedDay[]): string[] {
  if (corrections.length === 0) return []
  const text = corrections.map(({ date, kind }) => `${date} ${kind}`).sort().join('\n')
  return [`local.${createHash('sha256').update(text).digest('hex').slice(0, 8)}`]
}
