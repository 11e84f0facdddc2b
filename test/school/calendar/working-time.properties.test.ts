import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shiftDate } from '../../../school/calendar/local-date.ts'
import { workCalendar } from '../../../school/calendar/work-calendar.ts'

const calendars = (['Europe/Kaliningrad', 'Europe/Samara', 'Asia/Kamchatka'] as const).flatMap((timezone) =>
  ([5, 6] as const).map((schoolWeek) => workCalendar({ timezone, schoolWeek })),
)
const calendar = fc.constantFrom(...calendars)
const date = fc.integer({ min: 0, max: 1095 }).map((days) => shiftDate('2026-01-01', days))
const instant = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2028-12-31T00:00:00Z'), noInvalidDate: true })
const count = fc.integer({ min: 1, max: 40 })

test('more working days never end earlier, and the end is a working day', () => {
  fc.assert(
    fc.property(calendar, date, count, (school, from, n) => {
      const end = school.addWorkingDays(from, n).at
      expect(school.addWorkingDays(from, n + 1).at.getTime()).toBeGreaterThan(end.getTime())
      expect(school.isWorkingDay(school.localDate(end))).toBe(true)
    }),
  )
})

test('a later start never ends earlier', () => {
  fc.assert(
    fc.property(calendar, date, count, fc.integer({ min: 1, max: 30 }), (school, from, n, later) => {
      const first = school.addWorkingDays(from, n).at
      expect(school.addWorkingDays(shiftDate(from, later), n).at.getTime()).toBeGreaterThanOrEqual(first.getTime())
    }),
  )
})

test('from a working day, n working days there and n back is the same day', () => {
  fc.assert(
    fc.property(calendar, date, count, (school, from, n) => {
      fc.pre(school.isWorkingDay(from))
      const there = school.localDate(school.addWorkingDays(from, n).at)
      expect(school.localDate(school.workingDaysBefore(there, n).at)).toBe(from)
    }),
  )
})

test('working hours add up: a hours and then b hours is a + b hours', () => {
  const hours = fc.integer({ min: 1, max: 30 })
  fc.assert(
    fc.property(calendar, instant, hours, hours, (school, from, a, b) => {
      const parts = school.addWorkingHours(school.addWorkingHours(from, a).at, b).at
      expect(parts).toEqual(school.addWorkingHours(from, a + b).at)
    }),
  )
})

test('a letter never goes within quiet hours and never before its time', () => {
  fc.assert(
    fc.property(calendar, instant, (school, at) => {
      const goes = school.nextLetterMoment(at)
      expect(goes.getTime()).toBeGreaterThanOrEqual(at.getTime())
      expect(school.withinQuietHours(goes)).toBe(false)
    }),
  )
})
