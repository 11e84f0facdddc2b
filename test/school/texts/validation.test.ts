import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problemHint, problemText, validationTexts, type ValidationCode } from '../../../school/texts/validation.ts'

const codes = Object.keys(validationTexts) as ValidationCode[]
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()
const withoutPlaceholders = (text: string) => text.replace(/\{\w+\}/g, '')

test.each(codes)('%s has a sentence in Russian and in English with the same parameters', (code) => {
  const [ru, en] = [problemText(code, 'ru'), problemText(code, 'en')]
  expect(ru).toMatch(/^[А-ЯЁ].*[^.]$/)
  expect(withoutPlaceholders(en)).toMatch(/^[A-Z].*[^.]$/)
  expect(placeholders(en)).toEqual(placeholders(ru))
})

test.each(codes.filter((code) => problemHint(code, 'ru')))('the hint of %s exists in both languages with the same parameters', (code) => {
  const [ru, en] = [problemHint(code, 'ru')!, problemHint(code, 'en')!]
  expect(ru).toMatch(/[а-яё]/)
  expect(en).toMatch(/[a-z]/)
  expect(placeholders(en)).toEqual(placeholders(ru))
})

test('every code is reported by some check, and none is unknown', () => {
  const folders = ['school/validation', 'school/roster', 'activities/import', 'db'].map((folder) => new URL(`../../../${folder}/`, import.meta.url))
  const files = folders.flatMap((folder) => (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).map((file) => new URL(file, folder)))
  const source = files.map((file) => readFileSync(file, 'utf8')).join('\n')
  expect(codes.filter((code) => !source.includes(`'${code}'`))).toEqual([])
})

test('parameters are filled in, in either language', () => {
  expect(problemText('nameTooLong', 'ru', { max: 60 })).toBe('Не больше 60 символов')
  expect(problemText('nameTooLong', 'en', { max: 60 })).toBe('At most 60 characters')
  expect(problemHint('nameTooLong', 'ru', { max: 60 })).toBeUndefined()
})
