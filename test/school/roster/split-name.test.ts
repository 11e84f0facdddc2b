import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitFullName } from '../../../school/roster/split-name.ts'
import { normalizeLine } from '../../../school/validation/normalize.ts'

test.each([
  ['Ёлкин Матвей Денисович', 'Ёлкин', 'Матвей', 'Денисович', true],
  ['Ким Анна', 'Ким', 'Анна', '', true],
  ['  Иванова-Петрова   Мария  Ивановна ', 'Иванова-Петрова', 'Мария', 'Ивановна', true],
  ['Мамедов Вагиф Расим оглы', 'Мамедов', 'Вагиф', 'Расим оглы', true],
  ['Алиева Лейла Эльдар кызы', 'Алиева', 'Лейла', 'Эльдар кызы', true],
  ['де ла Крус Мария', 'де ла Крус', 'Мария', '', false],
  ['фон Берг Анна Карловна', 'фон Берг', 'Анна', 'Карловна', false],
  ['Нгуен Тхи Анна Ивановна', 'Нгуен', 'Тхи Анна', 'Ивановна', false],
  ['Салех Омар Хасан Али', 'Салех', 'Омар', 'Хасан Али', false],
  ['Петров', 'Петров', '', '', true],
  ['', '', '', '', true],
])('«%s»', (text, lastName, firstName, patronymic, sure) => {
  expect(splitFullName(text)).toEqual({ lastName, firstName, patronymic, sure })
})

test('no word is lost or moved, whatever the name', () => {
  const word = fc.constantFrom('Анна', 'де', 'фон', 'оглы', 'Ивановна', 'Иванович', 'Ким', 'ла', 'аль')
  fc.assert(
    fc.property(fc.array(word, { maxLength: 7 }), (words) => {
      const { lastName, firstName, patronymic } = splitFullName(words.join('  '))
      expect([lastName, firstName, patronymic].filter(Boolean).join(' ')).toBe(normalizeLine(words.join(' ')))
    }),
  )
})
