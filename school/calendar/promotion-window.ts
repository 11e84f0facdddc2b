import type { LocalClock } from './local-clock.ts'

/** Days («MM-DD») of the year's end: the draft from, the approval by, applied from, done by, taken back until (domain.md 7.11, DEC). */
export interface PromotionWindow {
  draftFrom: string
  approveBy: string
  applyFrom: string
  doneBy: string
  rollBackUntil: string
}

export const usualPromotionWindow: PromotionWindow = { draftFrom: '05-10', approveBy: '06-20', applyFrom: '07-01', doneBy: '08-31', rollBackUntil: '09-20' }

/** The same as local dates of the calendar year in which the academic year («2026-2027») ends. */
export function promotionDates(fromYear: string, window: PromotionWindow): PromotionWindow {
  const year = fromYear.slice(5)
  return Object.fromEntries(Object.entries(window).map(([name, day]) => [name, `${year}-${day}`])) as unknown as PromotionWindow
}

/** The last instant of a local date, to the second. */
export const endOf = (clock: LocalClock, date: string): Date => clock.at(date, '23:59:59')
