import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkClassName } from '../../../school/validation/class-name.ts'
import { checkEmail } from '../../../school/validation/email.ts'
import { checkInn } from '../../../school/validation/inn.ts'
import { normalizeLine, normalizeText } from '../../../school/validation/normalize.ts'
import { checkOrderNumber, foldOrderNumber } from '../../../school/validation/order-number.ts'
import { checkPersonName } from '../../../school/validation/person-name.ts'
import { checkGuardianPhone, checkStaffPhone } from '../../../school/validation/phone.ts'
import { searchKey } from '../../../school/validation/search-key.ts'
import { checkText } from '../../../school/validation/text.ts'

// Besides anything at all: the characters that people and word processors really leave behind.
const awkward = fc.constantFrom(
  ' ', '\u00a0', '\t', '\r\n', '\u2028', '\u00ad', '\u200b', '\u200d', '\ufeff', '\u202e', '\0', '–', '—', '−', '’', '`', '´',
  'и\u0306', 'е\u0308', '\u0301', 'й', 'ё', 'Ё', 'A', 'А', '№', '<', '@', '.', '8', '9', '+7', '\ud800', '\u1ffd', '\u2000',
)
const text = fc.array(fc.oneof(awkward, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 20 }).map((parts) => parts.join(''))

test.each([['normalizeLine', normalizeLine], ['normalizeText', normalizeText], ['foldOrderNumber', foldOrderNumber], ['searchKey', searchKey]])(
  '%s applied twice is applied once',
  (_name, normalize) => {
    fc.assert(fc.property(text, (value) => void expect(normalize(normalize(value))).toBe(normalize(value))), { numRuns: 1000 })
  },
)

test('a normalized line has nothing invisible and no line break', () => {
  fc.assert(fc.property(text, (value) => void expect(normalizeLine(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|\s\s|^\s|\s$/u)), { numRuns: 1000 })
})

test.each([
  ['e-mail', checkEmail], ['INN', checkInn], ['order number', checkOrderNumber], ['staff phone', checkStaffPhone],
  ['guardian phone', (value: string) => checkGuardianPhone(value)], ['text', (value: string) => checkText(value, { max: 50 })],
])('%s: no input throws, and what was accepted is accepted again unchanged', (_name, check) => {
  fc.assert(
    fc.property(text, (value) => {
      const once = check(value)
      if (once.ok) expect(check(once.value)).toEqual(once)
      else expect(once.problems).not.toHaveLength(0)
    }),
    { numRuns: 1000 },
  )
})

test('a class name is accepted again unchanged', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'АБВЁабё12- «»AaK'), maxLength: 6 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 11 }), letters, (grade, rest) => {
      const once = checkClassName(`${grade}${rest}`, 11)
      if (once.ok) expect(checkClassName(once.value.name, 11)).toEqual(once)
    }),
    { numRuns: 1000 },
  )
})

test('no name throws, and an accepted one is accepted again unchanged', () => {
  fc.assert(
    fc.property(text, text, fc.boolean(), (lastName, firstName, foreignName) => {
      const once = checkPersonName({ lastName, firstName, foreignName })
      if (once.ok) expect(checkPersonName({ ...once.value, foreignName })).toEqual(once)
    }),
  )
})
