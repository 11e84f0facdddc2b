import type { LocalDate } from './local-date.ts'

/** Kinds of days of the production calendar (domain guide, section 12). */
export const dayKinds = ['working', 'shortened', 'weekend', 'holiday', 'movedOff', 'movedWorking'] as const
export type DayKind = (typeof dayKinds)[number]

/** A day whose kind a decree or a region has set. */
export type MarkedDay = { date: LocalDate; kind: DayKind }

/** Whether staff work on a day of this kind; a shortened day counts as a whole working day. */
export function isWorkingKind(kind: DayKind): boolean {
  return kind === 'working' || kind === 'shortened' || kind === 'movedWorking'
}
