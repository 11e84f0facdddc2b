import { expect, test } from 'vitest'
import { weekday } from '../../school/texts/console/dates.ts'
import { timeLeft } from '../../school/texts/console/time-left.ts'
import { timelineView, wayOf } from '../../server/console/process/timeline-view.ts'
import { waitedDays } from '../../server/waited-days.ts'

const samara = { timezone: 'Europe/Samara', schoolWeek: 5 } as const

test('waiting is counted in working days of the school’s calendar, the first day left out', () => {
  const moments = ['2026-04-29T08:00:00Z', '2026-05-05T08:00:00Z', '2026-05-05T20:30:00Z', '2026-05-18T06:00:00Z'].map((text) => new Date(text))
  // 1–3 May are days off; half past eight in the evening UTC is the next day in Samara; 9–11 May are days off.
  expect(waitedDays(moments, samara)).toEqual([0, 3, 1, 7])
})

const line = (more: object) => ({ id: 1, at: '2026-09-01T08:00:00.000Z', actor: 'person', who: 'Лисицын Павел', personId: 'p2', processId: 'x', about: '', event: 'E', what: 'Событие', from: 'А', to: 'Б', why: null, clause: null, applied: true, waited: 0, ...more })

test('reminders and the days around them are one line of waiting', () => {
  const history = [
    line({ what: 'Первое' }),
    line({ actor: 'timer', what: 'Напоминание', from: 'Б', to: 'Б', waited: 2 }),
    line({ actor: 'timer', what: 'Напоминание', from: 'Б', to: 'Б', waited: 3 }),
    line({ actor: 'timer', what: 'Срок истёк', from: 'Б', to: 'В', waited: 1 }),
  ]
  const { text } = timelineView(history, 'Europe/Samara')
  expect(text.match(/<li class="wait">[^<]*<\/li>/g)).toEqual(['<li class="wait">ожидание 6 рабочих дней, в том числе напоминания: 2</li>'])
  expect(text).toContain('01.09.2026 12:00')
  expect(text).not.toContain('Напоминание')
  expect(wayOf(history, 'x')).toEqual(['Б', 'В'])
})

test('what is left of a term, and the day it is at the school', () => {
  const now = new Date('2026-09-01T21:00:00Z')
  expect(timeLeft(new Date('2026-09-04T20:00:00Z'), now)).toBe('осталось: 2 дня')
  expect(timeLeft(new Date('2026-09-01T22:05:00Z'), now)).toBe('осталось: 1 час')
  expect(timeLeft(new Date('2026-09-01T20:15:00Z'), now)).toBe('просрочено: 45 минут')
  expect(weekday(now, 'Europe/Samara')).toBe('среда, 2 сентября')
})
