import { expect, test } from 'vitest'
import type { AnyEvent } from '../../machines/effects.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration.ts'
import type { SendingFacts } from '../../machines/organization-registration-events.ts'
import { applicationInOrder } from '../support/sample-application.ts'
import { SimulatedCohort } from './simulated-cohort.ts'

const id = 'orgRegistration:org1'
const inOrder = applicationInOrder
const { application, order } = inOrder

/** Everything that can be wrong with what goes out, with the guard that says so. */
const wrongs: [guard: string, facts: SendingFacts][] = [
  ['applicationComplete', { application: { ...application, complete: false }, order }],
  ['adminIsTeachingStaff', { application: { ...application, adminIsTeachingStaff: false }, order }],
  ['adminPhoneIsMobile', { application: { ...application, adminPhoneIsMobile: false }, order }],
  ['orderIsMain', { application, order: { ...order, kind: 'staff' } }],
  ['orderIsRegistered', { application, order: { ...order, registered: false } }],
  ['orderHasFile', { application, order: { ...order, hasFile: false } }],
  ['orderIsInForce', { application, order: { ...order, inForce: false } }],
]

const submit = (administratorId = 'p2', facts = inOrder): AnyEvent => ({ type: 'SUBMIT_DATA', administratorId, facts })
const attach = (orderId = 'o1', facts = inOrder): AnyEvent => ({ type: 'ORDER_ATTACHED', orderId, facts })

/** A registration as its letters, its mail and its people meet it. */
function registration({ confirmBeforeSending = false } = {}) {
  const cohort = new SimulatedCohort()
  cohort.spawn(id, 'organizationRegistration', { number: 'СФ-2026-000001', confirmBeforeSending })
  const say = (...events: AnyEvent[]) => events.map((event) => cohort.send([{ to: id, event }])[0]!)
  return {
    cohort,
    say,
    mail: (event: AnyEvent) => cohort.send([{ to: id, event, actor: { kind: 'mail' } }])[0]!,
    state: () => cohort.stateOf(id),
    context: () => cohort.instances.get(id)!.snapshot.context as unknown as OrganizationRegistrationContext,
    tasks: () => cohort.tasksOf(id).map(({ kind }) => kind).sort(),
    letters: () => cohort.letters.map(({ code }) => code),
    lastLetter: () => cohort.letters.at(-1)!,
    /** As far as the letter of the application. */
    applied() {
      say(submit(), attach(), ...(confirmBeforeSending ? [{ type: 'CONFIRM_SEND', facts: inOrder }] : []))
      return cohort.letters.at(-1)!.id
    },
  }
}

const refusedBy = (guard: string) => expect.objectContaining({ accepted: false, reason: 'guard', guards: [guard] })
const taken = (state: string) => expect.objectContaining({ accepted: true, state })

test.each(wrongs)('an application that a person confirms is looked at again: %s', (guard, facts) => {
  const { say, letters } = registration({ confirmBeforeSending: true })
  expect(say(submit(), attach(), { type: 'CONFIRM_SEND', facts })).toEqual([taken('awaitingOrder'), taken('readyToSend'), refusedBy(guard)])
  expect(letters()).toEqual([])
})

test.each(wrongs)('an application that did not arrive is looked at before it goes out again: %s', (guard, facts) => {
  const { applied, say, mail, letters, tasks } = registration()
  mail({ type: 'LETTER_FAILED', letterId: applied() })
  expect(say({ type: 'FIX', facts })).toEqual([refusedBy(guard)])
  expect(letters()).toEqual(['L-REG-APPLY'])
  expect(tasks()).toEqual(['T-REG-FIX'])
})

test('what is not in order any more is put right where the application waits', () => {
  const { say, context, state } = registration({ confirmBeforeSending: true })
  say(submit(), attach())
  expect(say(submit('p3'), attach('o2'))).toEqual([taken('readyToSend'), taken('readyToSend')])
  expect(context()).toMatchObject({ administratorId: 'p3', orderId: 'o2' })
  expect(say(attach('o3', { application, order: { ...order, registered: false } }))).toEqual([refusedBy('orderIsRegistered')])
  say({ type: 'CONFIRM_SEND', facts: inOrder })
  expect(state()).toBe('sending')
})

test('the same after a letter that did not arrive; the new letter is about the new ones', () => {
  const { applied, say, mail, context, letters } = registration()
  mail({ type: 'LETTER_FAILED', letterId: applied() })
  expect(say(submit('p3'), attach('o2'), { type: 'FIX', facts: inOrder })).toEqual([taken('deliveryProblem'), taken('deliveryProblem'), taken('sending')])
  expect(context()).toMatchObject({ administratorId: 'p3', orderId: 'o2' })
  expect(letters()).toEqual(['L-REG-APPLY', 'L-REG-APPLY'])
})

test('an administrator who left while the order was awaited: nothing goes out by itself, somebody is told, another one sends it', () => {
  const { say, letters, tasks, state } = registration()
  say(submit())
  expect(say(attach('o1', { application: { ...application, adminIsTeachingStaff: false }, order }))).toEqual([taken('readyToSend')])
  expect(letters()).toEqual([])
  expect(tasks()).toEqual(['T-REG-SEND'])
  expect(say(submit('p3'))).toEqual([taken('sending')])
  expect(letters()).toEqual(['L-REG-APPLY'])
  expect(tasks()).toEqual([])
  expect(state()).toBe('sending')
})

test('an application that is in order goes out by itself, without a task', () => {
  const { applied, cohort, state } = registration()
  applied()
  expect(state()).toBe('sending')
  expect(cohort.all('humanTask').map(({ id: task }) => task)).toEqual([expect.stringContaining('T-REG-ORDER')])
})
