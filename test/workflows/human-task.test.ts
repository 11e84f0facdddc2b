import { expect, test } from 'vitest'
import { workCalendar } from '../../school/calendar/work-calendar.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'

const school = await schoolInSkippedTime(6)
const calendar = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5 })
const { send, complete, passTo, deadlinesOf, lettersOf, stateOf, timelineOf } = school
const person = (personId: string) => ({ kind: 'person', personId }) as const
const minute = 60 * 1000

/** A class to be given on the platform: its task, due in three working days, and the instance it belongs to. */
async function classToGive(name: string): Promise<{ id: string; owner: string }> {
  const owner = `staffAssignment:${name}`
  await school.start([{ id: owner, kind: 'staffAssignment', input: { kind: 'classTeacher', personId: 'p3', className: '5А', orderId: 'o1' } }])
  expect(await send(owner, { type: 'START', facts: { personJoined: true, orderInForce: true } })).toMatchObject({ accepted: true })
  return { id: (await school.openTask('T-CLASS-TEACHER', owner)).id, owner }
}

test('a task is taken, given back by who took it, handed over and put off', async () => {
  const { id, owner } = await classToGive('taken')
  expect(await send(id, { type: 'CLAIM' }, person('p2'))).toMatchObject({ accepted: true, state: 'claimed' })
  expect(await send(id, { type: 'RELEASE' }, person('p1'))).toMatchObject({ accepted: false, guards: ['claimedBySender'] })
  expect(await send(id, { type: 'RELEASE' }, person('p2'))).toMatchObject({ accepted: true, state: 'open' })
  expect(await send(id, { type: 'REASSIGN', to: 'p4' }, person('p1'))).toMatchObject({ accepted: true })
  expect(await school.openTask('T-CLASS-TEACHER', owner)).toMatchObject({ assignee: 'p4' })

  const until = new Date((await school.now()).getTime() + 60 * minute)
  expect(await send(id, { type: 'SNOOZE', until: until.toISOString() }, person('p4'))).toMatchObject({ accepted: true })
  expect((await deadlinesOf(id)).TIMER_REMIND).toEqual(until)
  const snoozed = async () => (await school.rows<{ until: Date | null }>('select snoozed_until as until from tasks where id = $1', [id]))[0]!.until
  expect(await snoozed()).toEqual(until)
  await passTo(until)
  await expect.poll(snoozed, patience).toBeNull()
  await complete('T-CLASS-TEACHER', { confirmed: true }, { owner })
})

test('a task nobody does reminds at half its term, is overdue at its end, reminds five times more and climbs to the head', async () => {
  const { id, owner } = await classToGive('ladder')
  const { TIMER_REMIND: remind, TIMER_DUE: due, TIMER_ESCALATE: escalate, TIMER_ESCALATE_HEAD: head } = await deadlinesOf(id)
  const opened = (await school.rows<{ at: Date }>('select opened_at as at from tasks where id = $1', [id]))[0]!.at
  expect(due).toEqual(calendar.addWorkingDays(opened, 3).at)
  expect(remind!.getTime()).toBe(Math.floor((opened.getTime() + due!.getTime()) / 2))
  expect([escalate, head]).toEqual([calendar.addWorkingDays(due!, 1).at, calendar.addWorkingDays(due!, 3).at])

  const timers = async () => (await timelineOf(id)).filter((event) => event.startsWith('TIMER_'))
  await passTo(remind!)
  await expect.poll(timers, patience).toEqual(['TIMER_REMIND'])
  await passTo(due!)
  await expect.poll(timers, patience).toEqual(['TIMER_REMIND', 'TIMER_DUE'])
  expect(await school.openTask('T-CLASS-TEACHER', owner)).toMatchObject({ overdue: true, escalated: false, roles: ['platformAdmin'], dueAt: due })
  await passTo(escalate!)
  await expect.poll(async () => (await school.openTask('T-CLASS-TEACHER', owner)).roles, patience).toEqual(['platformAdmin', 'deputy', 'extraAdmin'])
  expect(await lettersOf(id)).toEqual([])
  await passTo(head!)
  await expect.poll(() => lettersOf(id), patience).toEqual(['L-TASK-URGENT head accepted'])
  await passTo(calendar.addWorkingDays(due!, 8).at)
  await expect.poll(async () => (await timers()).filter((event) => event === 'TIMER_REMIND_AGAIN').length, patience).toBe(5)
  expect(await deadlinesOf(id)).toEqual({})
  await complete('T-CLASS-TEACHER', { confirmed: true }, { owner })
})

test('«не удалось» takes the branch of the kind; without one the task opens again, due in a working day, the head added', async () => {
  const { id, owner } = await classToGive('failing')
  expect(await send(id, { type: 'FAIL', reason: 'noAccess', comment: 'нет прав' })).toMatchObject({ accepted: true, state: 'failed' })
  expect(await stateOf(owner)).toBe('failed')
  const retry = await school.openTask('T-STAFF-RETRY', owner)
  expect(retry).toMatchObject({ attempt: 1, roles: ['platformAdmin'] })
  expect(await send(retry.id, { type: 'FAIL', reason: 'other', comment: 'не знаю' })).toMatchObject({ accepted: true })
  const again = await school.openTask('T-STAFF-RETRY', owner)
  expect(again).toMatchObject({ attempt: 2, roles: ['platformAdmin', 'head'], dueAt: calendar.addWorkingDays(await school.now(), 1).at })
  expect(await stateOf(owner)).toBe('failed')
  expect(await complete('T-STAFF-RETRY', { decision: 'cancel' }, { by: 'p1', owner })).toMatchObject({ accepted: true })
})

test('of two who complete a task at once one wins, and the winner is on record', async () => {
  const { id, owner } = await classToGive('race')
  const results = await Promise.all(['p2', 'p1'].map((by) => send(id, { type: 'COMPLETE', evidence: { confirmed: true } }, person(by))))
  expect(results.filter(({ accepted }) => accepted)).toHaveLength(1)
  const winner = results[0]!.accepted ? 'p2' : 'p1'
  expect((await school.rows<{ by: string }>(`select outcome ->> 'by' as by from tasks where id = $1`, [id]))[0]).toEqual({ by: winner })
  expect(await stateOf(owner)).toBe('active')
  expect((await timelineOf(owner)).filter((event) => event === 'STEP_DONE')).toHaveLength(1)
})

test('a due moment moved by hand takes its reminder and its escalations along; a stopped deadline never fires', async () => {
  const { id, owner } = await classToGive('moved')
  const before = await deadlinesOf(id)
  const at = calendar.addWorkingDays(before.TIMER_DUE!, 5).at
  expect(await send(id, { type: 'MOVE_DEADLINE', name: 'TIMER_DUE', at: at.toISOString(), reason: 'отпуск' })).toMatchObject({ accepted: true })
  expect(await deadlinesOf(id)).toMatchObject({ TIMER_DUE: at, TIMER_ESCALATE: calendar.addWorkingDays(at, 1).at, TIMER_ESCALATE_HEAD: calendar.addWorkingDays(at, 3).at })
  expect((await deadlinesOf(id)).TIMER_REMIND!.getTime()).toBeGreaterThan(before.TIMER_REMIND!.getTime())
  expect(await school.openTask('T-CLASS-TEACHER', owner)).toMatchObject({ dueAt: at })

  expect(await send(id, { type: 'STOP_DEADLINE', name: 'TIMER_ESCALATE', reason: 'договорились' })).toMatchObject({ accepted: true })
  expect(await send(id, { type: 'STOP_DEADLINE', name: 'TIMER_ESCALATE', reason: 'ещё раз' })).toMatchObject({ accepted: false, guards: ['deadlineIsLive'] })
  await passTo(calendar.addWorkingDays(at, 3).at)
  await expect.poll(() => timelineOf(id), patience).toContain('TIMER_ESCALATE_HEAD')
  expect(await timelineOf(id)).not.toContain('TIMER_ESCALATE')
  await complete('T-CLASS-TEACHER', { confirmed: true }, { owner })
})

test('a changed calendar moves what it counted, and leaves alone what was set anew since', async () => {
  const { id, owner } = await classToGive('calendar')
  const { TIMER_DUE: due, TIMER_ESCALATE: escalate } = await deadlinesOf(id)
  const later = new Date(due!.getTime() + 24 * 60 * minute)
  const counted = { was: due!.toISOString(), at: later.toISOString(), from: (await school.now()).toISOString() }
  const stale = { was: due!.toISOString(), at: later.toISOString(), from: due!.toISOString() }
  expect(await send(id, { type: 'CALENDAR_CHANGED', deadlines: { TIMER_DUE: counted, TIMER_ESCALATE: stale } }, { kind: 'process' })).toMatchObject({ accepted: true })
  expect(await deadlinesOf(id)).toMatchObject({ TIMER_DUE: later, TIMER_ESCALATE: escalate })
  expect(await timelineOf(id)).toContain('CALENDAR_CHANGED')
  await complete('T-CLASS-TEACHER', { confirmed: true }, { owner })
})
