import type { AnyEvent } from '../machines/effects.ts'
import { definitionOf } from '../machines/catalogue.ts'
import { anchorOf, type Deadline, type Instant } from '../machines/rule.ts'
import { contextOf, type Instance } from './instance.ts'

/** Events of the host itself, the same for every machine (design.md, answer 10). */
const events = new Set(['MOVE_DEADLINE', 'STOP_DEADLINE', 'CALENDAR_CHANGED'])

/** A deadline counted again: where it was when it was counted, and what it is now. */
export interface Recounted extends Omit<Deadline, 'rule'> {
  was: Instant
}

/** Whether the event changes deadlines by hand, whatever the machine. */
export const isByHand = ({ type }: AnyEvent): boolean => events.has(type)

/** Why a deadline is not changed by hand: the name of what forbids it, or null. It must live and not be a fixed one. */
export function byHandRefusal(instance: Instance, event: AnyEvent): 'deadlineIsLive' | 'deadlineMovesByEvent' | null {
  if (event.type === 'CALENDAR_CHANGED') return null
  const name = String(event.name)
  if (!(name in contextOf(instance).deadlines)) return 'deadlineIsLive'
  if (definitionOf(instance.kind).fixedDeadlines?.includes(name)) return 'deadlineMovesByEvent'
  return null
}

/** Live deadlines of the instance that count from another of its own: where that one is moved by hand they follow. */
export function countedFrom(instance: Instance, name: string): string[] {
  const follows = ({ rule }: Deadline) => {
    const anchor = anchorOf(rule)
    return typeof anchor === 'object' && anchor.deadline === name && (anchor.of ?? instance.id) === instance.id
  }
  return Object.entries(contextOf(instance).deadlines).flatMap(([other, deadline]) => (follows(deadline) ? [other] : []))
}

/** The deadlines of the instance after such an event at `now`. Instants come with the event. */
export function byHand(instance: Instance, event: AnyEvent, now: Instant): Record<string, Deadline> {
  const { deadlines } = contextOf(instance)
  const name = String(event.name)
  if (event.type === 'STOP_DEADLINE') {
    const { [name]: _stopped, ...rest } = deadlines
    return rest
  }
  if (event.type === 'MOVE_DEADLINE') {
    const at = new Date(String(event.at)).toISOString()
    return { ...deadlines, [name]: { at, rule: { at }, from: now } }
  }
  const counted = { ...deadlines }
  for (const [found, { was, ...moment }] of Object.entries(event.deadlines as Record<string, Recounted>)) {
    const deadline = deadlines[found]
    // Set anew since it was counted: that was by the new calendar.
    if (deadline?.at === was) counted[found] = { rule: deadline.rule, ...moment }
  }
  return counted
}
