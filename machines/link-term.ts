import type { Instant, Rule } from './rule.ts'

export const platformRoles = ['teacher', 'student', 'guardian'] as const
export type PlatformRole = (typeof platformRoles)[number]

/** Days a link lives by its audience (domain.md 7.3, DEC). */
export const termDays: Record<PlatformRole, number> = { teacher: 14, student: 10, guardian: 14 }

/** The longest life of a link from its issue, extensions included, in days (domain.md 7.3). */
export const maxLifeDays = 60

const day = 24 * 60 * 60 * 1000

/**
 * Rule of a link's term. An explicit moment is kept, cut at the total life; without one the audience decides. The
 * move forward to a working day is part of the audience's term and may reach past the limit by days off.
 */
export function termRule(role: PlatformRole, expiresAt: Instant | null, issuedAt: Instant): Rule {
  if (expiresAt === null) return { termDays: termDays[role] }
  return withinTotalLife(expiresAt, issuedAt) ? { at: new Date(Date.parse(expiresAt)).toISOString() } : { at: new Date(lastMoment(issuedAt)).toISOString() }
}

/** The moment an extension asks for, in ms: the explicit one, or the audience's days from now, which the real end is never before. */
export function extensionMoment(role: PlatformRole, expiresAt: Instant | undefined, now: Instant): number {
  return expiresAt === undefined ? Date.parse(now) + termDays[role] * day : Date.parse(expiresAt)
}

/** Whether a moment (instant, or ms) lies within the total life of a link issued at `issuedAt`. */
export function withinTotalLife(moment: Instant | number, issuedAt: Instant): boolean {
  return (typeof moment === 'number' ? moment : Date.parse(moment)) <= lastMoment(issuedAt)
}

const lastMoment = (issuedAt: Instant): number => Date.parse(issuedAt) + maxLifeDays * day
