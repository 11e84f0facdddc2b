import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkOrderDate } from '../../../school/validation/order-date.ts'
import { checkOrderFile } from '../../../school/validation/order-file.ts'
import { checkOrderNumber, foldOrderNumber } from '../../../school/validation/order-number.ts'
import { outcome, warnings } from './outcome.ts'

describe('number', () => {
  test.each([
    ['132', '132'], ['01-12/145', '01-12/145'], ['181-О', '181-О'], ['616/2.4.3', '616/2.4.3'], ['№ 112/01–08', '112/01-08'],
    ['№ № 112', '112'],
  ])('«%s» is «%s»', (text, number) => {
    expect(outcome(checkOrderNumber(text))).toBe(number)
  })

  test.each([
    ['', 'orderNumberRequired'], ['№', 'orderNumberRequired'], ['-', 'orderNumberRequired'], ['1'.repeat(33), 'orderNumberTooLong'],
    ['112_01', 'orderNumberCharacter'], ['112<01', 'orderNumberCharacter'],
  ])('«%s» is refused: %s', (text, code) => {
    expect(outcome(checkOrderNumber(text))).toEqual([code])
  })

  test('numbers that look the same fold to the same', () => {
    expect(foldOrderNumber('112/01–08')).toBe(foldOrderNumber('112/01-08'))
    expect(foldOrderNumber('№ 181-o')).toBe(foldOrderNumber('181 - О'))
    expect(foldOrderNumber('112')).not.toBe(foldOrderNumber('113'))
  })
})

describe('date', () => {
  test.each([['2026-08-20', []], ['2026-08-24', []], ['2025-08-24', []], ['2025-08-23', ['orderDateOld']], ['2000-01-01', ['orderDateOld']]])(
    '%s is accepted on 24 August 2026 with warnings %o',
    (date, expected) => {
      const checked = checkOrderDate(date, '2026-08-24')
      expect(outcome(checked)).toBe(date)
      expect(warnings(checked)).toEqual(expected)
    },
  )

  test.each([
    ['2026-08-25', 'orderDateFuture'], ['1999-12-31', 'orderDateTooEarly'], ['2026-02-30', 'orderDateFormat'],
    ['20.08.2026', 'orderDateFormat'], ['', 'orderDateFormat'],
  ])('«%s» is refused: %s', (date, code) => {
    expect(outcome(checkOrderDate(date, '2026-08-24'))).toEqual([code])
  })

  test('on 29 February a year ago is the end of February', () => {
    expect(warnings(checkOrderDate('2027-03-01', '2028-02-29'))).toEqual([])
    expect(warnings(checkOrderDate('2027-02-28', '2028-02-29'))).toEqual(['orderDateOld'])
  })
})

describe('file', () => {
  const pdf = new TextEncoder().encode('%PDF-1.7\n%%EOF')
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0)
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0)

  test('a PDF is known by its content', () => {
    expect(outcome(checkOrderFile(pdf, 'application/pdf; charset=binary', 'Приказ 112.PDF'))).toEqual({
      mime: 'application/pdf',
      extension: 'pdf',
      size: pdf.length,
      sha256: createHash('sha256').update(pdf).digest('hex'),
      name: 'Приказ 112.PDF',
    })
  })

  test.each([
    [jpeg, 'image/jpeg', 'scan.JPG', 'image/jpeg'], [jpeg, 'image/jpg', 'scan.jpeg', 'image/jpeg'], [png, 'image/png', 'scan.png', 'image/png'],
    [png, 'application/octet-stream', 'scan', 'image/png'], [pdf, '', '', 'application/pdf'],
  ])('case %#: honest or silent about its type', (bytes, mime, name, actual) => {
    expect(checkOrderFile(bytes, mime, name)).toMatchObject({ value: { mime: actual } })
  })

  test.each([
    [pdf, 'image/png', 'scan.png'], [jpeg, 'application/pdf', 'prikaz.pdf'], [pdf, 'application/pdf', 'prikaz.exe'],
    [pdf, 'text/html', 'prikaz.pdf'], [jpeg, 'image/jpeg', 'prikaz.pdf'], [pdf, 'application/pdf', 'prikaz.pdf.'],
  ])('case %#: lies about its type', (bytes, mime, name) => {
    expect(outcome(checkOrderFile(bytes, mime, name))).toEqual(['fileTypeMismatch'])
  })

  test.each([
    ['empty', new Uint8Array(), 'fileEmpty'], ['a text', new TextEncoder().encode('Приказ'), 'fileTypeUnknown'],
    ['cut off inside its signature', png.slice(0, 4), 'fileTypeUnknown'], ['hidden behind other bytes', Uint8Array.of(0, ...pdf), 'fileTypeUnknown'],
  ])('%s is refused', (_title, bytes, code) => {
    expect(outcome(checkOrderFile(bytes, 'application/pdf', 'prikaz.pdf'))).toEqual([code])
  })

  test('ten megabytes are the most', () => {
    const ofSize = (size: number) => {
      const bytes = new Uint8Array(size)
      bytes.set(pdf)
      return checkOrderFile(bytes, 'application/pdf', 'prikaz.pdf')
    }
    expect(ofSize(10 * 1024 * 1024).ok).toBe(true)
    expect(outcome(ofSize(10 * 1024 * 1024 + 1))).toEqual(['fileTooBig'])
  })

  test.each([
    ['../../etc/prikaz.pdf', 'prikaz.pdf'], ['C:\\docs\\prikaz.pdf', 'prikaz.pdf'], ['pri\0kaz\r\n.pdf', 'prikaz .pdf'], ['', 'prikaz.pdf'],
    [`${'а'.repeat(200)}.pdf`, `${'а'.repeat(116)}.pdf`],
  ])('case %#: the name has no path and nothing invisible', (declared, name) => {
    expect(checkOrderFile(pdf, 'application/pdf', declared)).toMatchObject({ value: { name } })
  })
})
