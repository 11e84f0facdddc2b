import { expect, test } from 'vitest'
import { clauseLabel } from '../../../school/texts/clause.ts'
import { longDate, numberSign, plural, shortDate, shortDateTime, termText } from '../../../school/texts/format.ts'
import { russianZones, zoneCity } from '../../../school/texts/zones.ts'

test('a date has a form for text and one for tables', () => {
  expect(longDate('2026-08-24')).toBe('24 августа 2026 г.')
  expect(shortDate('2026-08-24')).toBe('24.08.2026')
})

test('an instant is dated by the clock of the zone', () => {
  const evening = new Date('2026-08-31T20:30:00Z')
  expect(longDate(evening, 'Asia/Kamchatka')).toBe('1 сентября 2026 г.')
  expect(shortDate(evening, 'Europe/Kaliningrad')).toBe('31.08.2026')
  expect(shortDateTime(evening, 'Europe/Samara')).toBe('01.09.2026 00:30')
})

test('a term names the city unless the clock is Moscow’s', () => {
  expect(termText(new Date('2026-09-22T19:59:59Z'), 'Europe/Samara')).toBe('22 сентября 2026 г., 23:59 (время: Самара)')
  expect(termText(new Date('2026-09-22T20:59:59Z'), 'Europe/Moscow')).toBe('22 сентября 2026 г., 23:59')
  expect(termText(new Date('2026-09-22T20:59:59Z'), 'Europe/Volgograd')).toBe('22 сентября 2026 г., 23:59')
})

test.each([
  [1, '1 день'], [2, '2 дня'], [5, '5 дней'], [11, '11 дней'], [21, '21 день'], [112, '112 дней'], [0, '0 дней'], [1.5, '1,5 дня'],
])('%d is «%s»', (count, text) => {
  expect(plural(count, { one: 'день', few: 'дня', many: 'дней' })).toBe(text)
})

test('a number stays with its sign', () => {
  expect(numberSign(12)).toBe('№\u00a012')
})

test.each([
  ['R2.1-06', 'п. 2.1, абз. 6'], ['R2.1-00', 'п. 2.1'], ['R2.1-17', 'п. 2.1, абз. 17'], ['R2.2-06a', 'п. 2.2, абз. 6, подп. «а»'],
  ['R2.3-03d', 'п. 2.3, абз. 3, подп. «г»'], ['R2.T-02', 'разд. 2, педагогический работник'], ['R2.T-03b', 'разд. 2, педагогический работник'],
  ['R2.S', 'разд. 2, обучающийся'], ['R2.7-01', 'п. 2.7, абз. 1'], ['R3.1', 'п. 3.1'], ['R1-01', 'разд. 1'], ['DEC', 'DEC'],
  ['R2.2-06, R2.T-03', 'п. 2.2, абз. 6; разд. 2, педагогический работник'],
])('%s is «%s»', (code, label) => {
  expect(clauseLabel(code)).toBe(label)
})

test('every zone of Russia in the time-zone database is known with its city', () => {
  expect(russianZones).toHaveLength(27)
  expect(zoneCity('Europe/Samara')).toBe('Самара')
  expect(russianZones.map(zoneCity).filter((city) => !/^[А-Я][а-яё-]+(-[А-Я][а-яё]+)?$/.test(city))).toEqual([])
  // Each is a zone this runtime's time-zone database knows.
  expect(russianZones.filter((zone) => !Intl.supportedValuesOf('timeZone').includes(zone))).toEqual([])
})
