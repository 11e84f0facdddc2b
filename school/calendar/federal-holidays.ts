import type { LocalDate } from './local-date.ts'

const holidays = new Set([
  '01-01', '01-02', '01-03', '01-04', '01-05', '01-06', '01-08', // New Year holidays
  '01-07', // Christmas
  '02-23', // Defender of the Fatherland Day
  '03-08', // International Women's Day
  '05-01', // Spring and Labour Day
  '05-09', // Victory Day
  '06-12', // Russia Day
  '11-04', // National Unity Day
])

/** Whether the day is a federal non-working holiday (Labour Code, article 112). The same in every year. */
export function isFederalHoliday(date: LocalDate): boolean {
  return holidays.has(date.slice(5))
}
