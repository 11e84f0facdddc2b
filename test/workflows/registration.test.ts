import { describe, expect, test } from 'vitest'
import { registrationInSkippedTime } from '../support/registration-in-skipped-time.ts'
import { patience } from '../support/school-in-skipped-time.ts'
import { turnOfTheYear } from '../support/turn-of-the-year.ts'

const school = await registrationInSkippedTime()
const { apply, becomes, begin, complete, tell, passTo, deadlinesOf, lettersBecome, momentOf, stateOf, tasksOf, toPlatform } = school

const { at } = await turnOfTheYear(school)

describe('an application nobody answers', () => {
  let id: string

  test('climbs the ladder by itself, over the holidays and a Saturday that works: check, follow-up, escalation', async () => {
    await passTo(at('12-28', '12:00'))
    id = await apply()
    const ladder = { TIMER_FOLLOW_UP_1: at('01-11'), TIMER_FOLLOW_UP_2: at('01-15', '17:00'), TIMER_ESCALATE: at('01-19') }
    expect(await deadlinesOf(id)).toEqual(ladder)

    await passTo(ladder.TIMER_FOLLOW_UP_1)
    await expect.poll(() => tasksOf(id), patience).toEqual(['T-REG-CHECK'])
    expect(await toPlatform()).toHaveLength(1)
    await passTo(ladder.TIMER_FOLLOW_UP_2)
    await lettersBecome(id, 'L-REG-FOLLOWUP', ['accepted'])
    const [application, followUp] = await toPlatform()
    expect(followUp).toMatchObject({ inReplyTo: application!.messageId, subject: `Re: ${application!.subject}` })
    // A follow-up does not restart the wait.
    expect(await deadlinesOf(id)).toEqual({ TIMER_ESCALATE: ladder.TIMER_ESCALATE })

    await passTo(ladder.TIMER_ESCALATE)
    await lettersBecome(id, 'L-REG-STATUS', ['accepted'])
    expect(await tasksOf(id)).toEqual(['T-REG-CHECK', 'T-REG-ESCALATE'])
    // Never early (P5).
    for (const [timer, moment] of Object.entries(ladder)) expect((await momentOf(id, timer))!.getTime()).toBeGreaterThanOrEqual(moment.getTime())
    expect(await complete('T-REG-CHECK', { found: false })).toMatchObject({ accepted: true })
  })

  test('is waited for ten working days more when the head says so, then the head is asked again', async () => {
    expect(await complete('T-REG-ESCALATE', { decision: 'wait' }, { by: 'p1' })).toMatchObject({ accepted: true })
    expect(await tasksOf(id)).toEqual([])
    expect(await deadlinesOf(id)).toEqual({ TIMER_ESCALATE: at('02-02') })
    await passTo(at('02-02'))
    await lettersBecome(id, 'L-REG-STATUS', ['accepted', 'accepted'])
    expect(await tasksOf(id)).toEqual(['T-REG-ESCALATE'])
  })

  test('is written of again, once, when somebody says so; the wait begins anew and may be given up', async () => {
    expect(await complete('T-REG-ESCALATE', { decision: 'writeAgain' })).toMatchObject({ accepted: true })
    await lettersBecome(id, 'L-REG-FOLLOWUP', ['accepted', 'accepted'])
    expect(await deadlinesOf(id)).toEqual({ TIMER_ESCALATE: at('02-16') })
    await passTo(at('02-16'))
    await expect.poll(() => tasksOf(id), patience).toEqual(['T-REG-ESCALATE'])
    expect(await toPlatform()).toHaveLength(3)

    expect(await complete('T-REG-ESCALATE', { decision: 'cancel', reason: 'ответа нет' }, { by: 'p1' })).toMatchObject({ accepted: true })
    await expect.poll(() => school.endOf(id), patience).toEqual({ ended: true, cohort: 'ended' })
    expect([await stateOf(id), await tasksOf(id), await deadlinesOf(id)]).toEqual(['cancelled', [], {}])
  })
})

describe('where letters to the platform are confirmed', () => {
  let id: string

  test('an application waits for a person; an order that falls away meanwhile takes it back to waiting for one', async () => {
    id = await begin({ confirmBeforeSending: true })
    await complete('T-REG-ORDER', { orderId: 'o1' })
    expect([await stateOf(id), await tasksOf(id)]).toEqual(['readyToSend', ['T-REG-SEND']])

    expect(await school.send(id, { type: 'ORDER_INVALIDATED', orderId: 'o1' }, { kind: 'process' })).toMatchObject({ accepted: true, state: 'awaitingOrder' })
    expect(await tasksOf(id)).toEqual(['T-REG-ORDER'])
    expect(await tell(id, { type: 'CONFIRM_SEND' })).toMatchObject({ accepted: false, reason: 'illegal', allowed: ['CANCEL', 'ORDER_ATTACHED', 'SUBMIT_DATA'] })
    await complete('T-REG-ORDER', { orderId: 'o1' })
    expect(await tasksOf(id)).toEqual(['T-REG-SEND'])
    expect(await school.lettersOf(id)).toEqual([])

    expect(await complete('T-REG-SEND', { confirmed: true })).toMatchObject({ accepted: true })
    await becomes(id, 'awaitingReply')
    expect(await school.lettersOf(id)).toEqual(['L-REG-APPLY platform accepted'])
  })

  test('so does the follow-up: its day opens a task, and the letter goes out with the word of a person', async () => {
    await passTo((await deadlinesOf(id)).TIMER_FOLLOW_UP_2!)
    await expect.poll(() => tasksOf(id), patience).toEqual(['T-REG-CHECK', 'T-REG-SEND'])
    expect(await school.lettersOf(id)).toEqual(['L-REG-APPLY platform accepted'])
    expect(await complete('T-REG-SEND', { confirmed: true })).toMatchObject({ accepted: true })
    await lettersBecome(id, 'L-REG-FOLLOWUP', ['accepted'])
    expect(await tasksOf(id)).toEqual(['T-REG-CHECK'])
    await tell(id, { type: 'CANCEL', reason: 'Проверка окончена' })
  })
})
