import { describe, expect, test } from 'vitest'
import type { AnyEvent } from '../../machines/effects.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration-rules.ts'
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

const person = { kind: 'person', personId: 'p2' } as const
const told = (type: string, letterId: string): AnyEvent => ({ type, letterId })

test('a letter of unknown outcome that a person says did arrive is settled with the same step', () => {
  const { applied, say, mail, cohort, context } = registration()
  const letterId = applied()
  expect(mail(told('LETTER_UNKNOWN', letterId))).toEqual(taken('deliveryProblem'))
  expect(say({ type: 'LETTER_ACCEPTED' })).toEqual([taken('awaitingReply')])
  expect(cohort.last!.outcome.settleLetters).toEqual([{ letterId, decision: 'arrived', by: 'p1' }])
  expect(context().trouble).toBeNull()
})

test('a letter of unknown outcome goes out again as the same letter; a new one is not written (P4)', () => {
  const { applied, say, mail, cohort, letters } = registration()
  const letterId = applied()
  for (let round = 0; round < 2; round += 1) {
    mail(told('LETTER_UNKNOWN', letterId))
    expect(say({ type: 'FIX', facts: inOrder })).toEqual([taken('sending')])
    expect(cohort.last!.outcome.settleLetters).toEqual([{ letterId, decision: 'sendAgain', by: 'p1' }])
  }
  expect(letters()).toEqual(['L-REG-APPLY'])
  expect(mail(told('LETTER_ACCEPTED', letterId))).toEqual(taken('awaitingReply'))
})

test('what may have arrived already is not changed, and does not go out again when it may not', () => {
  const { applied, say, mail } = registration()
  mail(told('LETTER_UNKNOWN', applied()))
  expect(say(submit('p3'), attach('o2'))).toEqual([refusedBy('outcomeKnown'), refusedBy('outcomeKnown')])
  expect(say({ type: 'FIX', facts: wrongs[1]![1] })).toEqual([refusedBy('adminIsTeachingStaff')])
})

test.each([
  ['failed', (letterId: string) => [told('LETTER_FAILED', letterId)]],
  ['came back', (letterId: string) => [told('LETTER_ACCEPTED', letterId), told('LETTER_BOUNCED', letterId)]],
  ['came back out of doubt', (letterId: string) => [told('LETTER_UNKNOWN', letterId), told('LETTER_BOUNCED', letterId)]],
  ['was sent again from its card and failed', (letterId: string) => [told('LETTER_UNKNOWN', letterId), told('LETTER_FAILED', letterId)]],
])('of a letter that %s nobody says that it arrived; a new one is written', (_what, news) => {
  const { applied, say, mail, state, cohort, letters } = registration()
  for (const event of news(applied())) mail(event)
  expect(state()).toBe('deliveryProblem')
  expect(say({ type: 'LETTER_ACCEPTED' })).toEqual([refusedBy('letterInDoubt')])
  expect(say({ type: 'FIX', facts: inOrder })).toEqual([taken('sending')])
  expect(cohort.last!.outcome.settleLetters).toEqual([])
  expect(letters()).toEqual(['L-REG-APPLY', 'L-REG-APPLY'])
})

test('a letter that came back while it was to go out again is a problem again', () => {
  const { applied, say, mail } = registration()
  const letterId = applied()
  mail(told('LETTER_UNKNOWN', letterId))
  say({ type: 'FIX', facts: inOrder })
  expect(mail(told('LETTER_BOUNCED', letterId))).toEqual(taken('deliveryProblem'))
})

test('another letter that comes back from before does not stop the one that is on its way', () => {
  const { applied, say, mail, state } = registration()
  const letterId = applied()
  mail(told('LETTER_ACCEPTED', letterId))
  say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08' }, { type: 'CONFIRM_SEND', text: 'Уточняем', facts: inOrder })
  expect(mail(told('LETTER_BOUNCED', letterId))).toEqual(refusedBy('troubledLetter'))
  expect(state()).toBe('sending')
})

test('another letter that arrives late does not end the trouble of the application', () => {
  const { applied, say, mail, state } = registration()
  const letterId = applied()
  mail(told('LETTER_ACCEPTED', letterId))
  say({ type: 'WRITE_AGAIN' })
  mail(told('LETTER_BOUNCED', letterId))
  expect(mail(told('LETTER_ACCEPTED', 'letter.followUp'))).toMatchObject({ accepted: false })
  expect(state()).toBe('deliveryProblem')
})

test('an answer proves that the application arrived', () => {
  const { applied, say, mail, cohort } = registration()
  const letterId = applied()
  mail(told('LETTER_UNKNOWN', letterId))
  expect(say({ type: 'REPLY_APPROVED', receivedOn: '2026-09-08' })).toEqual([taken('adminSignIn')])
  expect(cohort.last!.outcome.settleLetters).toEqual([{ letterId, decision: 'arrived', by: 'p1' }])
})

test('a clarification of unknown outcome goes out again as it is; one that failed is written again', () => {
  const { applied, say, mail, cohort, letters, lastLetter } = registration()
  mail(told('LETTER_ACCEPTED', applied()))
  say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08' }, { type: 'CONFIRM_SEND', text: 'Уточняем', facts: wrongs[0]![1] })
  const { id: letterId } = lastLetter()
  mail(told('LETTER_UNKNOWN', letterId))
  // Whatever became of the application's data: it is at the platform.
  expect(say({ type: 'FIX', facts: wrongs[0]![1] })).toEqual([taken('sending')])
  expect(cohort.last!.outcome.settleLetters).toEqual([{ letterId, decision: 'sendAgain', by: 'p1' }])
  mail(told('LETTER_FAILED', letterId))
  expect(say({ type: 'FIX', facts: wrongs[0]![1] })).toEqual([taken('clarification')])
  expect(say(submit('p3'))).toEqual([expect.objectContaining({ accepted: false, reason: 'illegal' })])
  expect(letters().filter((code) => code.startsWith('L-REG-A') || code === 'L-REG-CLARIFY')).toEqual(['L-REG-APPLY', 'L-REG-CLARIFY'])
})

test.each(['CONFIRM_SEND', 'WRITE_AGAIN'])('a reminder of unknown outcome goes out again as it is (%s); after one that failed there is a new one', (type) => {
  const { applied, say, mail, cohort, tasks, lastLetter, letters } = registration()
  mail(told('LETTER_ACCEPTED', applied()))
  say({ type: 'WRITE_AGAIN' })
  const { id: letterId } = lastLetter()
  mail(told('LETTER_UNKNOWN', letterId))
  expect(tasks()).toEqual(['T-REG-SEND'])
  say({ type, facts: inOrder })
  expect(cohort.last!.outcome.settleLetters).toEqual([{ letterId, decision: 'sendAgain', by: 'p1' }])
  mail(told('LETTER_FAILED', letterId))
  say({ type, facts: inOrder })
  expect(cohort.last!.outcome.settleLetters).toEqual([])
  expect(letters()).toEqual(['L-REG-APPLY', 'L-REG-FOLLOWUP', 'L-REG-FOLLOWUP'])
})

test('a reminder that arrived by the word on its card leaves nothing to do', () => {
  const { applied, say, mail, cohort, tasks, lastLetter } = registration()
  mail(told('LETTER_ACCEPTED', applied()))
  say({ type: 'WRITE_AGAIN' })
  const { id: letterId } = lastLetter()
  mail(told('LETTER_UNKNOWN', letterId))
  expect(cohort.send([{ to: id, event: told('LETTER_ACCEPTED', 'letter.other'), actor: person }])[0]).toMatchObject({ accepted: false })
  expect(cohort.send([{ to: id, event: told('LETTER_ACCEPTED', letterId), actor: person }])[0]).toEqual(taken('awaitingReply'))
  expect(tasks()).toEqual([])
})

describe('an answer that nobody has read yet', () => {
  const waits = () => {
    const found = registration()
    found.mail(told('LETTER_ACCEPTED', found.applied()))
    return found
  }
  const day = 24
  const reminders = (codes: string[]) => codes.filter((code) => code === 'L-REG-FOLLOWUP').length
  const toHead = (codes: string[]) => codes.filter((code) => code === 'L-REG-STATUS').length

  test.each([
    ['came by mail', ({ mail }: ReturnType<typeof registration>) => mail({ type: 'REPLY_RECEIVED', messageId: 'msg_1' })],
    ['was found in the mailbox', ({ say }: ReturnType<typeof registration>) => say({ type: 'REPLY_FOUND' })],
  ])('%s: nobody is reminded and the head not told of silence, until it turns out to be no answer', (_how, comes) => {
    const found = waits()
    const { cohort, tasks, letters, say } = found
    cohort.pass(6 * day)
    comes(found)
    cohort.pass(day)
    expect(tasks()).toContain('T-REG-REPLY')
    for (let later = 0; later < 4; later += 1) cohort.pass(day)
    expect([reminders(letters()), toHead(letters())]).toEqual([0, 0])
    expect(tasks()).not.toContain('T-REG-ESCALATE')

    say({ type: 'REPLY_IGNORED', receivedOn: '2026-09-08' })
    cohort.pass(day)
    expect([reminders(letters()), toHead(letters())]).toEqual([1, 1])
    expect(tasks()).toContain('T-REG-ESCALATE')
  })

  test('takes back a reminder that has not gone out; one that goes out again goes, and somebody hears what became of it', () => {
    const { say, mail, cohort, lastLetter, context } = waits()
    const takenBack = (messageId: string) => {
      mail({ type: 'REPLY_RECEIVED', messageId })
      return cohort.last!.outcome.cancelLetters
    }
    say({ type: 'WRITE_AGAIN' })
    const { id: letterId } = lastLetter()
    expect(takenBack('msg_1')).toEqual([{ processId: id, code: 'L-REG-FOLLOWUP' }])
    mail(told('LETTER_UNKNOWN', letterId))
    say({ type: 'CONFIRM_SEND', facts: inOrder })
    expect(takenBack('msg_2')).toEqual([])
    mail(told('LETTER_ACCEPTED', letterId))
    expect(context().trouble).toBeNull()
  })

  test('that comes while a clarification waits to go out is kept until it is read, and may make the clarification needless', () => {
    const { say, mail, cohort, tasks, lastLetter, state } = waits()
    say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08' }, { type: 'CONFIRM_SEND', text: 'Уточняем' })
    const clarification = lastLetter().id
    expect(mail({ type: 'REPLY_RECEIVED', messageId: 'msg_2' })).toEqual(taken('sending'))
    expect(tasks()).toEqual(['T-REG-REPLY'])
    mail(told('LETTER_ACCEPTED', clarification))
    expect(tasks()).toEqual(['T-REG-REPLY'])

    say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08' }, { type: 'CONFIRM_SEND', text: 'Уточняем ещё раз' })
    expect(say({ type: 'REPLY_APPROVED', receivedOn: '2026-09-08' })).toEqual([taken('adminSignIn')])
    expect(cohort.last!.outcome.cancelLetters).toContainEqual({ processId: id, code: 'L-REG-CLARIFY' })
    expect(cohort.last!.outcome.letters).toMatchObject([{ code: 'L-REG-STATUS', values: { state: 'adminSignIn' } }])
    expect(state()).toBe('adminSignIn')
  })
})

describe('rights that are missing', () => {
  function withoutRights() {
    const found = registration()
    found.mail(told('LETTER_ACCEPTED', found.applied()))
    found.say({ type: 'REPLY_APPROVED', receivedOn: '2026-09-08' }, { type: 'ADMIN_RIGHTS_MISSING' })
    return found
  }
  const write = { type: 'CONFIRM_SEND', text: 'Права не появились', facts: inOrder }

  test('somebody is asked to write to the platform at once', () => {
    const { state, tasks, say, letters } = withoutRights()
    expect(state()).toBe('rightsMissing')
    expect(tasks()).toEqual(['T-REG-SEND'])
    say(write)
    expect(tasks()).toEqual([])
    expect(letters().at(-1)).toBe('L-REG-CLARIFY')
  })

  test.each(['LETTER_FAILED', 'LETTER_BOUNCED'])('a letter that did not arrive (%s) is a person’s to decide, and is written again', (type) => {
    const { say, mail, tasks, lastLetter, cohort } = withoutRights()
    say(write)
    expect(mail(told(type, lastLetter().id))).toEqual(taken('rightsMissing'))
    expect(tasks()).toEqual(['T-REG-FIX'])
    expect(say({ type: 'LETTER_ACCEPTED' })[0]).toMatchObject({ accepted: false, reason: 'guard' })
    say({ type: 'FIX', facts: inOrder })
    expect(cohort.last!.outcome.settleLetters).toEqual([])
    expect(tasks()).toEqual(['T-REG-SEND'])
  })

  test('one of unknown outcome goes out again as it is, or counts as arrived', () => {
    const { say, mail, tasks, lastLetter, cohort, letters } = withoutRights()
    say(write)
    const { id: letterId } = lastLetter()
    for (const [event, decision] of [[{ type: 'FIX', facts: inOrder }, 'sendAgain'], [{ type: 'LETTER_ACCEPTED' }, 'arrived']] as const) {
      mail(told('LETTER_UNKNOWN', letterId))
      expect(tasks()).toEqual(['T-REG-FIX'])
      say(event)
      expect(cohort.last!.outcome.settleLetters).toEqual([{ letterId, decision, by: 'p1' }])
      expect(tasks()).toEqual([])
    }
    expect(letters().filter((code) => code === 'L-REG-CLARIFY')).toHaveLength(1)
    expect(say({ type: 'FIX', facts: inOrder })).toEqual([refusedBy('letterInTrouble')])
  })

  test('the mail is looked through again every three working days', () => {
    const { cohort, say, tasks, state } = withoutRights()
    say(write)
    for (let round = 0; round < 2; round += 1) {
      cohort.pass(3 * 24)
      expect(tasks()).toEqual(['T-REG-CHECK'])
      say({ type: 'REPLY_NOT_FOUND' })
    }
    expect(state()).toBe('rightsMissing')
  })
})

test('the question of the platform is kept for the one who answers it, from the task or in words', () => {
  const { applied, say, mail, context, cohort } = registration()
  mail(told('LETTER_ACCEPTED', applied()))
  mail({ type: 'REPLY_RECEIVED', messageId: 'msg_1' })
  const reply = cohort.alive('humanTask').find(({ id: task }) => task.includes('T-REG-REPLY'))!
  cohort.send([{ to: reply.id, event: { type: 'COMPLETE', evidence: { outcome: 'clarify', receivedOn: '2026-09-08' } } }])
  expect(context().question).toEqual({ messageId: 'msg_1', text: null })
  say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08', text: 'Спросили по телефону' })
  expect(context().question).toEqual({ messageId: null, text: 'Спросили по телефону' })
  say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08' })
  expect(context().question).toEqual({ messageId: null, text: 'Спросили по телефону' })
})

test('where rights are missing the next question asks for another letter, and an earlier one is forgotten', () => {
  const { applied, say, mail, context, tasks } = registration()
  mail(told('LETTER_ACCEPTED', applied()))
  say({ type: 'REPLY_CLARIFY', receivedOn: '2026-09-08', text: 'Какой ИНН?' }, { type: 'REPLY_APPROVED', receivedOn: '2026-09-08' }, { type: 'ADMIN_RIGHTS_MISSING' })
  expect(context().question).toBeNull()
  say({ type: 'CONFIRM_SEND', text: 'Прав нет', facts: inOrder }, { type: 'REPLY_CLARIFY', receivedOn: '2026-09-08', messageId: 'msg_2' })
  expect(context().question).toEqual({ messageId: 'msg_2', text: null })
  expect(tasks()).toEqual(['T-REG-SEND'])
})

/** The ways to every state in which the application is with the platform, or may be. */
const ways: Record<string, (letterId: string) => [from: 'mail' | 'person', event: AnyEvent][]> = {
  sending: () => [],
  deliveryProblem: (letterId) => [['mail', told('LETTER_FAILED', letterId)]],
  awaitingReply: (letterId) => [['mail', told('LETTER_ACCEPTED', letterId)]],
  clarification: (letterId) => [...ways.awaitingReply!(letterId), ['person', { type: 'REPLY_CLARIFY', receivedOn: '2026-09-08' }]],
  adminSignIn: (letterId) => [...ways.awaitingReply!(letterId), ['person', { type: 'REPLY_APPROVED', receivedOn: '2026-09-08' }]],
  rightsMissing: (letterId) => [...ways.adminSignIn!(letterId), ['person', { type: 'ADMIN_RIGHTS_MISSING' }]],
  profileSetup: (letterId) => [...ways.adminSignIn!(letterId), ['person', { type: 'ADMIN_RIGHTS_CONFIRMED' }]],
  staffRoomSetup: (letterId) => [...ways.profileSetup!(letterId), ['person', { type: 'PROFILE_FILLED' }]],
}

function registrationIn(state: string) {
  const found = registration()
  for (const [from, event] of ways[state]!(found.applied())) if (from === 'mail') found.mail(event)
  else found.say(event)
  return found
}

describe('a registration that is given up', () => {
  const cancel: AnyEvent = { type: 'CANCEL', reason: 'Передумали' }
  const early: Record<string, () => ReturnType<typeof registration>> = {
    draft: () => registration(),
    awaitingOrder: () => sayFirst(registration(), submit()),
    readyToSend: () => sayFirst(registration({ confirmBeforeSending: true }), submit(), attach()),
    ...Object.fromEntries(['sending', 'deliveryProblem', 'awaitingReply', 'clarification'].map((state) => [state, () => registrationIn(state)])),
    rejected: () => sayFirst(registrationIn('awaitingReply'), { type: 'REPLY_REJECTED', receivedOn: '2026-09-08' }),
  }
  const sayFirst = (found: ReturnType<typeof registration>, ...events: AnyEvent[]) => {
    found.say(...events)
    return found
  }

  test.each(Object.keys(early))('%s: ends, and nothing of it is left to do', (state) => {
    const { say, tasks, cohort, context, state: now } = early[state]!()
    expect(now()).toBe(state)
    expect(say(cancel)).toEqual([taken('cancelled')])
    expect([tasks(), context().deadlines]).toEqual([[], {}])
    expect(cohort.instances.get(id)!.ended).toBe(true)
  })

  test.each(['adminSignIn', 'rightsMissing', 'profileSetup', 'staffRoomSetup'])('%s: is refused, the platform has registered the school; what is possible is named', (state) => {
    const { say, tasks, state: now } = registrationIn(state)
    const before = tasks()
    const [refused] = say(cancel)
    expect(refused).toMatchObject({ accepted: false, reason: 'illegal', state })
    expect(refused).toMatchObject({ allowed: expect.not.arrayContaining(['CANCEL']) })
    expect([now(), tasks()]).toEqual([state, before])
  })
})

describe('an order cancelled after the letter went out (edge case 3)', () => {
  const gone: AnyEvent = { type: 'ORDER_INVALIDATED', orderId: 'o1' }
  test.each(Object.keys(ways))('%s: the process goes on, a task says that a new order and a letter are needed, and takes the order', (state) => {
    const { say, tasks, context } = registrationIn(state)
    if (state !== 'deliveryProblem') expect(say(attach('o2'))).toEqual([refusedBy('orderIsMissing')])
    expect(say(gone)).toEqual([taken(state)])
    expect(tasks()).toContain('T-REG-REORDER')
    expect(say(gone)).toEqual([refusedBy('orderIsOurs')])
    expect(say(attach('o2'))).toEqual([taken(state)])
    expect(context().orderId).toBe('o2')
    expect(tasks()).not.toContain('T-REG-REORDER')
  })

  test('the task stays while the process goes on without another order', () => {
    const { applied, say, mail, tasks } = registration()
    mail(told('LETTER_ACCEPTED', applied()))
    say(gone, { type: 'REPLY_APPROVED', receivedOn: '2026-09-08' }, { type: 'ADMIN_RIGHTS_CONFIRMED' })
    expect(tasks()).toEqual(['T-REG-PROFILE', 'T-REG-REORDER'])
  })
})

test('an administrator who does not sign in for five working days: the head hears that, not once more of the approval', () => {
  const { applied, say, mail, cohort, lastLetter } = registration()
  mail(told('LETTER_ACCEPTED', applied()))
  say({ type: 'REPLY_APPROVED', receivedOn: '2026-09-08' })
  expect(lastLetter()).toMatchObject({ code: 'L-REG-STATUS', values: { state: 'adminSignIn' } })
  const approved = lastLetter().values
  cohort.pass(5 * 24)
  const escalated = cohort.letters.findLast(({ code }) => code === 'L-REG-STATUS')!
  expect(escalated).toMatchObject({ to: { role: 'head' }, values: { state: 'adminSignIn', reason: 'notSignedIn' } })
  expect(approved).not.toHaveProperty('reason')
})
