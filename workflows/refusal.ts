import { getNextTransitions, transition, type AnyMachineSnapshot } from 'xstate'
import { definitionOf } from '../machines/catalogue.ts'
import type { AnyEvent, Effect } from '../machines/effects.ts'
import { outcomeOfMail, type ProcessDefinition } from '../machines/process.ts'
import type { Instant } from '../machines/rule.ts'
import { byHandRefusal, isByHand } from './by-hand.ts'
import { stateOf, type Instance } from './instance.ts'
import type { EventResult } from './messages.ts'

/** Event types a person may send to the instance now; guards that look at the event are asked when it comes. */
export function allowedNow(instance: Instance): string[] {
  if (instance.ended) return []
  const { events } = definitionOf(instance.kind)
  const offered = getNextTransitions(instance.snapshot).filter(({ guard }) => guard !== outcomeOfMail)
  const types = new Set(offered.map(({ eventType }) => eventType))
  return [...types].filter((type) => events[type]?.from.some((source) => source === 'person') && mayCome(instance.snapshot, type)).sort()
}

/** False when the state alone forbids the event, whatever it says: then no guard gets as far as to look at it. */
function mayCome(snapshot: AnyMachineSnapshot, type: string): boolean {
  const look = (): never => {
    throw new Error('a guard looks at the event')
  }
  const unwritten = new Proxy({ type }, { has: look, get: (event, name) => (name === 'type' ? event.type : look()) })
  try {
    return snapshot.can(unwritten)
  } catch {
    return true
  }
}

interface NamedGuard {
  type: string
  params?: unknown
}

/** The named guards inside a guard: itself, or those that `and`, `or`, `not` are made of. */
function namesIn(guard: unknown): string[] {
  if (guard === undefined) return []
  if (typeof guard === 'string') return [guard]
  if (typeof guard === 'function') return ((guard as { guards?: unknown[] }).guards ?? []).flatMap(namesIn)
  return [(guard as NamedGuard).type]
}

/** Guards that keep the event from being taken although its type is known in this state. */
function failedGuards(definition: ProcessDefinition, snapshot: AnyMachineSnapshot, event: AnyEvent): string[] {
  const candidates = getNextTransitions(snapshot).filter((candidate) => candidate.eventType === event.type)
  const names = new Set(candidates.flatMap((candidate) => namesIn(candidate.guard)))
  const guards = definition.machine.implementations.guards as Record<string, (args: unknown, params: unknown) => boolean>
  return [...names].filter((name) => guards[name] && !guards[name]({ context: snapshot.context as unknown, event }, undefined))
}

/**
 * Why an instance will not take an event at an instant, or null when it will. Reads only: a validator may ask.
 * `owner` is the instance a task belongs to.
 */
export function refusal(instance: Instance | undefined, event: AnyEvent, now: Instant, owner?: Instance): Omit<Extract<EventResult, { accepted: false }>, 'id'> | null {
  if (!instance || instance.ended) {
    return { accepted: false, reason: 'notHere', state: instance ? stateOf(instance.snapshot) : null, allowed: [], guards: [] }
  }
  const definition = definitionOf(instance.kind)
  const refuse = (reason: 'illegal' | 'guard', guards: string[] = []) =>
    ({ accepted: false, reason, state: stateOf(instance.snapshot), allowed: allowedNow(instance), guards }) as const
  if (isByHand(event)) {
    const forbidden = byHandRefusal(instance, event)
    return forbidden && refuse('guard', [forbidden])
  }
  const dated = { ...event, now }
  if (!instance.snapshot.can(dated)) {
    const guards = failedGuards(definition, instance.snapshot, dated)
    return guards.length > 0 ? refuse('guard', guards) : refuse('illegal')
  }
  // A task is completed only if its owner takes what that means: otherwise the person would be told a thing is done that is not.
  if (instance.kind === 'humanTask' && (event.type === 'COMPLETE' || event.type === 'FAIL') && owner) {
    const meant = ownerEventOf(instance, event)
    const inner = meant && refusal(owner, meant, now)
    if (inner) return { ...inner, allowed: allowedNow(instance) }
  }
  return null
}

/** What completing or failing a task says to its owner. */
function ownerEventOf(task: Instance, event: AnyEvent): AnyEvent | null {
  const [, actions] = transition(definitionOf('humanTask').machine, task.snapshot, event)
  const said = (actions as unknown as Effect[]).find((effect) => effect.type === 'tell')
  return said?.type === 'tell' ? said.params.event : null
}
