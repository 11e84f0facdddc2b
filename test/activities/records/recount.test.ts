import { expect, test } from 'vitest'
import { recount } from '../../../activities/records/recount.ts'
import { resolveDeadlines } from '../../../activities/records/resolve-deadlines.ts'
import type { CountedDeadline } from '../../../db/deadlines.ts'
import type { WantedDeadline } from '../../../workflows/step.ts'
import { workCalendar } from '../../../school/calendar/work-calendar.ts'

const school = { timezone: 'Europe/Samara', schoolWeek: 5 } as const
const ordinary = workCalendar(school)
/** The region gives the school a long weekend. */
const changed = workCalendar({ ...school, corrections: ['2026-08-27', '2026-08-28'].map((date) => ({ date, kind: 'movedOff' as const })) })
const monday = '2026-08-24T05:10:00.000Z'
const now = new Date('2026-08-25T05:00:00Z')
const due = { deadline: 'TIMER_DUE' }

const task: WantedDeadline[] = [
  { processId: 'task:1', name: 'TIMER_REMIND', rule: { midwayTo: due }, reminder: true },
  { processId: 'task:1', name: 'TIMER_DUE', rule: { workingDays: 3 } },
  { processId: 'task:1', name: 'TIMER_ESCALATE', rule: { workingDays: 1, after: due } },
  { processId: 'task:1', name: 'TIMER_ESCALATE_HEAD', rule: { workingDays: 3, after: due } },
]

/** Deadlines as the school has them after the step that set them. */
function standing(wanted: WantedDeadline[], kind = 'humanTask'): CountedDeadline[] {
  const resolved = resolveDeadlines(ordinary, monday, wanted, {})
  return wanted.map(({ processId, name }) => {
    const { at, rule, from, provisional = false } = resolved[processId]![name]!
    return { processId, kind, name, at: new Date(at), rule, countedFrom: new Date(from), provisional }
  })
}

const momentsOf = (moved: ReturnType<typeof recount>) => Object.fromEntries(moved.map(({ name, at }) => [name, at]))

test('the calendar that counted them moves nothing', () => {
  expect(recount(ordinary, standing(task), now)).toEqual([])
})

test('a due moment that moves takes its escalations and its reminder along', () => {
  const moved = recount(changed, standing(task), now)
  expect(momentsOf(moved)).toEqual({
    TIMER_REMIND: '2026-08-27T21:35:00.000Z',
    TIMER_DUE: '2026-08-31T14:00:00.000Z',
    TIMER_ESCALATE: '2026-09-01T14:00:00.000Z',
    TIMER_ESCALATE_HEAD: '2026-09-03T14:00:00.000Z',
  })
  expect(moved[0]).toEqual({ processId: 'task:1', name: 'TIMER_REMIND', was: '2026-08-25T21:35:00.000Z', at: '2026-08-27T21:35:00.000Z', from: '2026-08-31T14:00:00.000Z', staleAt: '2026-08-31T14:00:00.000Z' })
  expect(moved[2]).toMatchObject({ from: '2026-08-31T14:00:00.000Z' })
})

test('one whose due moment has fired counts on from where that was', () => {
  const [, , escalate] = standing(task)
  expect(momentsOf(recount(changed, [escalate!], now))).toEqual({ TIMER_ESCALATE: '2026-08-31T14:00:00.000Z' })
})

test('reminders of an invitation follow the term of their link; what a person moved by hand stays', () => {
  const term = { deadline: 'TIMER_EXPIRED', of: 'link' }
  const longer = workCalendar({ ...school, corrections: [{ date: '2026-09-05', kind: 'movedWorking' }, { date: '2026-09-07', kind: 'movedOff' }] })
  const deadlines = [
    ...standing([
      { processId: 'link', name: 'TIMER_EXPIRED', rule: { termDays: 14 } },
      { processId: 'invitation', name: 'TIMER_REMIND_LAST', rule: { workingDaysBefore: 2, anchor: term }, reminder: true },
    ], 'invitation'),
    ...standing([{ processId: 'task:2', name: 'TIMER_DUE', rule: { at: '2026-09-07T14:00:00.000Z' } }]),
  ]
  expect(momentsOf(recount(longer, deadlines, now))).toEqual({ TIMER_EXPIRED: '2026-09-08T19:59:59.000Z', TIMER_REMIND_LAST: '2026-09-04T14:00:00.000Z' })
})
