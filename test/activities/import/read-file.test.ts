import { readFile as readFromDisk } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFile, type FoundFile, type ReadSettings } from '../../../activities/import/read/read-file.ts'
import type { RosterRow } from '../../../school/roster/row.ts'
import { archive, koi8r, table, utf16be, utf16le, windows1251, workbook, workbookParts, type SheetCell } from '../../support/import-files.ts'

const settings: ReadSettings = { rules: { gradeMax: 11 }, school: { names: ['МОУ «Зареченская ОШ № 7»'], inn: '0001000010', gradeMax: 11 } }

async function read(bytes: Buffer, wanted?: ReadSettings['wanted']): Promise<{ rows: RosterRow[]; found: FoundFile }> {
  const reading = readFile(bytes, { ...settings, ...(wanted && { wanted }) })
  const rows: RosterRow[] = []
  for (;;) {
    const { done, value } = await reading.next()
    if (done) return { rows, found: value }
    rows.push(value)
  }
}
const refusal = (bytes: Buffer, wanted?: ReadSettings['wanted']) => read(bytes, wanted).then(() => 'read', ({ code, params }: { code: string; params: object }) => [code, params])
const lines = (rows: readonly RosterRow[]) => rows.map(({ line, matchKey, classKey, problems }) => [line, matchKey, classKey, ...problems.map(({ code }) => code)])

const pupils = [
  ['МОУ «Зареченская ОШ № 7»'],
  ['Список обучающихся на 1 сентября', '', ''],
  ['№', 'Ф.И.О. обучающегося', 'Класс'],
  ['1', 'Ёлкин Матвей Денисович', '5А'],
  ['2', 'Ким Даниил', '9 «Б»'],
]
const expected = [[4, 'елкин матвей денисович', '5:А'], [5, 'ким даниил', '9:Б']]

describe('text tables', () => {
  const encodings: [string, (text: string) => Buffer][] = [
    ['utf-8', (text) => Buffer.from(text)], ['utf-8 with BOM', (text) => Buffer.from(`\ufeff${text}`)], ['windows-1251', windows1251],
    ['koi8-r', (text) => koi8r(text.replace(/[№«»]/g, '_'))], ['utf-16le', utf16le], ['utf-16be', utf16be], ['utf-16le without BOM', (text) => Buffer.from(text, 'utf16le')],
  ]
  test.each(encodings.flatMap(([name, encode]) => [';', ',', '\t'].map((delimiter) => [name, delimiter, encode] as const)))('%s with «%s»', async (name, delimiter, encode) => {
    const { rows, found } = await read(encode(table(pupils.map((row) => row.map((cell) => cell.replace(/[«»]/g, ''))), delimiter)))
    expect(lines(rows)).toEqual(expected)
    expect(found).toMatchObject({ kind: 'students', text: { encoding: name.split(' ')[0], delimiter }, tables: [{ line: 3, columns: [{ field: 'fullName' }, { field: 'className' }], ignored: [expect.any(String)] }] })
  })

  test('any Russian names in any encoding come out as they went in', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'абвгдежзийклмнопрстуфхцчшщъыьэюяё'), minLength: 2, maxLength: 12 })
    const people = fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(people, fc.constantFrom(...encodings), fc.constantFrom(';', ',', '\t'), async (names, [, encode], delimiter) => {
        const { rows } = await read(encode(table([['Фамилия', 'Имя', 'Отчество', 'Класс'], ...names.map((name) => [...name, '5А'])], delimiter)))
        expect(rows.map(({ data }) => [(data as { lastName: string }).lastName, (data as { firstName: string }).firstName])).toEqual(names.map(([last, first]) => [last, first]))
      }),
      { numRuns: 60 },
    )
  })

  test('quotes, line breaks within cells and short rows are no obstacle', async () => {
    const text = 'ФИО;Класс;Примечание\r\n"Ёлкин\nМатвей Денисович";5А;МОУ "Школа" № 7\r\nКим Даниил;9Б\r\n;;\r\n'
    expect(lines((await read(Buffer.from(text))).rows)).toEqual([[3, 'елкин матвей денисович', '5:А'], [4, 'ким даниил', '9:Б']])
  })

  test('a quote that never closes is named by its row', async () => {
    expect(await refusal(Buffer.from('ФИО;Класс\r\nКим Даниил;9Б\r\n"Ёлкин Матвей;5А\r\nКим Анна;9Б\r\n'))).toEqual(['fileQuote', { row: expect.any(Number) as number }])
  })

  test('rows with problems keep their place beside good ones', async () => {
    const { rows } = await read(Buffer.from(table([['ФИО', 'Класс'], ['Ким Даниил', '9Б'], ['Kим Анна', '12А'], ['=A1', '5А']])))
    expect(lines(rows)).toEqual([[2, 'ким даниил', '9:Б'], [3, 'ким анна', null, 'nameMixedLatin', 'classGrade'], [4, '', '5:А', 'cellFormula']])
  })
})

describe('workbooks', () => {
  test.each([true, false])('shared texts: %s; numbers, gaps and merged title rows', async (shared) => {
    const sheet: SheetCell[][] = [['Сотрудники'], [null, 'Фамилия', null, 'Имя', 'Должность', 'Телефон'], [1, 'Лисицын', null, 'Павел', 'учитель информатики', 89000000002], [2, 'Ким', null, 'Анна', 'завхоз', { attributes: 't="n"', content: '<v>7.9000000005E10</v>' }]]
    const { rows, found } = await read(await workbook({ sheets: { Лист1: sheet }, shared }))
    expect(rows.map(({ line, source, data }) => ({ line, source, ...data }))).toMatchObject([
      { line: 3, source: 'Лист1', lastName: 'Лисицын', phone: '+79000000002', teachingStaff: true },
      { line: 4, lastName: 'Ким', phone: '+79000000005', teachingStaff: false },
    ])
    expect(found.kind).toBe('staff')
  })

  const dates = (serial: number, style = 1): SheetCell[][] => [['ФИО', 'Класс', 'Дата зачисления'], ['Ким Даниил', '9Б', { attributes: `s="${style}"`, content: `<v>${serial}</v>` }]]
  test.each([
    ['1900', false, 46266], ['1904', true, 44804],
  ])('a date of the calendar of %s is the same day', async (_name, from1904, serial) => {
    expect((await read(await workbook({ sheets: { Л: dates(serial) }, from1904 }))).rows[0]?.data).toMatchObject({ startsOn: '2026-09-01' })
  })

  test('dates are told by the format of the cell, also one of the school’s own', async () => {
    const styles = '<numFmts><numFmt numFmtId="170" formatCode="[$-419]DD\\ MMMM\\ YYYY;@"/><numFmt numFmtId="171" formatCode="&quot;день &quot;0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>'
    const startsOn = async (serial: number, style: number) => (await read(await workbook({ sheets: { Л: dates(serial, style) }, styles }))).rows[0]
    expect((await startsOn(46266.5, 1))?.data).toMatchObject({ startsOn: '2026-09-01' })
    expect((await startsOn(12.5, 2))?.problems).toMatchObject([{ code: 'dateUnreadable' }])
  })

  test('a class that Excel took for a date is refused with what was meant', async () => {
    const { rows } = await read(await workbook({ sheets: { Л: [['ФИО', 'Класс'], ['Ким Даниил', { attributes: 's="1"', content: '<v>46027</v>' }]] } }))
    expect(rows[0]?.problems).toMatchObject([{ code: 'classFromDate', suggestion: '5-1' }])
  })

  test('a formula is refused cell by cell, also one with a value', async () => {
    const { rows } = await read(await workbook({ sheets: { Л: [['ФИО', 'Класс'], [{ attributes: 't="str"', content: '<f>A9&amp;B9</f><v>Ким Даниил</v>' }, '9Б'], ['Ким Анна', '9Б']] } }))
    expect(lines(rows)).toEqual([[2, '', '9:Б', 'cellFormula'], [3, 'ким анна', '9:Б']])
  })

  test('a sheet for each class needs no class column; other sheets are named as skipped', async () => {
    const list = (name: string) => [['№', 'ФИО'], [1, name]]
    const { rows, found } = await read(await workbook({ sheets: { Титул: [['Списки классов']], '5А': list('Ким Даниил'), '5 «Б»': list('Ким Анна') } }))
    expect(rows.map(({ source, matchKey, classKey }) => [source, matchKey, classKey])).toEqual([['5А', 'ким даниил', '5:А'], ['5 «Б»', 'ким анна', '5:Б']])
    expect(found.skipped).toEqual(['Титул'])
  })

  // Files that these programs wrote: strings shared, inline and rich, dates as numbers of two calendars and as texts, telephones as numbers, a hidden sheet.
  test.each(['openpyxl', 'xlsxwriter', 'exceljs'])('a list of staff as %s writes it', async (program) => {
    const { rows, found } = await read(await readFromDisk(new URL(`written-by-others/${program}.xlsx`, import.meta.url)))
    expect(found).toMatchObject({ kind: 'staff', skipped: [] })
    expect(rows.map(({ problems, data }) => ({ problems, ...data }))).toMatchObject([
      { lastName: 'Мамедов', firstName: 'Вагиф', patronymic: 'Расим оглы', phone: '+79000000004', startsOn: '2026-09-01', problems: [] },
      { lastName: 'Ким', firstName: 'Анна', phone: '+79000000005', startsOn: '2026-09-01', problems: [] },
      { lastName: 'Ахметова-Соколова', phone: '+79000000003', startsOn: '2026-09-01', problems: [] },
    ])
  })

  test('rich text, escaped characters, prefixes of other writers and error values', async () => {
    const parts = workbookParts({ sheets: { Л: [['ФИО', 'Класс'], ['@', '9Б'], [{ attributes: 't="e"', content: '<v>#REF!</v>' }, '9Б']] } })
    parts['xl/sharedStrings.xml'] = parts['xl/sharedStrings.xml']!.replace('<t xml:space="preserve">@</t>', '<r><t>Ким</t></r><r><t xml:space="preserve"> Даниил_x000D_</t></r><rPh><t>чужое</t></rPh>')
    parts['xl/worksheets/sheet1.xml'] = parts['xl/worksheets/sheet1.xml']!.replace(/<(\/?)(\w+)/g, '<$1x:$2').replace('xmlns=', 'xmlns:x=')
    const { rows } = await read(await archive(parts))
    expect(lines(rows)).toEqual([[2, 'ким даниил', '9:Б'], [3, '', '9:Б', 'cellError']])
  })
})

describe('what is no roster', () => {
  const xls = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
  test.each<[string, Buffer, string]>([
    ['an empty file', Buffer.alloc(0), 'fileEmpty'],
    ['a PDF', Buffer.from('%PDF-1.4\n'), 'fileNotTable'],
    ['a page saved as a table', Buffer.from('\n<html><table></table></html>'), 'fileNotTable'],
    ['old Excel', xls, 'fileOldExcel'],
    ['bytes', Buffer.from(Array.from({ length: 500 }, (_, i) => i % 256)), 'fileNotTable'],
    ['a text without titles', Buffer.from('Ким Даниил;9Б\r\n'), 'fileHeaderMissing'],
    ['titles without rows', Buffer.from('ФИО;Класс\r\n'), 'fileNoRows'],
    ['a broken archive', Buffer.from('PK\x03\x04 and no more'), 'archiveDamaged'],
  ])('%s is refused', async (_name, bytes, code) => {
    expect((await refusal(bytes))[0]).toBe(code)
  })

  test('an archive that is neither, one that is cut, one with a password', async () => {
    expect((await refusal(await archive({ 'word/document.xml': '<w/>' })))[0]).toBe('archiveUnknown')
    const book = await workbook({ sheets: { Л: [['ФИО', 'Класс'], ['Ким Даниил', '9Б']] } })
    expect((await refusal(book.subarray(0, book.length - 30)))[0]).toBe('archiveDamaged')
    const locked = Buffer.from(book)
    for (let at = 0; (at = locked.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]), at)) >= 0; at += 4) locked.writeUInt16LE(locked.readUInt16LE(at + 8) | 1, at + 8)
    expect((await refusal(locked))[0]).toBe('archiveEncrypted')
  })

  test('no byte of a workbook changed makes anything but a reading or a refusal', async () => {
    const book = await workbook({ sheets: { Л: [['ФИО', 'Класс'], ['Ким Даниил', '9Б']] } })
    await fc.assert(
      fc.asyncProperty(fc.nat(book.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(book)
        changed[at] = byte
        const outcome = await refusal(changed)
        expect(typeof outcome === 'string' || typeof outcome[0] === 'string').toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
