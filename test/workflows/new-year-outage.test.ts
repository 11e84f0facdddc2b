import { expect, test } from 'vitest'
import { applicationInOrder } from '../support/sample-application.ts'
import { linkCreated, staffLink } from '../support/sample-links.ts'
import { freshLink, teacherList } from '../support/sample-onboardings.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'
import { turnOfTheYear } from '../support/turn-of-the-year.ts'

const school = await schoolInSkippedTime(6)
const { send, complete, becomes, passTo, deadlinesOf, lettersOf, momentOf, stateOf, tasksOf, timelineOf } = school
const { at, dated } = await turnOfTheYear(school)

const registration = `orgRegistration:${school.orgId}`
const over = 'inviteLink:lnk_over'
const [first, second] = ['invitation:inv_lnk_over_p3', 'invitation:inv_lnk_over_p4'] as const
const current = 'invitation:inv_lnk_current_p6'
const teacher = 'onboarding:mem_p5'
/** The outage: from the last working days of a year to a Monday well after the holidays. */
const [begins, ends] = [at('12-29', '12:00'), at('01-18', '10:00')]

const heard = (id: string) => expect.poll(() => timelineOf(id), { ...patience, message: id }).toContain('LETTER_ACCEPTED')

/** A link whose letters have gone out. */
async function liveLink(link: string, people: string[], more: Parameters<typeof staffLink>[2] = {}): Promise<void> {
  const { start, events } = staffLink(link, people, more)
  await school.start(start, events)
  expect(await complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:${link}` })).toMatchObject({ accepted: true })
  for (const person of people) await heard(`invitation:inv_${link}_${person}`)
}

/** A teacher who has been asked to confirm the status. */
async function verifying(): Promise<void> {
  const { start, events } = teacherList('own', ['p5'])
  await school.start(start, events)
  await complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:${freshLink('own').id}` })
  await heard('invitation:inv_own_p5')
  await send('invitation:inv_own_p5', { type: 'REQUEST_SENT' }, { kind: 'recipient' })
  expect(await complete('T-JOIN-REVIEW', { decision: 'accept' }, { owner: teacher })).toMatchObject({ accepted: true })
  await heard(teacher)
  expect(await complete('T-LINK-REVOKE', { revokedOn: dated('12-28'), method: 'revoked' }, { owner: `inviteLink:${freshLink('own').id}` })).toMatchObject({ accepted: true })
}

test('before the holidays everything waits for something that falls into them', async () => {
  await passTo(at('12-28', '12:00'))
  await school.start([{ id: registration, kind: 'organizationRegistration', input: { number: 'СФ-2026-000001', confirmBeforeSending: false } }])
  await send(registration, { type: 'SUBMIT_DATA', administratorId: 'p2', facts: applicationInOrder })
  await complete('T-REG-ORDER', { orderId: 'o1' }, { facts: applicationInOrder })
  await becomes(registration, 'awaitingReply')
  await liveLink('lnk_over', ['p3', 'p4'])
  await liveLink('lnk_current', ['p6'], { expiresAt: at('01-19', '23:59').toISOString() })
  await verifying()

  expect(await deadlinesOf(registration)).toEqual({ TIMER_FOLLOW_UP_1: at('01-11'), TIMER_FOLLOW_UP_2: at('01-15', '17:00'), TIMER_ESCALATE: at('01-19') })
  expect(await deadlinesOf(first)).toMatchObject({ TIMER_REMIND_LAST: at('12-29') })
  expect((await deadlinesOf(over)).TIMER_EXPIRED!.getTime()).toBeLessThan(ends.getTime())
  expect(await deadlinesOf(current)).toMatchObject({ TIMER_REMIND_LAST: at('01-16') })
  expect(await deadlinesOf(teacher)).toMatchObject({ TIMER_VERIFY_REMIND: at('12-30'), TIMER_VERIFY_DUE: at('01-13') })
})

test('after an outage over the holidays deadlines are carried out once and in their order, reminders that are late by more than a working day are not (edge case 16)', async () => {
  await passTo(begins)
  await school.outageTo(ends)

  await becomes(over, 'closing')
  await expect.poll(() => tasksOf(teacher), patience).toEqual(['T-VERIFY-FINISH', 'T-VERIFY-SELF'])
  await expect.poll(() => lettersOf(registration), patience).toEqual(['L-REG-APPLY platform accepted', 'L-REG-FOLLOWUP platform accepted'])
  expect((await timelineOf(registration)).filter((event) => event.startsWith('TIMER_'))).toEqual(['TIMER_FOLLOW_UP_1', 'TIMER_FOLLOW_UP_2'])
  expect((await momentOf(registration, 'TIMER_FOLLOW_UP_1'))!.getTime()).toBeGreaterThanOrEqual(ends.getTime())
  for (const invitation of [first, second]) {
    expect((await timelineOf(invitation)).filter((event) => event.includes('TIMER_'))).toEqual(['(TIMER_REMIND_LAST)', '(TIMER_REMIND_MID)'])
    expect(await stateOf(invitation)).toBe('expired')
  }
  expect((await timelineOf(teacher)).filter((event) => event.includes('TIMER_'))).toEqual(['(TIMER_VERIFY_REMIND)', 'TIMER_VERIFY_DUE'])
})

test('and nobody gets a burst of letters: one for what has become true, one digest', async () => {
  // The morning of that day was missed by less than six hours: its schedule makes up for it.
  await school.schoolDay()
  const letters = async () =>
    (await school.rows<{ letter: string }>(`select concat_ws(' ', code, coalesce(recipient ->> 'person', recipient ->> 'role', 'platform'), state) as letter from letters where queued_at >= $1`, [begins])).map(({ letter }) => letter).sort()
  const expected = ['L-INV-EXPIRED p3 accepted', 'L-INV-EXPIRED p4 accepted', 'L-INV-REMIND p6 accepted', 'L-REG-FOLLOWUP platform accepted', 'L-TASK-URGENT head accepted', 'L-TASKS-DIGEST p2 accepted', 'L-TASKS-DIGEST p5 accepted']
  await expect.poll(letters, patience).toEqual(expected)
})
