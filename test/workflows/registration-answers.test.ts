import { describe, expect, test } from 'vitest'
import { workCalendar } from '../../school/calendar/work-calendar.ts'
import { deliveryReport, plainMessage } from '../support/messages.ts'
import { registrationInSkippedTime } from '../support/registration-in-skipped-time.ts'
import { patience } from '../support/school-in-skipped-time.ts'

const school = await registrationInSkippedTime()
const calendar = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5 })
const { apply, arrives, becomes, begin, complete, deadlinesOf, lettersBecome, momentOf, passTo, smtp, stateOf, tasksOf, tell, toPlatform } = school
const received = { receivedOn: '2026-12-01' }
const day = 24 * 60 * 60 * 1000

/** Deadlines so many working days after an event of the registration. */
async function workingDaysAfter(id: string, event: string, wanted: Record<string, number>): Promise<Record<string, Date>> {
  const moment = (await momentOf(id, event))!
  return Object.fromEntries(Object.entries(wanted).map(([name, days]) => [name, calendar.addWorkingDays(moment, days).at]))
}
const ladder = { TIMER_FOLLOW_UP_1: 3, TIMER_FOLLOW_UP_2: 7, TIMER_ESCALATE: 10 }
/** Cancels what may be cancelled; nothing of it is left to do. */
async function cancel(id: string): Promise<void> {
  expect(await tell(id, { type: 'CANCEL', reason: 'Передумали' })).toMatchObject({ accepted: true, state: 'cancelled' })
  expect([await tasksOf(id), await deadlinesOf(id)]).toEqual([[], {}])
}
const ends = (id: string) => expect.poll(() => school.endOf(id), patience).toEqual({ ended: true, cohort: 'ended' })

/** Not before the next morning does anything leave that is not urgent (domain.md 12). */
const quietHours = (on: boolean) => school.rows(`update organizations set settings = settings || jsonb_build_object('quietHours', $1::boolean)`, [on])

/** A registration nobody answered: its follow-up is due at an hour at which no letter leaves, and waits in the outbox. */
async function followUpWaits(): Promise<string> {
  const id = await apply()
  await quietHours(true)
  const night = calendar.at(calendar.localDate((await deadlinesOf(id)).TIMER_FOLLOW_UP_2!), '21:00')
  expect(await tell(id, { type: 'MOVE_DEADLINE', name: 'TIMER_FOLLOW_UP_2', at: night.toISOString(), reason: 'вечером' })).toMatchObject({ accepted: true })
  await passTo(night)
  await lettersBecome(id, 'L-REG-FOLLOWUP', ['queued'])
  return id
}

/** A follow-up that was taken back stays so when the morning comes. */
async function neverGoesOut(id: string): Promise<void> {
  const sent = (await toPlatform()).length
  await passTo(calendar.nextLetterMoment(await school.now()))
  await quietHours(false)
  await lettersBecome(id, 'L-REG-FOLLOWUP', ['cancelled'])
  expect(await toPlatform()).toHaveLength(sent)
}

const lastToPlatform = async () => (await toPlatform()).at(-1)!

describe('an application that is asked about, turned down, made again and turned down for good', () => {
  let id: string

  test('a question is answered in a person’s own words, in its thread, and the wait for the next answer begins anew', async () => {
    id = await apply()
    const application = await lastToPlatform()
    await passTo((await deadlinesOf(id)).TIMER_FOLLOW_UP_1!)
    await expect.poll(() => tasksOf(id), patience).toEqual(['T-REG-CHECK'])
    await arrives(plainMessage({ messageId: '<question@sferum.example>', inReplyTo: application.messageId! }))
    expect(await tasksOf(id)).toEqual(['T-REG-CHECK', 'T-REG-REPLY'])
    expect(await complete('T-REG-REPLY', { outcome: 'clarify', ...received })).toMatchObject({ accepted: true })
    expect([await stateOf(id), await tasksOf(id), await deadlinesOf(id)]).toEqual(['clarification', ['T-REG-SEND'], {}])

    expect(await complete('T-REG-SEND', { confirmed: true })).toMatchObject({ accepted: false, guards: ['hasText'] })
    expect(await complete('T-REG-SEND', { confirmed: true, text: 'Наш ИНН верен.' })).toMatchObject({ accepted: true })
    await becomes(id, 'awaitingReply')
    const clarification = await lastToPlatform()
    expect(clarification).toMatchObject({ inReplyTo: '<question@sferum.example>', references: [application.messageId, '<question@sferum.example>'], text: expect.stringContaining('Наш ИНН верен.') })
    expect(await deadlinesOf(id)).toEqual(await workingDaysAfter(id, 'LETTER_ACCEPTED', ladder))
  })

  test('a refusal ends the wait; within thirty days the application is taken up again and goes out anew', async () => {
    expect(await tell(id, { type: 'REPLY_REJECTED', ...received })).toMatchObject({ accepted: true, state: 'rejected' })
    const refusedAt = (await momentOf(id, 'REPLY_REJECTED'))!
    expect(await deadlinesOf(id)).toEqual({ TIMER_RETENTION: new Date(refusedAt.getTime() + 30 * day) })
    expect(await tasksOf(id)).toEqual([])
    await lettersBecome(id, 'L-REG-STATUS', ['accepted', 'accepted'])

    await passTo(new Date(refusedAt.getTime() + 29 * day))
    expect(await tell(id, { type: 'REOPEN' })).toMatchObject({ accepted: true, state: 'draft' })
    expect(await deadlinesOf(id)).toEqual({})
    await tell(id, { type: 'SUBMIT_DATA', administratorId: 'p2' })
    expect(await complete('T-REG-ORDER', { orderId: 'o1' })).toMatchObject({ accepted: true })
    await becomes(id, 'awaitingReply')
    await lettersBecome(id, 'L-REG-APPLY', ['accepted', 'accepted'])
    expect(new Set((await toPlatform()).map(({ messageId }) => messageId)).size).toBe(3)
    expect(await deadlinesOf(id)).toEqual(await workingDaysAfter(id, 'LETTER_ACCEPTED', ladder))
  })

  test('a refusal that nobody comes back to for thirty days ends the process where it stands; another may begin', async () => {
    await tell(id, { type: 'REPLY_REJECTED', ...received })
    await passTo((await deadlinesOf(id)).TIMER_RETENTION!)
    await ends(id)
    expect(await stateOf(id)).toBe('rejected')
    expect(await tell(id, { type: 'REOPEN' })).toMatchObject({ accepted: false, reason: 'notHere' })
  })
})

describe('a follow-up that waits for the morning', () => {
  test('is taken back when an answer comes, though nobody has read it yet', async () => {
    const id = await followUpWaits()
    await arrives(plainMessage({ inReplyTo: (await lastToPlatform()).messageId! }))
    await neverGoesOut(id)
    expect(await tasksOf(id)).toContain('T-REG-REPLY')
    await cancel(id)
  })

  test('is taken back when the application comes back (edge case 2); the application goes out anew, and another report of the first one changes nothing', async () => {
    const id = await followUpWaits()
    const application = await lastToPlatform()
    await arrives(deliveryReport(application.messageId!))
    await becomes(id, 'deliveryProblem')
    expect([await tasksOf(id), await deadlinesOf(id)]).toEqual([['T-REG-FIX'], {}])
    await neverGoesOut(id)

    smtp.plan('hangAfterDot')
    const hangs = smtp.hangs()
    expect(await complete('T-REG-FIX', { outcome: 'sendAgain' })).toMatchObject({ accepted: true })
    await hangs
    await arrives(deliveryReport(application.messageId!))
    expect(await stateOf(id)).toBe('sending')
    smtp.answer()
    await becomes(id, 'awaitingReply')
    await lettersBecome(id, 'L-REG-APPLY', ['bounced', 'accepted'])
    expect((await lastToPlatform()).messageId).not.toBe(application.messageId)
    expect(await deadlinesOf(id)).toEqual(await workingDaysAfter(id, 'LETTER_ACCEPTED', ladder))
    await cancel(id)
  })

  test('is taken back with everything else when the registration is cancelled', async () => {
    const id = await followUpWaits()
    await cancel(id)
    await neverGoesOut(id)
    await ends(id)
  })
})

test('a registration is cancelled while its order is awaited, and after a refusal; nothing of it is left', async () => {
  const early = await begin()
  await cancel(early)
  await ends(early)
  const refused = await apply()
  await tell(refused, { type: 'REPLY_REJECTED', ...received })
  await cancel(refused)
  await ends(refused)
})

describe('an application that was approved', () => {
  let id: string

  test('can not be cancelled any more; the administrator is reminded after two working days, the head hears after five', async () => {
    id = await apply()
    await arrives(plainMessage({ inReplyTo: (await lastToPlatform()).messageId! }))
    expect(await complete('T-REG-REPLY', { outcome: 'approved', ...received })).toMatchObject({ accepted: true })
    const { TIMER_SIGN_IN_REMIND: remind, TIMER_SIGN_IN_ESCALATE: escalate } = await deadlinesOf(id)
    expect({ remind, escalate }).toEqual(await workingDaysAfter(id, 'REPLY_APPROVED', { remind: 2, escalate: 5 }))
    expect(await tell(id, { type: 'CANCEL', reason: 'Поздно' })).toMatchObject({ accepted: false, reason: 'illegal', state: 'adminSignIn', allowed: ['ADMIN_RIGHTS_CONFIRMED', 'ADMIN_RIGHTS_MISSING'] })

    await passTo(remind!)
    await lettersBecome(id, 'L-TASK-URGENT', ['accepted'])
    await lettersBecome(id, 'L-REG-STATUS', ['accepted'])
    await passTo(escalate!)
    await lettersBecome(id, 'L-REG-STATUS', ['accepted', 'accepted'])
    expect(await tasksOf(id)).toEqual(['T-REG-SIGNIN'])
  })

  test('without the rights: the platform is written to in a person’s own words, looked for after three working days, and when it has put that right the administrator signs in anew', async () => {
    expect(await complete('T-REG-SIGNIN', { rights: false })).toMatchObject({ accepted: true })
    expect([await stateOf(id), await tasksOf(id)]).toEqual(['rightsMissing', ['T-REG-SEND']])
    await lettersBecome(id, 'L-REG-STATUS', ['accepted', 'accepted', 'accepted'])

    // Nobody knows whether the letter came: it goes out again as the same one.
    smtp.plan('cutAfterDot')
    expect(await complete('T-REG-SEND', { confirmed: true, text: 'Права не появились.' })).toMatchObject({ accepted: true })
    await lettersBecome(id, 'L-REG-CLARIFY', ['unknownOutcome'])
    await expect.poll(() => tasksOf(id), patience).toEqual(['T-REG-FIX'])
    expect(await complete('T-REG-FIX', { outcome: 'sendAgain' })).toMatchObject({ accepted: true })
    await lettersBecome(id, 'L-REG-CLARIFY', ['accepted'])
    const [first, again] = (await toPlatform()).slice(-2)
    expect(again).toMatchObject({ messageId: first!.messageId, text: expect.stringContaining('Права не появились.') })

    const { TIMER_FOLLOW_UP_1: look } = await deadlinesOf(id)
    expect({ look }).toEqual(await workingDaysAfter(id, 'CONFIRM_SEND', { look: 3 }))
    await passTo(look!)
    await expect.poll(() => tasksOf(id), patience).toEqual(['T-REG-CHECK'])
    await complete('T-REG-CHECK', { found: true })
    expect(await complete('T-REG-REPLY', { outcome: 'fixed', ...received })).toMatchObject({ accepted: true })
    expect([await stateOf(id), await tasksOf(id)]).toEqual(['adminSignIn', ['T-REG-SIGNIN']])
    expect(await deadlinesOf(id)).toEqual(await workingDaysAfter(id, 'REPLY_FIXED', { TIMER_SIGN_IN_REMIND: 2, TIMER_SIGN_IN_ESCALATE: 5 }))
    expect(await complete('T-REG-SIGNIN', { rights: true })).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('profileSetup')
  })
})
