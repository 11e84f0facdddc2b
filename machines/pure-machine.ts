import type { AnyStateMachine } from 'xstate'

/**
 * The machine as XState's pure functions are quick with it. For every call of `transition` they make an actor, and for
 * the actor an initial snapshot that nobody looks at. A machine whose context is made from an input fails at that
 * without one, and the swallowed exception costs ten times the step (100 µs against 9, xstate 5.33). Asked without
 * input, this one answers with a snapshot made before.
 */
export function pureMachine<Machine extends AnyStateMachine>(machine: Machine): Machine {
  const unasked = machine.resolveState({ value: {}, context: {} as never })
  const getInitialSnapshot: Machine['getInitialSnapshot'] = (scope, input) => (input === undefined ? unasked : machine.getInitialSnapshot(scope, input as never))
  return Object.create(machine, { getInitialSnapshot: { value: getInitialSnapshot } }) as Machine
}
