import { expect, test } from 'vitest'
import { checkText } from '../../../school/validation/text.ts'
import { checkTimezone } from '../../../school/validation/timezone.ts'
import { russianZones } from '../../../school/texts/zones.ts'
import { outcome } from './outcome.ts'

test('lines, dashes and quotes stay, control characters go', () => {
  expect(outcome(checkText('  Школа — «Лицей»,\r\nкорпус\u0000 2 \u202e\n', { max: 100 }))).toBe('Школа — «Лицей»,\nкорпус 2')
})

test('an emoji family stays together and counts as its characters', () => {
  expect(checkText('👨\u200d👩\u200d👧', { max: 5 }).ok).toBe(true)
})

test.each([
  ['', 'textRequired'], [' \n\u200b', 'textRequired'], ['а'.repeat(11), 'textTooLong'], ['<b>да', 'textHtml'], ['</p>', 'textHtml'],
  ['<!-- x', 'textHtml'], ['<script', 'textHtml'],
])('«%s» is refused: %s', (text, code) => {
  expect(outcome(checkText(text, { max: 10 }))).toEqual([code])
})

test('a comparison is no HTML', () => {
  expect(checkText('5 < 6 > 4', { max: 10 }).ok).toBe(true)
})

test.each(russianZones)('%s is a zone of a Russian school', (zone) => {
  expect(outcome(checkTimezone(zone))).toBe(zone)
})

test.each(['+03:00', 'UTC', 'Etc/GMT-4', 'MSK', 'Europe/Berlin', 'constructor', ''])('«%s» is not', (zone) => {
  expect(outcome(checkTimezone(zone))).toEqual(['timezoneUnknown'])
})
