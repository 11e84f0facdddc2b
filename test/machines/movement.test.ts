import { expect, test } from 'vitest'
import { staffMovement } from '../../machines/movement.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { hosted } from './hosted-machine.ts'
import { hoursLater, now } from './sample-events.ts'

const { begin, takes, send } = hosted(staffMovement.machine, { movementId: 'x1', number: 'ДВ-2026-000001', kind: 'longLeave', personId: 'p7', effectiveOn: '2026-10-13', effectiveAt: hoursLater(24) })
const order = { kind: 'staff', registered: true, inForce: true, administratorRemains: true }
const steps = [{ id: 'rights:platformAdmin::p7', action: 'rights', person: 'p7' }, { id: 'remove:s1:p7', action: 'remove', person: 'p7', space: 's1' }]
const atWork = [
  { type: 'SUBMIT', by: 'p1' }, { type: 'ORDER_ATTACHED', by: 'p1', orderId: 'o1', facts: order }, { type: 'TIMER_EFFECTIVE' }, { type: 'STEPS_PLANNED', of: 'begin', steps },
].reduce((snapshot, event: AnyEvent) => send(snapshot, { ...event, now }).snapshot, begin().snapshot)

test('nobody says that the own rights are gone, by the task or past it; of other steps anybody may (four eyes, domain.md 4)', () => {
  const said = (by: string, step: string) => [{ type: 'STEP_DONE', by, step, result: 'done' }, { type: 'STEP_FAILED', by, step, reason: 'noAccess' }, { type: 'STEPS_REPORTED', by, results: [{ step, result: 'done' }] }]
  expect(said('p7', 'rights:platformAdmin::p7').map((event) => takes(atWork, event))).toEqual([false, false, false])
  expect(said('p8', 'rights:platformAdmin::p7').map((event) => takes(atWork, event))).toEqual([true, true, true])
  const later = send(atWork, { type: 'STEP_DONE', by: 'p8', step: 'rights:platformAdmin::p7', result: 'done', now }).snapshot
  expect(takes(later, { type: 'STEP_DONE', by: 'p7', step: 'remove:s1:p7', result: 'done' })).toBe(true)
})
