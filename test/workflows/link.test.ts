import { describe, expect, test } from 'vitest'
import { linkCreated, personAdded, staffLink } from '../support/sample-links.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'
import { workCalendar } from '../../school/calendar/work-calendar.ts'

const school = await schoolInSkippedTime(4)
const calendar = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5 })
const { send, becomes, complete, passTo, deadlinesOf, lettersOf, tasksOf, stateOf, timelineOf, momentOf } = school
const recipient = { kind: 'recipient' } as const

/** A link that is there on the platform, its letters out. Returns the ids of its invitations. */
async function liveLink(link: string, people: string[], more: Parameters<typeof staffLink>[2] = {}): Promise<string[]> {
  const { start, events } = staffLink(link, people, more)
  const { results } = await school.start(start, events)
  expect(results.every(({ accepted }) => accepted)).toBe(true)
  expect(await complete('T-LINK-CREATE', linkCreated(), { owner: `inviteLink:${link}` })).toMatchObject({ accepted: true })
  const invitations = people.map((person) => `invitation:inv_${link}_${person}`)
  for (const [i, id] of invitations.entries()) await expect.poll(() => lettersOf(id), patience).toEqual([`L-INV-TEACHER ${people[i]} accepted`])
  return invitations
}

const linkRow = async (link: string) => (await school.rows<{ state: string; platform: string; reason: string | null; expires: Date }>(`select state, platform_state as platform, close_reason as reason, expires_at as expires from invite_links where id = $1`, [link]))[0]!
const revoked = { revokedOn: '2026-12-01', method: 'revoked' }

describe('a link nobody claims', () => {
  const id = 'inviteLink:lnk_1'
  const [came, stayed] = ['invitation:inv_lnk_1_p3', 'invitation:inv_lnk_1_p4']

  test('reminds those who have not joined, closes by itself at the end of its term, and is annulled by a person only', async () => {
    await liveLink('lnk_1', ['p3', 'p4'])
    const { TIMER_EXPIRED: expires } = await deadlinesOf(id)
    const issued = (await momentOf(id, 'LINK_CREATED'))!
    expect(expires).toEqual(calendar.endOfTerm(issued, 14).at)
    await expect.poll(async () => (await school.rows(`select delivery from invitations where link_id = 'lnk_1'`)).map((row) => (row as { delivery: string }).delivery), patience).toEqual(['accepted', 'accepted'])

    expect(await send(came!, { type: 'JOINED' })).toMatchObject({ accepted: true, state: 'joined' })
    const reminders = await deadlinesOf(stayed!)
    expect(reminders.TIMER_REMIND_MID!.getTime()).toBe(Math.floor((issued.getTime() + expires!.getTime()) / 2))
    expect(reminders.TIMER_REMIND_LAST).toEqual(calendar.workingDaysBefore(expires!, 2).at)
    await passTo(reminders.TIMER_REMIND_LAST!)
    await expect.poll(() => lettersOf(stayed!), patience).toEqual(['L-INV-TEACHER p4 accepted', 'L-INV-REMIND p4 accepted', 'L-INV-REMIND p4 accepted'])
    expect(await lettersOf(came!)).toEqual(['L-INV-TEACHER p3 accepted'])
    // Never early (P5).
    expect((await momentOf(stayed!, 'TIMER_REMIND_MID'))!.getTime()).toBeGreaterThanOrEqual(reminders.TIMER_REMIND_MID!.getTime())
    expect(await timelineOf(id)).toContain('TIMER_EXPIRES_SOON')

    await passTo(expires!)
    await becomes(id, 'closing')
    expect((await momentOf(id, 'TIMER_EXPIRED'))!.getTime()).toBeGreaterThanOrEqual(expires!.getTime())
    expect(await linkRow('lnk_1')).toMatchObject({ state: 'closing', platform: 'live', reason: 'unclaimed', expires })
    expect(await stateOf(stayed!)).toBe('expired')
    await expect.poll(() => lettersOf(stayed!), patience).toContain('L-INV-EXPIRED p4 accepted')

    await passTo((await deadlinesOf(id)).TIMER_REVOKE_DUE!)
    await becomes(id, 'revocationOverdue')
    await expect.poll(() => lettersOf(id), patience).toEqual(['L-TASK-URGENT head accepted'])
    expect(await tasksOf(id)).toEqual(['T-LINK-REVOKE'])
    expect(await linkRow('lnk_1')).toMatchObject({ platform: 'live' })

    expect(await complete('T-LINK-REVOKE', revoked)).toMatchObject({ accepted: true, state: 'completed' })
    expect(await linkRow('lnk_1')).toMatchObject({ state: 'revoked', platform: 'revoked' })
  })

  test('is found for thirty days more, then it ends where it stands and its cohort with it', async () => {
    const { TIMER_RETENTION: end } = await deadlinesOf(id)
    expect(end!.getTime() - (await momentOf(id, 'PLATFORM_REVOKED'))!.getTime()).toBe(30 * 24 * 60 * 60 * 1000)
    expect((await deadlinesOf(stayed!)).TIMER_RETENTION).toEqual(end)
    await passTo(end!)
    await expect.poll(() => school.endOf(id), patience).toEqual({ ended: true, cohort: 'ended' })
    expect(await stateOf(id)).toBe('revoked')
    expect(await stateOf(stayed!)).toBe('expired')
    expect(await send(stayed!, { type: 'JOINED' })).toMatchObject({ accepted: false, reason: 'notHere' })
  })
})

test('a closed list closes its link when the last one has joined', async () => {
  const [first, second] = await liveLink('lnk_2', ['p3', 'p4'], { closedList: true })
  await send(first!, { type: 'JOINED' })
  expect(await stateOf('inviteLink:lnk_2')).toBe('active')
  await send(second!, { type: 'JOINED' })
  expect(await linkRow('lnk_2')).toMatchObject({ state: 'closing', reason: 'completed' })
  await complete('T-LINK-REVOKE', { ...revoked, method: 'alreadyDone' }, { owner: 'inviteLink:lnk_2' })
  expect(await stateOf('inviteLink:lnk_2')).toBe('revoked')
})

test('an extension moves the term and the reminders; one that shortens it or goes past sixty days is refused by name', async () => {
  const id = 'inviteLink:lnk_3'
  const [invitation] = await liveLink('lnk_3', ['p3'])
  const before = { ...(await deadlinesOf(id)), ...(await deadlinesOf(invitation!)) }
  const issued = (await momentOf(id, 'LINK_CREATED'))!
  const inDays = (days: number) => new Date(issued.getTime() + days * 24 * 60 * 60 * 1000).toISOString()
  expect(await send(id, { type: 'EXTEND', expiresAt: inDays(3), reason: 'мало' })).toMatchObject({ accepted: false, reason: 'guard', guards: ['laterThanBefore'] })
  expect(await send(id, { type: 'EXTEND', expiresAt: inDays(61), reason: 'много' })).toMatchObject({ accepted: false, reason: 'guard', guards: ['withinTotalLife'] })
  expect(await send(id, { type: 'MOVE_DEADLINE', name: 'TIMER_EXPIRED', at: inDays(3), reason: 'рука' })).toMatchObject({ accepted: false, guards: ['deadlineMovesByEvent'] })

  expect(await send(id, { type: 'EXTEND', expiresAt: inDays(40), reason: 'каникулы' })).toMatchObject({ accepted: true, state: 'active' })
  const after = { ...(await deadlinesOf(id)), ...(await deadlinesOf(invitation!)) }
  expect(after.TIMER_EXPIRED!.toISOString()).toBe(inDays(40))
  expect(after.TIMER_REMIND_LAST).toEqual(calendar.workingDaysBefore(after.TIMER_EXPIRED!, 2).at)
  await passTo(before.TIMER_EXPIRED!)
  await passTo(after.TIMER_REMIND_MID!)
  await expect.poll(() => lettersOf(invitation!), patience).toEqual(['L-INV-TEACHER p3 accepted', 'L-INV-REMIND p3 accepted'])
  expect(await stateOf(id)).toBe('active')
  await passTo(after.TIMER_EXPIRED!)
  await becomes(id, 'closing')
})

test('a leaked link is annulled within four working hours, its task is urgent, and everybody is taken off it', async () => {
  const id = 'inviteLink:lnk_4'
  const [invitation] = await liveLink('lnk_4', ['p3'])
  expect(await send(id, { type: 'LEAK_REPORTED', comment: 'ссылка в общем чате' })).toMatchObject({ accepted: true, state: 'closing' })
  const reported = (await momentOf(id, 'LEAK_REPORTED'))!
  const task = await school.openTask('T-LINK-REVOKE', id)
  expect(task).toMatchObject({ urgent: true, dueAt: calendar.addWorkingHours(reported, 4).at })
  expect((await deadlinesOf(id)).TIMER_REVOKE_DUE).toEqual(task.dueAt)
  await expect.poll(() => lettersOf(task.id), patience).toEqual(['L-TASK-URGENT platformAdmin accepted'])
  expect(await stateOf(invitation!)).toBe('cancelled')
  await passTo(task.dueAt)
  await becomes(id, 'revocationOverdue')
  await complete('T-LINK-REVOKE', revoked, { owner: id })
})

test('a link that was only to be tidied up turns out to have leaked: the same work, urgent now', async () => {
  const id = 'inviteLink:lnk_5'
  await liveLink('lnk_5', ['p3'])
  await send(id, { type: 'REVOKE' })
  const tidy = await school.openTask('T-LINK-REVOKE', id)
  expect(tidy.urgent).toBe(false)
  expect(await send(id, { type: 'LEAK_REPORTED' })).toMatchObject({ accepted: true })
  expect(await stateOf(tidy.id)).toBe('cancelled')
  expect(await school.openTask('T-LINK-REVOKE', id)).toMatchObject({ urgent: true })
  await complete('T-LINK-REVOKE', revoked, { owner: id })
})

test('who joins by a link past its term is found, and a person looks', async () => {
  const [invitation] = await liveLink('lnk_6', ['p3'])
  await passTo((await deadlinesOf('inviteLink:lnk_6')).TIMER_EXPIRED!)
  await becomes(invitation!, 'expired')
  expect(await send(invitation!, { type: 'JOINED', joinedOn: '2026-12-01' })).toMatchObject({ accepted: true, state: 'joinedLate' })
  expect(await complete('T-LINK-LATE', { decision: 'keep' }, { owner: invitation! })).toMatchObject({ accepted: true })
  expect(await school.endOf(invitation!)).toMatchObject({ ended: true })
  await complete('T-LINK-REVOKE', revoked, { owner: 'inviteLink:lnk_6' })
})

test('a superseded link and a superseded invitation leave room for new ones (BR-10), a live one does not (BR-09)', async () => {
  const [first, second] = await liveLink('lnk_7', ['p3', 'p4'])
  expect(await send(first!, { type: 'SUPERSEDE', reason: 'новая ссылка' })).toMatchObject({ accepted: true, state: 'superseded' })
  await send('inviteLink:lnk_7', { type: 'REVOKE', reason: 'superseded' })
  expect(await stateOf(second!)).toBe('superseded')
  const [again] = await liveLink('lnk_8', ['p3'])
  expect(await stateOf(again!)).toBe('sent')

  // Two lists prepared at once: the facts of the second are old. The index keeps the rule, the cohort lives on.
  const { start, events } = staffLink('lnk_9', ['p3', 'p5'])
  const { results } = await school.start(start, events)
  expect(results).toMatchObject([{ accepted: false, reason: 'guard', guards: ['noLiveInvitation'] }, { accepted: true }])
  expect(await school.dispatcher.deliver([personAdded('lnk_9', 'p6', { liveInvitation: true })])).toMatchObject([{ accepted: false, guards: ['noLiveInvitation'] }])
  expect(await stateOf('inviteLink:lnk_9')).toBe('creating')
  await send('inviteLink:lnk_9', { type: 'CANCEL', reason: 'проба' })
  await send('inviteLink:lnk_8', { type: 'REVOKE' })
})

test('letters to one person: one an hour, five in all', async () => {
  const [invitation] = await liveLink('lnk_10', ['p3'])
  expect(await send(invitation!, { type: 'RESEND' })).toMatchObject({ accepted: false, guards: ['coolDownPassed'] })
  const expires = (await deadlinesOf('inviteLink:lnk_10')).TIMER_EXPIRED
  for (let letter = 2; letter <= 5; letter += 1) {
    await passTo(new Date((await school.now()).getTime() + 60 * 60 * 1000))
    expect(await send('inviteLink:lnk_10', { type: 'RESEND', facts: { writable: 1 } })).toMatchObject({ accepted: true })
  }
  await expect.poll(async () => (await lettersOf(invitation!)).filter((letter) => letter === 'L-INV-TEACHER p3 accepted').length, patience).toBe(5)
  await passTo(new Date((await school.now()).getTime() + 60 * 60 * 1000))
  expect(await send(invitation!, { type: 'RESEND' })).toMatchObject({ accepted: false, guards: ['lettersLeft'] })
  expect((await deadlinesOf('inviteLink:lnk_10')).TIMER_EXPIRED).toEqual(expires)
  await send('inviteLink:lnk_10', { type: 'REVOKE' })
})

test('a link that died early on the platform is made again; nobody is reminded of the dead one', async () => {
  const id = 'inviteLink:lnk_11'
  const [invitation] = await liveLink('lnk_11', ['p3'])
  const old = await deadlinesOf(invitation!)
  expect(await send(id, { type: 'LINK_DIED_EARLY' })).toMatchObject({ accepted: true, state: 'creating' })
  expect(await deadlinesOf(invitation!)).toEqual({})
  expect(await linkRow('lnk_11')).toMatchObject({ platform: 'none', expires: null })
  await passTo(old.TIMER_REMIND_MID!)
  await complete('T-LINK-CREATE', linkCreated(), { owner: id })
  expect(await stateOf(id)).toBe('active')
  expect((await deadlinesOf(invitation!)).TIMER_REMIND_MID!.getTime()).toBeGreaterThan(old.TIMER_REMIND_MID!.getTime())
  expect(await lettersOf(invitation!)).toEqual(['L-INV-TEACHER p3 accepted'])
  await send(id, { type: 'REVOKE' })
})

test('what the invited person says is heard once; after a refusal nobody writes again (BR-19)', async () => {
  const [invitation] = await liveLink('lnk_12', ['p3'])
  expect(await send(invitation!, { type: 'OPENED' }, recipient)).toMatchObject({ accepted: true })
  expect(await send(invitation!, { type: 'OPENED' }, recipient)).toMatchObject({ accepted: true })
  expect(await send(invitation!, { type: 'REQUEST_SENT' }, recipient)).toMatchObject({ accepted: true })
  expect(await send(invitation!, { type: 'REQUEST_SENT' }, recipient)).toMatchObject({ accepted: false, guards: ['requestSentOnce'] })
  expect(await send(invitation!, { type: 'NEW_LINK_REQUESTED' }, recipient)).toMatchObject({ accepted: true })
  expect(await send(invitation!, { type: 'NEW_LINK_REQUESTED' }, recipient)).toMatchObject({ accepted: false, guards: ['noNewLinkPending'] })
  expect(await complete('T-LINK-AGAIN', { decision: 'refused' }, { owner: invitation! })).toMatchObject({ accepted: true })
  expect(await send(invitation!, { type: 'DECLINE', reason: 'не хочу' }, recipient)).toMatchObject({ accepted: true, state: 'declined' })
  await passTo((await deadlinesOf('inviteLink:lnk_12')).TIMER_EXPIRED!)
  await becomes('inviteLink:lnk_12', 'closing')
  expect(await lettersOf(invitation!)).toEqual(['L-INV-TEACHER p3 accepted'])
})
