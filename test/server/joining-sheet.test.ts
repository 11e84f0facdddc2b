import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { joiningSheet } from '../../server/sheets/joining-sheet.ts'
import { forWhom, joiningSummary, notForOthers } from '../../school/texts/joining.ts'
import { readPdf } from '../support/read-pdf.ts'

const strip = (name: string, at: number) => ({
  forWhom: forWhom('guardian', '10ИТ'),
  name,
  notForOthers: notForOthers('guardian'),
  place: 'Чат «10ИТ — родители — 2026/27», МОУ «Зареченская ОШ № 7»',
  term: 'Действует до 22 сентября 2026 г., 23:59',
  url: `https://flow.school.example/i/token-${at}`,
})

test('every strip has whom it is for, in the largest type, the link as text and as a code; long names fit', async () => {
  const long = 'Мамедова-Константинопольская Александра-Виктория Расим кызы Длинноотчествовна Заречная'
  const names = ['Ёлкин Матвей Денисович', long, ...Array.from({ length: 12 }, (_, at) => `Ким Анна ${at}`)]
  const { title, fonts, pages } = await readPdf(await buffer(joiningSheet({ title: forWhom('guardian', '10ИТ'), strips: names.map(strip) })))
  expect(title).toBe('Для родителей (законных представителей) 10ИТ')
  expect(pages.map(({ codes }) => codes.length)).toEqual([7, 7])
  expect(pages.flatMap(({ codes }) => codes)).toEqual(names.map((_, at) => `https://flow.school.example/i/token-${at}`))
  const lines = pages.flatMap((page) => page.lines)
  expect(lines.filter(({ text }) => names.includes(text)).map(({ text }) => text)).toEqual(names)
  expect(lines.filter(({ text }) => text.startsWith('https://')).map(({ text }) => text)).toEqual(names.map((_, at) => `https://flow.school.example/i/token-${at}`))
  const largest = Math.max(...lines.map(({ size }) => size))
  expect([...new Set(lines.filter(({ size }) => size === largest).map(({ text }) => text))].sort()).toEqual(['Для родителей (законных представителей) 10ИТ', ...names.filter((name) => name !== long)].sort())
  expect(lines.find(({ text }) => text === long)!.size).toBeLessThan(largest)
  expect(lines).toContainEqual(expect.objectContaining({ text: 'Ученики вступают по другой ссылке. Участие добровольное.' }))
  // Embedded, so it prints the same everywhere.
  expect(fonts.map((name) => name.replace(/^[A-Z]+\+/, '')).sort()).toEqual(['PTSans-Bold', 'PTSans-Regular'])
})

test('how many joined is said in words', () => {
  expect(joiningSummary({ joined: 21, people: 25, declined: 0 })).toBe('Вступили 21 из 25')
  expect(joiningSummary({ joined: 1, people: 25, declined: 2 })).toBe('Вступил 1 из 25, 2 отказа')
  expect(forWhom('student', '5А')).toBe('Для учеников 5А')
  expect(notForOthers('student')).toBe('Родители (законные представители) вступают по другой ссылке.')
})
