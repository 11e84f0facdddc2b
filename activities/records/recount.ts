import type { CountedDeadline } from '../../db/deadlines.ts'
import { isReminder } from '../../machines/catalogue.ts'
import { anchorOf } from '../../machines/rule.ts'
import type { WorkCalendar } from '../../school/calendar/work-calendar.ts'
import type { Recounted } from '../../workflows/by-hand.ts'
import { applyRule, staleness, type Moment } from './resolve-deadlines.ts'

type Moved = Recounted & { processId: string; name: string }

/**
 * Counts live deadlines of a school again by another calendar; returns those that it moves. One that counts from
 * another live deadline follows it: an escalation stays behind its due moment, a reminder before its term.
 */
export function recount(calendar: WorkCalendar, deadlines: readonly CountedDeadline[], now: Date): Moved[] {
  const live = new Map(deadlines.map((deadline) => [keyOf(deadline.processId, deadline.name), deadline]))
  const counted = new Map<CountedDeadline, Moment & { from: Date }>()

  const count = (deadline: CountedDeadline): Moment & { from: Date } => {
    const known = counted.get(deadline)
    if (known) return known
    const { processId, at, rule, countedFrom, provisional } = deadline
    const anchor = anchorOf(rule)
    const followed = typeof anchor === 'object' ? live.get(keyOf(anchor.of ?? processId, anchor.deadline)) : undefined
    const from = followed ? count(followed).at : countedFrom
    // Halfway is halfway from the instant at which it was set, which its moment tells.
    const asked = 'midwayTo' in rule ? new Date(2 * at.getTime() - countedFrom.getTime()) : now
    // A reminder whose moment would be past stays where it is.
    const found = applyRule(calendar, rule, from, asked) ?? { at, provisional }
    counted.set(deadline, { ...found, from })
    return { ...found, from }
  }

  return deadlines.flatMap((deadline): Moved[] => {
    const { processId, kind, name, at: was, rule } = deadline
    const { at, from, provisional } = count(deadline)
    if (at.getTime() === was.getTime() && provisional === deadline.provisional) return []
    return [
      {
        processId,
        name,
        was: was.toISOString(),
        at: at.toISOString(),
        from: from.toISOString(),
        ...(provisional && { provisional }),
        ...(isReminder(kind, name) && staleness(calendar, rule, at)),
      },
    ]
  })
}

const keyOf = (processId: string, name: string): string => `${processId} ${name}`
