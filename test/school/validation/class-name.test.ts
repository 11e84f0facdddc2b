import { expect, test } from 'vitest'
import { checkClassName, checkCombinedClass, compareClassNames } from '../../../school/validation/class-name.ts'
import { outcome } from './outcome.ts'

const nameOf = (text: string, gradeMax = 11) => {
  const checked = checkClassName(text, gradeMax)
  return checked.ok ? checked.value.name : checked.problems.map(({ code }) => code)
}
const keyOf = (text: string) => {
  const checked = checkClassName(text, 11)
  return checked.ok ? checked.value.key : undefined
}

test.each([
  ['5A', '5А'], ['5a', '5А'], ['5а', '5А'], ['5 А', '5А'], ['5-А', '5А'], ['5–А', '5А'], ['5 «А»', '5А'], ['5 "А"', '5А'],
  ['10 ИТ', '10ИТ'], ['5', '5'], ['5-1', '5-1'], ['5 1', '5-1'], ['1-1', '1-1'], ['7ё', '7Ё'], ['8ABCEHKMOPTXY', '8АВСЕНКМОРТХУ'],
])('«%s» is the class «%s»', (text, name) => {
  expect(nameOf(text)).toBe(name)
})

test('a class is known by grade and letter', () => {
  expect(outcome(checkClassName('10 ИТ', 11))).toEqual({ grade: 10, grades: [10], letter: 'ИТ', name: '10ИТ', key: '10:ИТ' })
})

test.each([
  ['12А', 11, 'classGrade'], ['0Б', 11, 'classGrade'], ['10А', 9, 'classGrade'], ['51', 11, 'classGrade'],
  ['5Q', 11, 'classLetterLatin'], ['5А!', 11, 'classLetterCharacter'], ['5А Б', 11, 'classLetterCharacter'],
  [`5${'А'.repeat(16)}`, 11, 'classLetterTooLong'], ['А5', 11, 'classNameFormat'], ['', 11, 'classNameFormat'],
])('«%s» in a school up to grade %i is refused: %s', (text, gradeMax, code) => {
  expect(nameOf(text, gradeMax)).toEqual([code])
})

test('the same class typed differently has one key, different classes have two', () => {
  expect(keyOf('7Ё')).toBe(keyOf('7-е'))
  expect(keyOf('10А-1')).toBe(keyOf('10 а1'))
  expect(keyOf('1-1')).not.toBe(keyOf('11'))
})

test('classes are sorted by grade, then by letter in Russian', () => {
  expect(['10А', '9Б', '9А', '1К'].sort(compareClassNames)).toEqual(['1К', '9А', '9Б', '10А'])
  expect(['5Ж', '5Ё', '5Е', '5', '5-10', '5-2'].sort(compareClassNames)).toEqual(['5', '5-2', '5-10', '5Е', '5Ё', '5Ж'])
})

test('a combined class shows its span, and is found by the name it shows', () => {
  expect(outcome(checkCombinedClass([3, 1, 2], 4))).toEqual({ grade: 1, grades: [1, 2, 3], letter: '', name: '1–3 (комплект)', key: '1-3:' })
  expect(outcome(checkClassName('1-3 (Комплект)', 4))).toMatchObject({ grades: [1, 3], name: '1–3 (комплект)', key: '1-3:' })
  expect(keyOf('1-3')).not.toBe(keyOf('1–3 (комплект)'))
})

test('a combined class has two grades that the school has', () => {
  expect(outcome(checkCombinedClass([2, 2], 4))).toEqual(['classGradesFew'])
  expect(outcome(checkCombinedClass([3, 5], 4))).toEqual(['classGrade'])
})
