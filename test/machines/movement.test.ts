import { expect, test } from 'vitest'
import { staffMovement } from '../../machines/movement.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { hosted } from './hosted-machine.ts'
import { hoursLater, now } from './sample-events.ts'

const { begin, takes, send } = hosted(staffMovement.machine, { movementId: 'x1', number: 'ДВ-2026-000001', kind: 'longLeave', personId: 'p7', effectiveOn: '2026-10-13', effectiveAt: hoursLater(24), details: { endsAt: hoursLater(48) } })
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

test('on the day after a leave somebody is asked whether the person is back; a leave goes on, or is over by its own movement', () => {
  const due = (snapshot: typeof atWork) => (snapshot.context as { deadlines: Record<string, { at: string }> }).deadlines.TIMER_LEAVE_ENDS?.at
  expect(due(atWork)).toBe(hoursLater(48))
  const done = [{ type: 'STEP_DONE', by: 'p8', step: 'rights:platformAdmin::p7', result: 'done' }, { type: 'STEP_DONE', by: 'p8', step: 'remove:s1:p7', result: 'done' }, { type: 'STEPS_PLANNED', of: 'check' }].reduce((snapshot, event) => send(snapshot, { ...event, now }).snapshot, atWork)
  expect([done.value, due(done)]).toEqual(['completed', hoursLater(48)])
  const asked = send(done, { type: 'TIMER_LEAVE_ENDS', now })
  expect(asked.effects).toMatchObject([{ type: 'openTask', params: { kind: 'T-LEAVE-ENDS', values: { person: 'p7' } } }])
  const extended = send(asked.snapshot, { type: 'LEAVE_EXTENDED', by: 'p1', until: hoursLater(96), now })
  expect(due(extended.snapshot)).toBe(hoursLater(96))
  expect(due(send(extended.snapshot, { type: 'LEAVE_ENDED', number: 'ДВ-2026-000002', now }).snapshot)).toBeUndefined()
})
