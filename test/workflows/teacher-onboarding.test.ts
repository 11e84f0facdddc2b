import { describe, expect, test } from 'vitest'
import { workCalendar } from '../../school/calendar/work-calendar.ts'
import { linkCreated } from '../support/sample-links.ts'
import { freshLink, invitedBy, teacherList } from '../support/sample-onboardings.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'

const school = await schoolInSkippedTime(24)
const calendar = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5 })
const { send, becomes, complete, passTo, deadlinesOf, lettersOf, tasksOf, stateOf, timelineOf, momentOf } = school
const recipient = { kind: 'recipient' } as const
const day = 24 * 60 * 60 * 1000

const onboarding = (person: string) => `onboarding:mem_${person}`
const platformStatus = async (person: string) => (await school.rows<{ status: string }>(`select platform_status as status from memberships where id = 'mem_' || $1`, [person]))[0]!.status
const contextOf = async (person: string) => (await school.rows<{ context: Record<string, unknown> }>('select context from processes where id = $1', [onboarding(person)]))[0]!.context

/** A list whose link is made and whose people are invited. Ids of the invitations. */
async function invited(list: string, people: string[], more: Parameters<typeof teacherList>[2] = {}): Promise<string[]> {
  const { start, events } = teacherList(list, people, more)
  const { results } = await school.start(start, events)
  expect(results.every(({ accepted }) => accepted)).toBe(true)
  await complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:lnk_${list}` })
  for (const person of people) expect(await stateOf(onboarding(person))).toBe('invited')
  return people.map((person) => `invitation:inv_${list}_${person}`)
}

/** A person's request to join is on the table. */
const requested = async (person: string, invitation: string) => {
  expect(await send(invitation, { type: 'REQUEST_SENT' }, recipient)).toMatchObject({ accepted: true })
  expect(await stateOf(onboarding(person))).toBe('joinRequested')
}
const review = (person: string, decision: string) => complete('T-JOIN-REVIEW', { decision }, { owner: onboarding(person) })

/** Invites a person once more by a link of their own, which is made at once. */
async function again(person: string, type: 'REINVITE' | 'REMOVED_FROM_PLATFORM', link: string): Promise<void> {
  const facts = invitedBy(freshLink(link), person)
  const result = type === 'REINVITE' ? await send(onboarding(person), { type, facts }) : await complete('T-ROLE-FIX', { result: 'done' }, { owner: onboarding(person), facts })
  expect(result).toMatchObject({ accepted: true })
  expect(await stateOf(onboarding(person))).toBe('inviting')
  await complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:lnk_${link}` })
  expect(await stateOf(onboarding(person))).toBe('invited')
}

describe('a teacher on the usual way', () => {
  const id = onboarding('p3')

  test('asks to join, is let in by a person (BR-14), and is written to about the status', async () => {
    const [invitation] = await invited('usual', ['p3'])
    expect(await platformStatus('p3')).toBe('invited')
    await requested('p3', invitation!)
    expect(await platformStatus('p3')).toBe('requested')
    const asked = (await momentOf(id, 'JOIN_REQUEST_SEEN'))!
    expect(await school.openTask('T-JOIN-REVIEW', id)).toMatchObject({ dueAt: calendar.addWorkingDays(asked, 1).at, roles: ['platformAdmin'] })

    expect(await review('p3', 'accept')).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('verifying')
    expect(await platformStatus('p3')).toBe('joined')
    expect(await stateOf(invitation!)).toBe('joined')
    // Nobody of the list may still join: the link has no reason to live.
    expect(await stateOf('inviteLink:lnk_usual')).toBe('closing')
    expect((await timelineOf(id)).slice(0, 5)).toEqual(['BEGAN', 'START', 'INVITED', 'JOIN_REQUEST_SEEN', 'JOIN_ACCEPTED'])
    await expect.poll(() => lettersOf(id), patience).toEqual(['L-VERIFY p3 accepted'])
    expect(await school.openTask('T-VERIFY-SELF', id)).toMatchObject({ assignee: 'p3', dueAt: calendar.addWorkingDays((await momentOf(id, 'JOIN_ACCEPTED'))!, 5).at })
  })

  test('is reminded after two working days, says «готово», and is connected when the administrator confirms', async () => {
    const { TIMER_VERIFY_REMIND: remind } = await deadlinesOf(id)
    expect(remind).toEqual(calendar.addWorkingDays((await momentOf(id, 'JOIN_ACCEPTED'))!, 2).at)
    await passTo(remind!)
    await expect.poll(() => lettersOf(id), patience).toEqual(['L-VERIFY p3 accepted', 'L-VERIFY p3 accepted'])

    expect(await complete('T-VERIFY-SELF', { result: 'done' }, { by: 'p3', owner: id })).toMatchObject({ accepted: true })
    expect(await tasksOf(id)).toEqual(['T-VERIFY-FINISH'])
    // The person has done what there was to do: nobody reminds them any more.
    expect(Object.keys(await deadlinesOf(id))).toEqual(['TIMER_NO_PROGRESS'])
    expect(await complete('T-VERIFY-FINISH', { result: 'done' }, { owner: id })).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('active')
    expect(await platformStatus('p3')).toBe('verified')
    expect(await school.endOf(id)).toMatchObject({ ended: true })
    expect(await send(id, { type: 'CANCEL' })).toMatchObject({ accepted: false, reason: 'notHere' })
  })
})

test('a teacher who does nothing is left to the administrator after five working days; a problem is solved and tried again', async () => {
  const id = onboarding('p4')
  const [invitation] = await invited('silent', ['p4'])
  await requested('p4', invitation!)
  await review('p4', 'accept')
  const { TIMER_VERIFY_DUE: due } = await deadlinesOf(id)
  expect(due).toEqual(calendar.addWorkingDays((await momentOf(id, 'JOIN_ACCEPTED'))!, 5).at)
  await passTo(due!)
  await expect.poll(() => tasksOf(id), patience).toEqual(['T-VERIFY-FINISH', 'T-VERIFY-SELF'])
  expect((await timelineOf(id)).filter((event) => event.startsWith('TIMER_'))).toEqual(['TIMER_VERIFY_REMIND', 'TIMER_VERIFY_DUE'])

  expect(await complete('T-VERIFY-FINISH', { result: 'problem', comment: 'платформа не находит школу' }, { owner: id })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('verificationProblem')
  expect(await tasksOf(id)).toEqual(['T-VERIFY-RETRY'])
  const letters = (await lettersOf(id)).length
  expect(await complete('T-VERIFY-RETRY', { confirmed: true }, { owner: id })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('verifying')
  await expect.poll(async () => (await lettersOf(id)).length, patience).toBe(letters + 1)
  // The second time the teacher cannot do it at all.
  const self = await school.openTask('T-VERIFY-SELF', id)
  expect(await send(self.id, { type: 'FAIL', reason: 'noAccess', comment: 'нет телефона' }, { kind: 'person', personId: 'p4' })).toMatchObject({ accepted: true, state: 'failed' })
  expect(await stateOf(id)).toBe('verificationProblem')
  await complete('T-VERIFY-RETRY', { confirmed: true }, { owner: id })
  expect(await send(id, { type: 'VERIFIED' })).toMatchObject({ accepted: true, state: 'active' })
  expect(await platformStatus('p4')).toBe('verified')
})

describe('verification that is not needed (BR-15)', () => {
  test('by the setting: who has joined is connected at once, without a letter', async () => {
    const id = onboarding('p5')
    const [invitation] = await invited('setting', ['p5'], { verification: false })
    await requested('p5', invitation!)
    await review('p5', 'accept')
    expect(await stateOf(id)).toBe('active')
    expect(await platformStatus('p5')).toBe('joined')
    expect(await lettersOf(id)).toEqual([])
  })

  test('by a person, with a reason, while it runs', async () => {
    const id = onboarding('p6')
    const [invitation] = await invited('waived', ['p6'])
    await requested('p6', invitation!)
    await review('p6', 'accept')
    expect(await send(id, { type: 'VERIFICATION_NOT_REQUIRED', reason: 'подтверждён в прошлом году' })).toMatchObject({ accepted: true, state: 'active' })
    expect(await platformStatus('p6')).toBe('joined')
    expect(await tasksOf(id)).toEqual([])
  })
})

describe('a request that is looked at', () => {
  test('is overdue after a working day and goes to the head after three', async () => {
    const id = onboarding('p7')
    const [invitation] = await invited('review', ['p7'])
    await requested('p7', invitation!)
    const { TIMER_REVIEW_DUE: due, TIMER_REVIEW_ESCALATE: escalate } = await deadlinesOf(id)
    const asked = (await momentOf(id, 'JOIN_REQUEST_SEEN'))!
    expect([due, escalate]).toEqual([calendar.addWorkingDays(asked, 1).at, calendar.addWorkingDays(asked, 3).at])
    await passTo(due!)
    await expect.poll(async () => (await contextOf('p7')).reviewOverdue, patience).toBe(true)
    expect(await school.openTask('T-JOIN-REVIEW', id)).toMatchObject({ overdue: true })
    expect(await lettersOf(id)).toEqual([])
    await passTo(escalate!)
    await expect.poll(() => lettersOf(id), patience).toEqual(['L-TASK-URGENT head accepted'])
  })

  test('by somebody whose name is unclear is turned down, made again and confirmed; the invitation lives meanwhile', async () => {
    const id = onboarding('p7')
    expect(await review('p7', 'doubt')).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('identityDoubt')
    expect(await complete('T-JOIN-IDENTITY', { confirmed: false, comment: 'не наш' }, { owner: id })).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('invited')
    expect(await stateOf('invitation:inv_review_p7')).toBe('sent')

    expect(await send(id, { type: 'JOIN_REQUEST_SEEN' })).toMatchObject({ accepted: true, state: 'joinRequested' })
    expect(await contextOf('p7')).toMatchObject({ reviewOverdue: false })
    await review('p7', 'doubt')
    expect(await complete('T-JOIN-IDENTITY', { confirmed: true }, { owner: id })).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('verifying')
    expect(await stateOf('invitation:inv_review_p7')).toBe('joined')
  })

  test('is turned down after the link has closed: the closing is remembered, and the person is invited anew', async () => {
    const id = onboarding('p8')
    const [invitation] = await invited('closed', ['p8'])
    await requested('p8', invitation!)
    await passTo((await deadlinesOf('inviteLink:lnk_closed')).TIMER_EXPIRED!)
    await becomes('inviteLink:lnk_closed', 'closing')
    expect(await stateOf(id)).toBe('joinRequested')
    expect(await contextOf('p8')).toMatchObject({ inviteClosed: true })
    // Who waits for the school is not told that the term is over.
    expect((await lettersOf(invitation!)).filter((letter) => letter.startsWith('L-INV-EXPIRED'))).toEqual([])

    await review('p8', 'reject')
    expect(await stateOf(id)).toBe('inviteExpired')
    expect(await platformStatus('p8')).toBe('absent')
    await again('p8', 'REINVITE', 'closed2')
    expect(await send(id, { type: 'JOINED_DIRECTLY' })).toMatchObject({ accepted: true, state: 'verifying' })
    expect(await stateOf('invitation:inv_closed2_p8')).toBe('joined')
  })

  test('in doubt when the link closes ends the same way', async () => {
    const id = onboarding('p9')
    const [invitation] = await invited('doubt', ['p9'])
    await requested('p9', invitation!)
    await review('p9', 'doubt')
    await send('inviteLink:lnk_doubt', { type: 'REVOKE' })
    expect(await stateOf(id)).toBe('identityDoubt')
    await complete('T-JOIN-IDENTITY', { confirmed: false }, { owner: id })
    expect(await stateOf(id)).toBe('inviteExpired')
  })
})

describe('the wrong role', () => {
  test('asked for: the invitation is taken back, the person removed, and invited anew with the right one', async () => {
    const id = onboarding('p10')
    const [invitation] = await invited('role', ['p10'])
    await requested('p10', invitation!)
    await review('p10', 'role')
    expect(await stateOf(id)).toBe('wrongRole')
    expect(await stateOf(invitation!)).toBe('superseded')
    expect(await complete('T-ROLE-FIX', { result: 'done' }, { owner: id, facts: invitedBy(freshLink('role2'), 'p10', { liveInvitation: true }) })).toMatchObject({ accepted: false, reason: 'guard', guards: ['noLiveInvitation'] })
    await again('p10', 'REMOVED_FROM_PLATFORM', 'role2')
    expect(await send('invitation:inv_role2_p10', { type: 'JOINED' })).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('verifying')
  })

  test('seen only after joining: the same work', async () => {
    const id = onboarding('p10')
    expect(await send(id, { type: 'ROLE_WRONG', reason: 'вступил как обучающийся' })).toMatchObject({ accepted: true, state: 'wrongRole' })
    expect(await tasksOf(id)).toEqual(['T-ROLE-FIX'])
    await again('p10', 'REMOVED_FROM_PLATFORM', 'role3')
  })
})

describe('an invitation nobody used', () => {
  test('expires by its timer; a new one leads on', async () => {
    const id = onboarding('p11')
    const [invitation] = await invited('expired', ['p11'])
    await passTo((await deadlinesOf('inviteLink:lnk_expired')).TIMER_EXPIRED!)
    await becomes(id, 'inviteExpired')
    await expect.poll(() => lettersOf(invitation!), patience).toContain('L-INV-EXPIRED p11 accepted')
    await again('p11', 'REINVITE', 'expired2')
    await requested('p11', 'invitation:inv_expired2_p11')
    await review('p11', 'accept')
    expect(await stateOf(id)).toBe('verifying')
  })

  test('is used after its end all the same: a person looks, and may remove again who came late', async () => {
    const id = onboarding('p12')
    const [invitation] = await invited('late', ['p12'])
    await send('inviteLink:lnk_late', { type: 'REVOKE' })
    expect(await stateOf(id)).toBe('inviteExpired')
    expect(await send(id, { type: 'JOINED_DIRECTLY' })).toMatchObject({ accepted: true, state: 'verifying' })
    expect(await stateOf(invitation!)).toBe('joinedLate')
    expect(await complete('T-LINK-LATE', { decision: 'remove' }, { owner: invitation! })).toMatchObject({ accepted: true })
    expect(await stateOf(id)).toBe('inviteExpired')
    expect(await platformStatus('p12')).toBe('absent')
    expect(await tasksOf(id)).toEqual([])
  })
})

describe('a refusal', () => {
  test('is not argued with, and never blocks a new invitation (BR-10)', async () => {
    const id = onboarding('p13')
    const [invitation] = await invited('declined', ['p13'])
    expect(await send(invitation!, { type: 'DECLINE', reason: 'не хочу' }, recipient)).toMatchObject({ accepted: true, state: 'declined' })
    expect(await stateOf(id)).toBe('declined')
    expect(await platformStatus('p13')).toBe('declined')
    expect(Object.keys(await deadlinesOf(id))).toEqual(['TIMER_RETENTION'])
    await again('p13', 'REINVITE', 'declined2')
  })

  test('that stands for thirty days is the end', async () => {
    const id = onboarding('p14')
    await invited('refused', ['p14'])
    expect(await send(id, { type: 'DECLINE' })).toMatchObject({ accepted: true, state: 'declined' })
    expect(await stateOf('invitation:inv_refused_p14')).toBe('declined')
    const { TIMER_RETENTION: end } = await deadlinesOf(id)
    expect(end!.getTime() - (await momentOf(id, 'DECLINE'))!.getTime()).toBe(30 * day)
    await passTo(end!)
    await expect.poll(() => school.endOf(id), patience).toMatchObject({ ended: true })
    expect(await stateOf(id)).toBe('declined')
    expect(await send(id, { type: 'REINVITE', facts: invitedBy(freshLink('refused2'), 'p14') })).toMatchObject({ accepted: false, reason: 'notHere' })
  })
})

test('a list shares one link and one cohort: each goes their own way, and the link closes when nobody of it may still join', async () => {
  const people = ['p15', 'p16', 'p17', 'p18']
  const invitations = await invited('list', people)
  const cohorts = await school.rows('select distinct cohort_id from processes where id = any ($1)', [[...people.map(onboarding), ...invitations, 'inviteLink:lnk_list']])
  expect(cohorts).toHaveLength(1)
  for (const [i, person] of people.entries()) await expect.poll(() => lettersOf(invitations[i]!), patience).toEqual([`L-INV-TEACHER ${person} accepted`])

  await requested('p15', invitations[0]!)
  await review('p15', 'accept')
  await send(invitations[1]!, { type: 'DECLINE' }, recipient)
  expect(await send(onboarding('p17'), { type: 'CANCEL', reason: 'уволился' })).toMatchObject({ accepted: true, state: 'cancelled' })
  expect(await stateOf(invitations[2]!)).toBe('cancelled')
  expect(await stateOf('inviteLink:lnk_list')).toBe('active')
  expect(await send(onboarding('p18'), { type: 'JOINED_DIRECTLY' })).toMatchObject({ accepted: true })
  expect(await stateOf('inviteLink:lnk_list')).toBe('closing')
  expect(await Promise.all(people.map((person) => stateOf(onboarding(person))))).toEqual(['verifying', 'declined', 'cancelled', 'verifying'])
})

test('a teacher without an address gets everything by hand: the invitation and the word about the status', async () => {
  const id = onboarding('p19')
  await school.rows(`update people set email = null where id = 'p19'`)
  const { start, events } = teacherList('paper', ['p19'], { email: false })
  await school.start(start, events)
  await complete('T-LINK-CREATE', linkCreated(), { owner: 'inviteLink:lnk_paper' })
  const invitation = 'invitation:inv_paper_p19'
  expect(await tasksOf(invitation)).toEqual(['T-MAIL-FIX'])
  expect(await stateOf(id)).toBe('inviting')
  expect(await complete('T-MAIL-FIX', { result: 'handedOver' }, { owner: invitation })).toMatchObject({ accepted: true })
  expect(await stateOf(id)).toBe('invited')
  await send(id, { type: 'JOINED_DIRECTLY' })
  expect(await tasksOf(id)).toEqual(['T-MAIL-FIX', 'T-VERIFY-SELF'])
  const { TIMER_VERIFY_REMIND: remind } = await deadlinesOf(id)
  expect(await complete('T-MAIL-FIX', { result: 'handedOver' }, { owner: id })).toMatchObject({ accepted: true })
  await passTo(remind!)
  await expect.poll(() => timelineOf(id), patience).toContain('TIMER_VERIFY_REMIND')
  expect(await lettersOf(id)).toEqual([])
})

test('before the staff room is there nobody is invited (BR-05); cancelling is possible until the end, and takes everything back', async () => {
  const [id, waiting] = [onboarding('p20'), onboarding('p21')]
  const { start } = teacherList('early', ['p20', 'p21'])
  await school.start(start)
  expect(await send(id, { type: 'START', facts: invitedBy(freshLink('early'), 'p20', { staffRoomExists: false }) })).toMatchObject({ accepted: false, guards: ['staffRoomExists'] })
  expect(await send(waiting, { type: 'CANCEL' })).toMatchObject({ accepted: true, state: 'cancelled' })

  expect(await send(id, { type: 'START', facts: invitedBy(freshLink('early'), 'p20') })).toMatchObject({ accepted: true, state: 'inviting' })
  await complete('T-LINK-CREATE', linkCreated(), { owner: 'inviteLink:lnk_early' })
  await requested('p20', 'invitation:inv_early_p20')
  await review('p20', 'accept')
  expect(await send(id, { type: 'CANCEL', reason: 'ошибка в списке' })).toMatchObject({ accepted: true, state: 'cancelled' })
  expect(await tasksOf(id)).toEqual([])
  expect(await deadlinesOf(id)).toEqual({})
})
