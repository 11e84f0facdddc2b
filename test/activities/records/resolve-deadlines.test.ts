import { expect, test } from 'vitest'
import { resolveDeadlines } from '../../../activities/records/resolve-deadlines.ts'
import type { Rule } from '../../../machines/rule.ts'
import { workCalendar } from '../../../school/calendar/work-calendar.ts'

const calendar = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5 })
const now = '2026-08-24T05:10:00.000Z'

const resolve = (deadlines: [processId: string, name: string, rule: Rule][], anchors = {}) =>
  resolveDeadlines(calendar, now, deadlines.map(([processId, name, rule]) => ({ processId, name, rule })), anchors)

test('the ladder of a registration sent on 24 August 2026 stands as in the sample data', () => {
  const { reg } = resolve([
    ['reg', 'TIMER_FOLLOW_UP_1', { workingDays: 3 }],
    ['reg', 'TIMER_FOLLOW_UP_2', { workingDays: 7 }],
    ['reg', 'TIMER_ESCALATE', { workingDays: 10 }],
  ])
  expect(Object.values(reg!).map((deadline) => deadline!.at)).toEqual(['2026-08-27T14:00:00.000Z', '2026-09-02T14:00:00.000Z', '2026-09-07T14:00:00.000Z'])
})

test('a rule may count from a deadline of another instance in the same step, whichever comes first', () => {
  const resolved = resolve([
    ['invitation', 'TIMER_REMIND_LAST', { workingDaysBefore: 2, anchor: { deadline: 'TIMER_EXPIRED', of: 'link' } }],
    ['link', 'TIMER_EXPIRED', { termDays: 14 }],
  ])
  expect(resolved.link!.TIMER_EXPIRED!.at).toBe('2026-09-07T19:59:59.000Z')
  expect(resolved.invitation!.TIMER_REMIND_LAST).toMatchObject({ at: '2026-09-03T14:00:00.000Z', from: '2026-09-07T19:59:59.000Z' })
})

test('a rule may count from a deadline the cohort already has', () => {
  const resolved = resolve([['invitation', 'TIMER_REMIND_MID', { midwayTo: { deadline: 'TIMER_EXPIRED', of: 'link' } }]], { link: { TIMER_EXPIRED: '2026-08-26T05:10:00.000Z' } })
  expect(resolved.invitation!.TIMER_REMIND_MID!.at).toBe('2026-08-25T05:10:00.000Z')
})

test('reminders whose moment is not after the issue, or that count from nothing, are not set', () => {
  const { invitation } = resolve(
    [
      ['invitation', 'TIMER_REMIND_LAST', { workingDaysBefore: 2, anchor: '2026-08-25T05:10:00.000Z' }],
      ['invitation', 'TIMER_REMIND_MID', { midwayTo: { deadline: 'TIMER_EXPIRED', of: 'gone' } }],
    ],
  )
  expect(invitation).toEqual({ TIMER_REMIND_LAST: null, TIMER_REMIND_MID: null })
})

test('of two settings of one deadline in a step the later stands', () => {
  const { link } = resolve([
    ['link', 'TIMER_EXPIRED', { termDays: 14 }],
    ['link', 'TIMER_EXPIRED', { at: '2026-09-01T00:00:00.000Z' }],
  ])
  expect(link!.TIMER_EXPIRED!.at).toBe('2026-09-01T00:00:00.000Z')
})

test('a deadline counted on provisional data says so', () => {
  const { reg } = resolveDeadlines(calendar, '2026-12-30T05:10:00.000Z', [{ processId: 'reg', name: 'TIMER_ESCALATE', rule: { workingDays: 10 } }], {})
  expect(reg!.TIMER_ESCALATE!.provisional).toBe(true)
})

test('a reminder of pupils or guardians waits until a school break is over, and is none where its term is over by then (domain guide 12)', () => {
  const school = workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5, breaks: [{ from: '2026-10-26', to: '2026-11-01' }, { from: '2026-11-02', to: '2026-11-03' }] })
  const remind = (term: string, families: boolean) =>
    resolveDeadlines(school, '2026-10-20T06:00:00.000Z', [{ processId: 'inv', name: 'TIMER_REMIND_LAST', rule: { workingDaysBefore: 2, anchor: term }, reminder: true, ...(families && { families }) }], {}).inv!.TIMER_REMIND_LAST
  // Two working days before 30 October lies in the break; 4 November is a holiday.
  expect(remind('2026-11-10T19:59:59.000Z', true)).toMatchObject({ at: '2026-11-06T14:00:00.000Z' })
  expect(remind('2026-10-30T19:59:59.000Z', true)).toBeNull()
  expect(remind('2026-10-30T19:59:59.000Z', false)).toMatchObject({ at: '2026-10-28T14:00:00.000Z' })
  expect(remind('2026-11-05T19:59:59.000Z', true)).toMatchObject({ at: '2026-11-05T05:00:00.000Z', rule: { workingDaysBefore: 2, outsideBreaks: true } })
})

test('terms of onboarding that begin in summer are twice as long, where the school wants that (domain guide 12)', () => {
  const term = (summerDoubles: boolean, at: string) =>
    resolveDeadlines(workCalendar({ timezone: 'Europe/Samara', schoolWeek: 5, summerDoubles }), at, [
      { processId: 'link', name: 'TIMER_EXPIRED', rule: { termDays: 14 }, summer: true },
      { processId: 'own', name: 'TIMER_EXPIRED', rule: { at: '2026-06-20T06:00:00.000Z' }, summer: true },
    ], {})
  expect(term(true, '2026-06-08T06:00:00.000Z')).toMatchObject({ link: { TIMER_EXPIRED: { at: '2026-07-06T19:59:59.000Z' } }, own: { TIMER_EXPIRED: { at: '2026-06-20T06:00:00.000Z' } } })
  expect(term(false, '2026-06-08T06:00:00.000Z').link!.TIMER_EXPIRED!.at).toBe('2026-06-22T19:59:59.000Z')
  expect(term(true, '2026-09-07T06:00:00.000Z').link!.TIMER_EXPIRED!.at).toBe('2026-09-21T19:59:59.000Z')
})
