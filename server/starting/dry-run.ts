import type { CohortInput } from '../../workflows/messages.ts'
import { stepCohort } from '../../workflows/step.ts'
import { refusalOf } from '../refusals.ts'

/** Takes the first step without effect: what a machine would refuse is refused now, not noted and forgotten later. */
export function refuseIllegalStart({ orgId, start, events }: CohortInput): void {
  const spawns = start.map((spawn) => ({ id: `start:${spawn.id}`, to: spawn.id, event: { type: 'SPAWN', ...spawn }, actor: { kind: 'process' } as const }))
  const { results } = stepCohort(orgId, new Map(), [...spawns, ...events], new Date().toISOString())
  for (const result of results) {
    const event = events.find(({ id }) => id === result.id)
    const kind = start.find(({ id }) => id === event?.to)?.kind
    if (event && kind && !result.accepted) throw refusalOf(result, kind, event.event.type)
  }
}
