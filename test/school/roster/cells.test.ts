import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCell, readDate, readPhone, readYesNo } from '../../../school/roster/cells.ts'
import { readClass } from '../../../school/roster/class-cell.ts'
import { checkStaffPhone } from '../../../school/validation/phone.ts'
import { outcome, warnings } from '../validation/outcome.ts'

test.each([
  ['8,9000000002E+10', '89000000002'],
  ['7.9000000002E+10', '79000000002'],
  ['9,000000002E+9', '9000000002'],
  ['79000000002.0', '79000000002'],
  ['8 (900) 000-00-02', '8 (900) 000-00-02'],
])('a number that Excel turned into «%s» is turned back', (text, phone) => {
  expect(outcome(readPhone(text))).toBe(phone)
  expect(outcome(checkStaffPhone(phone))).toBe('+79000000002')
})

test('a number that Excel cut is lost, and the person hears why', () => {
  expect(outcome(readPhone('8,9E+10'))).toEqual(['phoneCut'])
  expect(outcome(readPhone('7.90001E+10'))).toEqual(['phoneCut'])
})

test('of several numbers the first is taken, with a warning; a masked one says nothing', () => {
  const several = readPhone('8 900 000-00-02, 8 900 000-00-03')
  expect([outcome(several), warnings(several)]).toEqual(['8 900 000-00-02', ['phoneMany']])
  const masked = readPhone('+7 (900) ***-**-02')
  expect([outcome(masked), warnings(masked)]).toEqual(['', ['contactMasked']])
})

test('every Russian mobile survives Excel as long as no digit is lost', () => {
  fc.assert(
    fc.property(fc.integer({ min: 9_000_000_000, max: 9_999_999_999 }), (digits) => {
      const exponent = (text: string) => `${text[0]},${text.slice(1)}E+${text.length - 1}`
      for (const text of [`8${digits}`, `7${digits}`]) {
        const read = readPhone(exponent(text))
        expect(read.ok && outcome(checkStaffPhone(read.value))).toBe(`+7${digits}`)
      }
    }),
  )
})

test.each([
  ['01.09.2026', '2026-09-01'], ['1.9.26', '2026-09-01'], ['01/09/2026', '2026-09-01'], ['2026-09-01', '2026-09-01'], ['01.09.2026 0:00:00', '2026-09-01'],
  ['2026-09-01T00:00:00.000', '2026-09-01'], ['01.09.2026 г.', '2026-09-01'], ['46266', '2026-09-01'],
])('the date «%s»', (text, date) => {
  expect(outcome(readDate({ text }, text))).toBe(date)
})

test.each(['31.02.2026', '2026-13-01', 'сентябрь', '01.09', '999'])('«%s» is no date', (text) => {
  expect(outcome(readDate({ text }, text))).toEqual(['dateUnreadable'])
})

test('what the spreadsheet knows of a date goes before its text', () => {
  expect(outcome(readDate({ text: '09/01/26', date: '2026-09-01' }, '09/01/26'))).toBe('2026-09-01')
})

test.each([['5А', '5А', '5:А'], ['5 «а» класс', '5А', '5:А'], ['10 ИТ', '10ИТ', '10:ИТ'], ['5', '5', '5:'], ['1, 3', '1–3 (комплект)', '1-3:'], ['1–3 (комплект)', '1–3 (комплект)', '1-3:'], ['5-1', '5-1', '5:1']])(
  'the class «%s»',
  (text, name, key) => {
    expect(outcome(readClass({ text }, 11))).toMatchObject({ name, key })
  },
)

test('a class that became a date says what was meant', () => {
  const read = readClass({ text: '05.01.2026', date: '2026-01-05' }, 11)
  expect(read.ok ? [] : read.problems).toMatchObject([{ code: 'classFromDate', params: { class: '5-1' } }])
})

test('a formula and an error value are refused, the quote of an export is taken off', () => {
  expect(outcome(readCell({ text: 'Иванов', formula: true }))).toEqual(['cellFormula'])
  expect(outcome(readCell({ text: '=cmd|’/c calc’!A1' }))).toEqual(['cellFormula'])
  expect(outcome(readCell({ text: '#Н/Д' }))).toEqual(['cellError'])
  expect(outcome(readCell({ text: "'-Иванов" }))).toBe('-Иванов')
  expect(outcome(readCell({ text: 'x'.repeat(1_001) }))).toEqual(['cellTooLong'])
})

test.each([['Да', true], ['нет', false], ['+', true], ['', false]])('«%s» is yes or no', (text, value) => {
  expect(outcome(readYesNo(text))).toBe(value)
  expect(outcome(readYesNo('может быть'))).toEqual(['cellYesNo'])
})
