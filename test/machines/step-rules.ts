import { expect } from 'vitest'
import type { ProcessContext } from '../../machines/process.ts'
import { liveIn, stateOf, type Instance } from '../../workflows/instance.ts'
import { stepCohort } from '../../workflows/step.ts'
import type { SimulatedCohort } from './simulated-cohort.ts'

export const contextOf = <Context>({ snapshot }: Instance) => snapshot.context as unknown as Context

/** Rules of the host that hold for every machine after every step. */
export function checkStep(cohort: SimulatedCohort): void {
  for (const instance of cohort.last?.outcome.changed ?? []) {
    const now = cohort.instances.get(instance.id)!
    const live = now.ended ? { deadlines: new Set<string>(), tasks: new Set<string>() } : liveIn(now.snapshot)
    for (const name of Object.keys(contextOf<ProcessContext>(now).deadlines)) expect(live.deadlines, `${now.id} in ${stateOf(now.snapshot)}`).toContain(name)
    if (now.kind !== 'humanTask') for (const task of cohort.tasksOf(now.id)) expect(live.tasks, `${now.id} in ${stateOf(now.snapshot)}`).toContain(task.kind)
  }
}

/** BR-30: the same step from the same cohort is the same, however often it is taken. */
export function checkRepeat({ last }: SimulatedCohort): void {
  if (last) expect(stepCohort('org1', last.before, last.inputs, last.at).timeline).toEqual(last.outcome.timeline)
}
