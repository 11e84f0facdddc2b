import { initialTransition, transition, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate'
import type { AnyEvent, Effect } from '../../machines/effects.ts'
import type { ProcessContext, StateMeta } from '../../machines/process.ts'
import { now } from './sample-events.ts'

export const metaOf = (snapshot: AnyMachineSnapshot): StateMeta => Object.assign({}, ...Object.values(snapshot.getMeta() as Record<string, StateMeta>)) as StateMeta

/** What a transition asks of the host. Raised events are the machine's own business. */
export const effectsIn = (actions: unknown[]): Effect[] => (actions as Effect[]).filter(({ type }) => !type.startsWith('xstate.'))

const inTwoWeeks = new Date(Date.parse(now) + 14 * 24 * 60 * 60 * 1000).toISOString()

/** The snapshot with the deadlines its effects set, as the host would resolve them, all due in two weeks. */
function withDeadlines(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, effects: Effect[]): AnyMachineSnapshot {
  const context = snapshot.context as ProcessContext
  const deadlines = { ...context.deadlines }
  for (const effect of effects) {
    if (effect.type === 'setDeadline') deadlines[effect.params.name] = { at: 'at' in effect.params.rule ? effect.params.rule.at : inTwoWeeks, rule: effect.params.rule, from: now }
    if (effect.type === 'clearDeadline') delete deadlines[effect.params.name]
  }
  const live = metaOf(snapshot).deadlines ?? []
  const kept = Object.fromEntries(Object.entries(deadlines).filter(([name]) => live.includes(name)))
  return machine.resolveState({ value: snapshot.value as never, context: { ...context, deadlines: kept } as never })
}

/** A machine as it lives in a cohort: what it begins with and where an event leads, with what either asks for. */
export function hosted(machine: AnyStateMachine, input: Record<string, unknown>) {
  const settle = ([snapshot, actions]: [AnyMachineSnapshot, unknown[]]) => {
    const effects = effectsIn(actions)
    return { snapshot: withDeadlines(machine, snapshot, effects), effects }
  }
  /** Whether the event can come and is taken: a timer comes only while its deadline lives, nothing comes after the end. */
  const takes = (snapshot: AnyMachineSnapshot, event: AnyEvent) =>
    snapshot.status === 'active' && (!event.type.startsWith('TIMER_') || event.type in (snapshot.context as ProcessContext).deadlines) && snapshot.can(event)
  const begin = () => settle(initialTransition(machine, { orgId: 'org1', ...input }) as unknown as [AnyMachineSnapshot, unknown[]])
  const send = (snapshot: AnyMachineSnapshot, event: AnyEvent) => {
    const { [event.type]: _fired, ...deadlines } = (snapshot.context as ProcessContext).deadlines
    const before = machine.resolveState({ value: snapshot.value as never, context: { ...snapshot.context, deadlines } as never })
    return settle(transition(machine, before, event) as unknown as [AnyMachineSnapshot, unknown[]])
  }
  return { begin, takes, send }
}
