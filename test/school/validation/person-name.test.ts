import { describe, expect, test } from 'vitest'
import { checkPersonName, fullName, initials } from '../../../school/validation/person-name.ts'
import { searchKey } from '../../../school/validation/search-key.ts'
import { outcome } from './outcome.ts'

const named = (lastName: string, firstName: string, patronymic: string | null = null) => ({ lastName, firstName, patronymic })
const first = (firstName: string, foreignName = false) => checkPersonName({ lastName: 'Ким', firstName, foreignName })

describe('ФИО', () => {
  test.each([
    named('Иванова-Петрова', 'Мария'), named('де ла Крус', 'Анна'), named('Мамедов', 'Вагиф', 'Расим оглы'),
    named('фон Берг', 'Карл'), named("О'Хара", 'Анна'), named('Ёлкин', 'Матвей', 'Денисович'), named('Гайнетдинов', 'Җәлил'),
  ])('%o is valid and kept as it is', (name) => {
    expect(outcome(checkPersonName(name))).toEqual(name)
  })

  test('spaces, dashes, apostrophes and decomposed letters are normalized', () => {
    const typed = { lastName: ' Ахметова –  Соколова', firstName: 'Андреи\u0306', patronymic: 'О’нил\u200b' }
    expect(outcome(checkPersonName(typed))).toEqual(named('Ахметова - Соколова', 'Андрей', "О'нил"))
  })

  test.each([undefined, null, '', '   '])('a patronymic of %o is none', (patronymic) => {
    const checked = checkPersonName({ lastName: 'Ким', firstName: 'Анна', patronymic })
    expect(outcome(checked)).toEqual(named('Ким', 'Анна'))
  })

  test('a Latin letter inside a Russian word is shown with its place', () => {
    expect(first('Mария')).toMatchObject({
      problems: [
        { code: 'nameMixedLatin', path: 'firstName', params: { letter: 'M', position: 1 }, message: 'Буква 1 («M») — латинская, а слово русское' },
      ],
    })
    expect(first('Анна Мaрия')).toMatchObject({ problems: [{ params: { letter: 'a', position: 7 } }] })
  })

  test('Latin is for foreign names only, and there the Russian letter is the odd one', () => {
    expect(outcome(first('Juan'))).toEqual(['nameLatin'])
    expect(outcome(first('José', true))).toEqual(named('Ким', 'José'))
    expect(first('Juаn', true)).toMatchObject({ problems: [{ code: 'nameMixedCyrillic', params: { letter: 'а', position: 3 } }] })
  })

  test.each([
    ['', 'nameRequired'], ['А'.repeat(61), 'nameTooLong'], ['-Анна', 'nameStart'], ['Анна2', 'nameCharacter'],
    ['Анна <b>', 'nameCharacter'], ['=Анна', 'nameCharacter'], ['Анна😀', 'nameCharacter'], ['安娜', 'nameCharacter'],
  ])('«%s» is refused: %s', (name, code) => {
    expect(outcome(first(name))).toEqual([code])
  })

  test('sixty characters are the most', () => {
    expect(first('А'.repeat(60)).ok).toBe(true)
  })

  test('every wrong field is named at once', () => {
    const checked = checkPersonName({ lastName: '', firstName: 'J', patronymic: '1' })
    expect(checked).toMatchObject({ problems: [{ path: 'lastName' }, { path: 'firstName' }, { path: 'patronymic' }] })
  })
})

test('initials stay on one line', () => {
  expect(initials(named('Иванова', 'Мария', 'Петровна'))).toBe('Иванова\u00a0М.\u00a0П.')
  expect(initials(named('Ким', 'Анна'))).toBe('Ким\u00a0А.')
})

test('the full name has only the parts there are', () => {
  expect(fullName(named('Мамедов', 'Вагиф', 'Расим оглы'))).toBe('Мамедов Вагиф Расим оглы')
  expect(fullName(named('Ким', 'Анна'))).toBe('Ким Анна')
})

test('ё and е, capitals and dashes are one in a search', () => {
  expect(searchKey(' ЁЛКИНА–Берёзова ')).toBe(searchKey('елкина-березова'))
})
