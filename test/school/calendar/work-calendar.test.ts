import { describe, expect, test } from 'vitest'
import { workCalendar } from '../../../school/calendar/work-calendar.ts'
import { year2026 } from '../../../school/calendar/years/2026.ts'
import type { YearData } from '../../../school/calendar/years/year-data.ts'

const timezone = 'Europe/Samara'
const five = workCalendar({ timezone, schoolWeek: 5 })
const six = workCalendar({ timezone, schoolWeek: 6 })
const samara = (text: string) => new Date(`${text}+04:00`)

describe('days of 2026', () => {
  test('there are 247 working days in a five-day and 297 in a six-day week', () => {
    expect(five.workingDaysIn(2026)).toBe(247)
    expect(six.workingDaysIn(2026)).toBe(297)
  })

  test.each([
    ['2026-01-01', 'holiday'], ['2026-01-08', 'holiday'], ['2026-01-09', 'movedOff'], ['2026-03-09', 'movedOff'],
    ['2026-04-30', 'shortened'], ['2026-05-09', 'holiday'], ['2026-05-11', 'movedOff'], ['2026-05-12', 'working'],
    ['2026-08-30', 'weekend'], ['2026-11-04', 'holiday'], ['2026-12-31', 'movedOff'],
  ])('%s is %s in both weeks', (date, kind) => {
    expect([five.dayKind(date), six.dayKind(date)]).toEqual([kind, kind])
  })

  test('a Saturday that is no holiday is a working day of the six-day week only', () => {
    expect([five.isWorkingDay('2026-08-29'), six.isWorkingDay('2026-08-29')]).toEqual([false, true])
  })
})

test('a week starts on its first working day: after 11 May 2026 and the New Year holidays that is not a Monday', () => {
  expect(['2026-08-24', '2026-08-25', '2026-08-23'].map(five.startsWeek)).toEqual([true, false, false])
  expect(['2026-05-11', '2026-05-12', '2026-05-13'].map(five.startsWeek)).toEqual([false, true, false])
  expect(['2026-01-09', '2026-01-10', '2026-01-12'].map(five.startsWeek)).toEqual([false, false, true])
  expect(['2026-01-10', '2026-01-12'].map(six.startsWeek)).toEqual([true, true])
})

describe('working days', () => {
  test.each([
    [five, '2026-08-24', 10, '2026-09-07'], [six, '2026-08-24', 10, '2026-09-04'],
    [five, '2026-04-29', 3, '2026-05-05'], [six, '2026-04-29', 3, '2026-05-04'],
    [five, '2026-05-06', 5, '2026-05-14'], [six, '2026-05-06', 5, '2026-05-14'],
    [five, '2026-11-03', 1, '2026-11-05'], [six, '2026-11-03', 1, '2026-11-05'],
    [five, '2026-08-24', 3, '2026-08-27'], [five, '2026-08-24', 7, '2026-09-02'],
  ])('case %#: %s + %i ends on the expected day at 18:00', (calendar, from, n, expected) => {
    expect(calendar.addWorkingDays(from, n)).toEqual({ at: samara(`${expected}T18:00:00`), provisional: false })
  })

  test('a term that ends on a shortened day ends at 17:00', () => {
    expect(five.addWorkingDays('2026-04-29', 1).at).toEqual(samara('2026-04-30T17:00:00'))
  })

  test('the day of an instant is the local one', () => {
    // 21:30 UTC on Monday is already Tuesday in Samara.
    expect(five.addWorkingDays(new Date('2026-08-24T21:30:00Z'), 1).at).toEqual(samara('2026-08-26T18:00:00'))
  })

  test('counting back skips days off and keeps the hour rule', () => {
    expect(five.workingDaysBefore(samara('2026-05-12T23:59:59'), 2).at).toEqual(samara('2026-05-07T18:00:00'))
    expect(five.workingDaysBefore(samara('2026-05-12T23:59:59'), 1).at).toEqual(samara('2026-05-08T17:00:00'))
    expect(five.workingDaysBefore('2026-09-22', 2).at).toEqual(samara('2026-09-18T18:00:00'))
  })

  test.each([0, -1, 1.5, Number.NaN])('%d is no number of working days', (n) => {
    expect(() => five.addWorkingDays('2026-08-24', n)).toThrow(RangeError)
  })

  test('a date that does not exist is refused', () => {
    expect(() => five.addWorkingDays('2026-02-30', 1)).toThrow(RangeError)
  })
})

describe('working hours', () => {
  test.each([
    ['within a day', '2026-08-24T10:00:00', 4, '2026-08-24T14:00:00'],
    ['exactly to the end of the day', '2026-08-24T14:00:00', 4, '2026-08-24T18:00:00'],
    ['over the night', '2026-08-24T16:30:00', 4, '2026-08-25T11:30:00'],
    ['from the early morning', '2026-08-24T06:00:00', 4, '2026-08-24T13:00:00'],
    ['from a day off', '2026-08-29T12:00:00', 4, '2026-08-31T13:00:00'],
    ['over a shortened day', '2026-04-30T15:00:00', 4, '2026-05-04T11:00:00'],
  ])('four hours %s', (_title, from, n, expected) => {
    expect(five.addWorkingHours(samara(from), n).at).toEqual(samara(expected))
  })

  test('no hours, or endless ones, are refused', () => {
    expect(() => five.addWorkingHours(samara('2026-08-24T10:00:00'), 0)).toThrow(RangeError)
    expect(() => five.addWorkingHours(samara('2026-08-24T10:00:00'), Number.POSITIVE_INFINITY)).toThrow(RangeError)
  })
})

describe('term of a link', () => {
  test('14 days from 27 April 2026 end on 12 May, because the 11th is off', () => {
    expect(five.endOfTerm(samara('2026-04-27T12:00:00'), 14)).toEqual({
      at: samara('2026-05-12T23:59:59'),
      provisional: false,
    })
  })

  test('a term that ends on a working day stays there', () => {
    expect(five.endOfTerm(samara('2026-09-08T00:10:00'), 14).at).toEqual(samara('2026-09-22T23:59:59'))
  })
})

describe('letters and daily work', () => {
  test.each([
    ['2026-08-24T07:59:59', true], ['2026-08-24T08:00:00', false], ['2026-08-24T19:59:59', false],
    ['2026-08-24T20:00:00', true], ['2026-08-29T12:00:00', true],
  ])('at %s letters wait: %s', (at, quiet) => {
    expect(five.withinQuietHours(samara(at))).toBe(quiet)
  })

  test.each([
    ['2026-08-24T12:00:00', '2026-08-24T12:00:00'], ['2026-08-24T05:00:00', '2026-08-24T08:00:00'],
    ['2026-08-28T20:00:00', '2026-08-31T08:00:00'], ['2026-12-30T21:00:00', '2027-01-11T08:00:00'],
  ])('a letter of %s goes at %s', (at, next) => {
    expect(five.nextLetterMoment(samara(at))).toEqual(samara(next))
  })

  test('the next working moment lies strictly after the instant', () => {
    expect(five.nextWorkingMoment(samara('2026-08-28T07:29:59'), '07:30')).toEqual(samara('2026-08-28T07:30:00'))
    expect(five.nextWorkingMoment(samara('2026-08-28T07:30:00'), '07:30')).toEqual(samara('2026-08-31T07:30:00'))
  })
})

describe('school year', () => {
  test.each([
    ['2026-08-31', { key: '2025-2026', label: '2025/26' }], ['2026-09-01', { key: '2026-2027', label: '2026/27' }],
    ['2099-10-01', { key: '2099-2100', label: '2099/00' }],
  ])('%s belongs to %o', (date, year) => {
    expect(five.academicYearOf(date)).toEqual(year)
  })

  test('the zone decides on which side of midnight an instant falls', () => {
    const kamchatka = workCalendar({ timezone: 'Asia/Kamchatka', schoolWeek: 5 })
    expect(kamchatka.academicYearOf(new Date('2026-08-31T20:30:00Z')).label).toBe('2026/27')
    // Edge case 14: a promotion approved on 31 August at 23:50 in Kamchatka.
    expect(kamchatka.academicYearOf(new Date('2026-08-31T11:50:00Z')).label).toBe('2025/26')
  })

  test('a Sunday 1 September moves the first lesson, not the academic year', () => {
    expect(five.firstLessonDay(2024)).toBe('2024-09-02')
    expect(five.academicYearOf('2024-09-01').label).toBe('2024/25')
    expect([five.firstLessonDay(2029), six.firstLessonDay(2029)]).toEqual(['2029-09-03', '2029-09-01'])
  })

  test('summer is 1 June – 31 August', () => {
    expect(['2026-05-31', '2026-06-01', '2026-08-31', '2026-09-01'].map((day) => five.isSummer(day))).toEqual([
      false, true, true, false,
    ])
  })
})

describe('data of a year', () => {
  test('what is computed over 2027 is provisional and says so', () => {
    expect(five.addWorkingDays('2026-12-29', 1)).toEqual({ at: samara('2026-12-30T18:00:00'), provisional: false })
    expect(five.addWorkingDays('2026-12-29', 2)).toEqual({ at: samara('2027-01-11T18:00:00'), provisional: true })
    expect(five.endOfTerm(samara('2026-12-25T12:00:00'), 14).provisional).toBe(true)
  })

  test('any other year has weekends and federal holidays only, provisionally', () => {
    expect([five.dayKind('2031-05-01'), five.dayKind('2031-05-02'), five.isProvisional('2031-05-02')]).toEqual([
      'holiday', 'working', true,
    ])
    expect(five.isProvisional('2026-05-02')).toBe(false)
  })

  test('edge case 15: the decree for the next year moves the deadline and the version', () => {
    const year2027: YearData = {
      year: 2027, state: 'final', version: '2027.1', source: 'test',
      days: [{ date: '2027-01-11', kind: 'movedOff' }, { date: '2027-02-20', kind: 'movedWorking' }],
    }
    const loaded = workCalendar({ timezone, schoolWeek: 5, years: [year2026, year2027] })
    expect(loaded.addWorkingDays('2026-12-29', 2)).toEqual({ at: samara('2027-01-12T18:00:00'), provisional: false })
    expect(loaded.isWorkingDay('2027-02-20')).toBe(true)
    expect([five.version, loaded.version]).toEqual(['2026.1+2027.0', '2026.1+2027.1'])
  })

  test('a correction wins over the federal data and changes the version, whatever its order', () => {
    const radonitsa = { date: '2026-04-21', kind: 'holiday' } as const
    const saturday = { date: '2026-04-25', kind: 'movedWorking' } as const
    const corrected = workCalendar({ timezone, schoolWeek: 5, corrections: [radonitsa, saturday] })
    const reversed = workCalendar({ timezone, schoolWeek: 5, corrections: [saturday, radonitsa] })
    expect([corrected.isWorkingDay('2026-04-21'), corrected.isWorkingDay('2026-04-25')]).toEqual([false, true])
    expect(corrected.version).toBe(reversed.version)
    expect(corrected.version).not.toBe(five.version)
  })
})

describe('zones', () => {
  test('wall time becomes an instant by the time-zone database', () => {
    expect(five.startOfDay('2026-08-24')).toEqual(new Date('2026-08-23T20:00:00Z'))
    expect(five.at('2026-08-24', '09:10')).toEqual(samara('2026-08-24T09:10:00'))
    // Samara lived by UTC+3 in the summer of 2010: a fixed offset would be wrong.
    expect(five.at('2010-12-01', '12:00')).toEqual(new Date('2010-12-01T09:00:00Z'))
    expect(five.localDate(new Date('2026-08-23T20:00:00Z'))).toBe('2026-08-24')
  })

  test.each(['+03:00', 'Mars/Olympus', ''])('«%s» is refused', (zone) => {
    expect(() => workCalendar({ timezone: zone, schoolWeek: 5 })).toThrow(RangeError)
  })

  test.each(['24:00', '9:00', ''])('the time «%s» is refused', (time) => {
    expect(() => five.at('2026-08-24', time)).toThrow(RangeError)
  })
})
