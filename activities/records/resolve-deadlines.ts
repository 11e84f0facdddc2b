import { anchorOf, type Anchor, type Deadline, type Instant, type Rule } from '../../machines/rule.ts'
import type { WorkCalendar } from '../../school/calendar/work-calendar.ts'
import type { RecordStep, ResolvedDeadlines } from '../contract.ts'

export type Moment = { at: Date; provisional: boolean }
const exactly = (at: Date): Moment => ({ at, provisional: false })
const day = 24 * 60 * 60 * 1000

/**
 * The instant a rule means, counted from `from` by the school's calendar and zone; `now` is when it is asked. Null:
 * a reminder whose moment is not after `now` (domain.md 7.3: such reminders are not set).
 */
export function applyRule(calendar: WorkCalendar, rule: Rule, from: Date, now: Date): Moment | null {
  const ahead = (found: Moment): Moment | null => {
    const moment = 'outsideBreaks' in rule ? calendar.outsideBreaks(found) : found
    // After its term nobody is reminded of it.
    return moment.at > now && moment.at < from ? moment : null
  }
  if ('at' in rule) return exactly(new Date(rule.at))
  if ('termDays' in rule) return calendar.endOfTerm(from, rule.termDays)
  if ('workingDaysBefore' in rule) return ahead(calendar.workingDaysBefore(from, rule.workingDaysBefore))
  if ('midwayTo' in rule) return ahead(exactly(new Date((now.getTime() + from.getTime()) / 2)))
  if ('workingDays' in rule) return calendar.addWorkingDays(from, rule.workingDays)
  if ('workingHours' in rule) return calendar.addWorkingHours(from, rule.workingHours)
  return exactly(new Date(from.getTime() + rule.days * day))
}

/** A term twice as long (domain.md 12); a moment that somebody chose stays. */
function doubled(rule: Rule): Rule {
  if ('termDays' in rule) return { termDays: rule.termDays * 2 }
  if ('workingDays' in rule) return { ...rule, workingDays: rule.workingDays * 2 }
  return 'days' in rule ? { ...rule, days: rule.days * 2 } : rule
}

const outsideBreaks = (rule: Rule): Rule => ('workingDaysBefore' in rule || 'midwayTo' in rule ? { ...rule, outsideBreaks: true } : rule)

/** When a reminder comes too late: a working day after its moment. One for which a person chose the moment never does. */
export function staleness(calendar: WorkCalendar, rule: Rule, at: Date): { staleAt: Instant } | null {
  return 'at' in rule ? null : { staleAt: calendar.addWorkingDays(at, 1).at.toISOString() }
}

/**
 * Turns the rules of a step into instants. A rule may count from another deadline of the same step or of the cohort
 * (`anchors`); one that counts from a deadline nobody set is null, like a reminder whose moment is past.
 */
export function resolveDeadlines(calendar: WorkCalendar, now: Instant, wanted: RecordStep['deadlines'], anchors: RecordStep['anchors']): ResolvedDeadlines {
  const found = new Map<string, Deadline | null>()
  // Later words win: a step that sets a deadline twice means the second.
  const wantedBy = new Map(wanted.map((deadline) => [`${deadline.processId} ${deadline.name}`, deadline]))

  const instantOf = (processId: string, anchor: Anchor | undefined): Instant | undefined => {
    if (anchor === undefined) return now
    if (typeof anchor === 'string') return anchor
    const of = anchor.of ?? processId
    const here = wantedBy.get(`${of} ${anchor.deadline}`)
    return here ? deadlineOf(here)?.at : anchors[of]?.[anchor.deadline]
  }

  const deadlineOf = ({ processId, name, rule: given, reminder, families, summer }: RecordStep['deadlines'][number]): Deadline | null => {
    const rule = summer && calendar.doublesInSummer(new Date(now)) ? doubled(given) : families ? outsideBreaks(given) : given
    const key = `${processId} ${name}`
    if (!found.has(key)) {
      const from = instantOf(processId, anchorOf(rule))
      const moment = from === undefined ? null : applyRule(calendar, rule, new Date(from), new Date(now))
      found.set(key, moment && { at: moment.at.toISOString(), rule, from: from!, ...(moment.provisional && { provisional: true }), ...(reminder && staleness(calendar, rule, moment.at)) })
    }
    return found.get(key)!
  }

  const resolved: ResolvedDeadlines = {}
  for (const deadline of wantedBy.values()) (resolved[deadline.processId] ??= {})[deadline.name] = deadlineOf(deadline)
  return resolved
}
