import assert from 'node:assert/strict'
import type { ProcessContext } from '../../machines/process.ts'
import { liveIn, stateOf, type Instance } from '../../workflows/instance.ts'
import { stepCohort } from '../../workflows/step.ts'
import type { SimulatedCohort } from './simulated-cohort.ts'

export const contextOf = <Context>({ snapshot }: Instance) => snapshot.context as unknown as Context

// Asserted by the million: vitest's own `expect` would take half of the time.

/** Rules of the host that hold for every machine after every step. */
export function checkStep(cohort: SimulatedCohort): void {
  for (const instance of cohort.last?.outcome.changed ?? []) {
    const now = cohort.instances.get(instance.id)!
    const live = now.ended ? { deadlines: new Set<string>(), tasks: new Set<string>() } : liveIn(now.snapshot)
    for (const name of Object.keys(contextOf<ProcessContext>(now).deadlines)) assert.ok(live.deadlines.has(name), `${now.id} in ${stateOf(now.snapshot)}`)
    if (now.kind !== 'humanTask') for (const task of cohort.tasksOf(now.id)) assert.ok(live.tasks.has(task.kind), `${now.id} in ${stateOf(now.snapshot)}`)
  }
}

/** BR-30: the same step from the same cohort is the same, however often it is taken. */
export function checkRepeat({ last }: SimulatedCohort): void {
  if (last) assert.deepEqual(stepCohort('org1', last.before, last.inputs, last.at).timeline, last.outcome.timeline)
}
