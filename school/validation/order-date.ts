import { isLocalDate, yearOf, type LocalDate } from '../calendar/local-date.ts'
import { invalid, problem, valid, type Checked } from './checked.ts'

const earliest: LocalDate = '2000-01-01'

/**
 * The date of an order, 'YYYY-MM-DD': not after `today` (the school's local date), not before 2000, with a warning
 * when older than a year (domain guide, section 11).
 */
export function checkOrderDate(text: string, today: LocalDate): Checked<LocalDate> {
  const date = text.trim()
  if (!isLocalDate(date)) return invalid('orderDateFormat')
  if (date > today) return invalid('orderDateFuture')
  if (date < earliest) return invalid('orderDateTooEarly')
  // Dates compare as strings, so on 29 February «a year ago» needs no such day to exist.
  const yearAgo = `${yearOf(today) - 1}${today.slice(4)}`
  return date < yearAgo ? valid(date, problem('orderDateOld')) : valid(date)
}
