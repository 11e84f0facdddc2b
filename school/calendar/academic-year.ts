import { yearOf, type LocalDate } from './local-date.ts'

/** 1 September – 31 August: `key` «2026-2027» for storage, `label` «2026/27» for people. */
export type AcademicYear = { key: string; label: string }

/** The academic year a local date belongs to (domain guide, section 11). Throws RangeError for what is not a date. */
export function academicYearOfDate(date: LocalDate): AcademicYear {
  const year = yearOf(date)
  const first = date.slice(5) >= '09-01' ? year : year - 1
  return { key: `${first}-${first + 1}`, label: `${first}/${String(first + 1).slice(2)}` }
}

/** Whether the day falls into the summer, 1 June – 31 August, when onboarding terms double (section 12). */
export function isSummerDate(date: LocalDate): boolean {
  const day = date.slice(5)
  return day >= '06-01' && day <= '08-31'
}
