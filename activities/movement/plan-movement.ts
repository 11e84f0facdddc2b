import type { Queryable } from '../../db/connection.ts'
import { listOtherSteps, listUnfinished, markOvertaken, noteSteps, type LockedMovement } from '../../db/movement-jobs.ts'
import { listAskedAssignments, listAskedSpaces } from '../../db/staff-duties.ts'
import type { Follows, StepsPlanned } from '../../machines/movement-events.ts'
import { schoolCalendar } from '../school-calendar.ts'
import { planClosings, planVoided } from './plan-follows.ts'
import { planSteps } from './plan-steps.ts'

export type Plan = { type: 'STEPS_PLANNED' } & StepsPlanned

/**
 * What is left to do after the register was changed, and who has to hear of it. Work that another movement has in hand
 * is left to it; what an earlier one of the same person left is taken over.
 */
export async function planMovement(tx: Queryable, movement: LockedMovement, people: readonly string[], of: StepsPlanned['of'], now: Date, more: Pick<Follows, 'begins' | 'notices' | 'kept' | 'stayed' | 'leaves'> = {}): Promise<Plan> {
  const earlier = of === 'check' ? [] : await listUnfinished(tx, movement)
  await markOvertaken(tx, earlier.map(({ id }) => id))
  const work = await planSteps(tx, movement, people)
  const elsewhere = new Set((await listOtherSteps(tx, movement.id, people)).map(({ id }) => id))
  const steps = work.steps.filter(({ id }) => !elsewhere.has(id))
  await noteSteps(tx, movement.id, steps.map(({ id, action, person, space }) => ({ id, action, person, space: space ?? null, state: 'open' })))
  const dueAt = await dueOf(tx, movement, now)
  const follows: Follows = {
    ...(await planClosings(tx, movement, people)),
    relieved: work.relieved,
    handedOver: work.handedOver,
    ...(of === 'reverse' && { kept: await listAskedAssignments(tx, movement.personId, movement.processId), stayed: await listAskedSpaces(tx, movement.processId) }),
    overtaken: earlier.map(({ processId }) => processId),
    voided: await planVoided(tx, movement, people),
    ...more,
  }
  const said = Object.fromEntries(Object.entries(follows).filter(([, list]) => list.length > 0))
  return { type: 'STEPS_PLANNED', of, ...(steps.length > 0 && { steps }), ...(dueAt !== undefined && { dueAt }), ...(Object.keys(said).length > 0 && { follows: said }) }
}

/** Leave and departure of staff are due at the end of the day itself (BR-17); begun later, by their rule. */
async function dueOf(tx: Queryable, { kind, effectiveOn }: LockedMovement, now: Date): Promise<string | undefined> {
  if (kind !== 'staffDeparture' && kind !== 'longLeave') return undefined
  const calendar = await schoolCalendar(tx)
  const today = calendar.localDate(now)
  const day = effectiveOn > today ? effectiveOn : today
  const end = calendar.at(day, calendar.dayKind(day) === 'shortened' ? '17:00' : '18:00')
  return end > now ? end.toISOString() : undefined
}
