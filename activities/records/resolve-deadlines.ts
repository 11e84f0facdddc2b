import type { Anchor, Deadline, Instant, Rule } from '../../machines/rule.ts'
import type { WorkCalendar } from '../../school/calendar/work-calendar.ts'
import type { RecordStep, ResolvedDeadlines } from '../contract.ts'

type Moment = { at: Date; provisional: boolean }
const exactly = (at: Date): Moment => ({ at, provisional: false })
const day = 24 * 60 * 60 * 1000

/**
 * Turns the rules of a step into instants, by the school's calendar and zone. A rule may count from another
 * deadline of the same step or of the cohort (`anchors`). Null: a reminder whose moment is not after `now`, or that
 * counts from a deadline nobody set (domain.md 7.3: such reminders are not set).
 */
export function resolveDeadlines(
  calendar: WorkCalendar,
  now: Instant,
  wanted: RecordStep['deadlines'],
  anchors: RecordStep['anchors'],
): ResolvedDeadlines {
  const resolved: ResolvedDeadlines = {}
  const moments = new Map<string, Moment | null>()
  const wantedBy = new Map(wanted.map((deadline) => [`${deadline.processId} ${deadline.name}`, deadline]))

  const instantOf = (processId: string, anchor: Anchor | undefined): Date | null => {
    if (anchor === undefined) return new Date(now)
    if (typeof anchor === 'string') return new Date(anchor)
    const of = anchor.of ?? processId
    const here = wantedBy.get(`${of} ${anchor.deadline}`)
    if (here) return momentOf(here.processId, here.name, here.rule)?.at ?? null
    const known = anchors[of]?.[anchor.deadline]
    return known === undefined ? null : new Date(known)
  }

  const momentOf = (processId: string, name: string, rule: Rule): Moment | null => {
    const key = `${processId} ${name}`
    const known = moments.get(key)
    if (known !== undefined) return known
    const found = compute(processId, rule)
    moments.set(key, found)
    return found
  }

  const compute = (processId: string, rule: Rule): Moment | null => {
    if ('at' in rule) return exactly(new Date(rule.at))
    if ('termDays' in rule) return calendar.endOfTerm(new Date(now), rule.termDays)
    if ('workingDaysBefore' in rule) {
      const anchor = instantOf(processId, rule.anchor)
      return anchor && ahead(calendar.workingDaysBefore(anchor, rule.workingDaysBefore))
    }
    if ('midwayTo' in rule) {
      const anchor = instantOf(processId, rule.midwayTo)
      return anchor && ahead(exactly(new Date((Date.parse(now) + anchor.getTime()) / 2)))
    }
    const after = instantOf(processId, rule.after)
    if (!after) return null
    if ('workingDays' in rule) return calendar.addWorkingDays(after, rule.workingDays)
    if ('workingHours' in rule) return calendar.addWorkingHours(after, rule.workingHours)
    return exactly(new Date(after.getTime() + rule.days * day))
  }

  const ahead = (moment: Moment): Moment | null => (moment.at.getTime() > Date.parse(now) ? moment : null)

  // Later words win: a step that sets a deadline twice means the second (wantedBy kept the last of each name).
  for (const { processId, name, rule } of wantedBy.values()) {
    const moment = momentOf(processId, name, rule)
    const deadline: Deadline | null = moment && { at: moment.at.toISOString(), rule, ...(moment.provisional ? { provisional: true } : {}) }
    ;(resolved[processId] ??= {})[name] = deadline
  }
  return resolved
}
