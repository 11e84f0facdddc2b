import { yearOf, type LocalDate } from './local-date.ts'

/** 1 September – 31 August: `key` «2026-2027» for storage, `label` «2026/27» for people. */
export type AcademicYear = { key: string; label: string }

/** The academic year a local date belongs to (domain guide, section 11). Throws RangeError for what is not a date. */
export function academicYearOfDate(date: LocalDate): AcademicYear {
  const year = yearOf(date)
  const first = date.slice(5) >= '09-01' ? year : year - 1
  const key = `${first}-${first + 1}`
  return { key, label: academicYearLabel(key) }
}

/** «2026/27» for the key «2026-2027». */
export const academicYearLabel = (key: string): string => `${key.slice(0, 4)}/${key.slice(7)}`

/** The key of the year after: «2027-2028» for «2026-2027». */
export const academicYearAfter = (key: string): string => `${Number(key.slice(0, 4)) + 1}-${Number(key.slice(5)) + 1}`

/** Whether the day falls into the summer, 1 June – 31 August, when onboarding terms double (section 12). */
export function isSummerDate(date: LocalDate): boolean {
  const day = date.slice(5)
  return day >= '06-01' && day <= '08-31'
}
