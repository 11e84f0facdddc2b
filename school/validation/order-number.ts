import { invalid, valid, type Checked } from './checked.ts'
import { cyrillicLookAlikes } from './look-alikes.ts'
import { normalizeLine } from './normalize.ts'

const maxLength = 32

/** The number of an order, «112/01-08», without a leading «№» (domain guide, section 11). */
export function checkOrderNumber(text: string): Checked<string> {
  const number = withoutSign(text)
  if (number === '') return invalid('orderNumberRequired')
  const characters = [...number]
  if (characters.length > maxLength) return invalid('orderNumberTooLong', { max: maxLength })
  const strange = characters.find((character) => !/^[\p{L}0-9\-/. ]$/u.test(character))
  if (strange) return invalid('orderNumberCharacter', { character: strange })
  return /[\p{L}0-9]/u.test(number) ? valid(number) : invalid('orderNumberRequired')
}

/**
 * The form in which order numbers are compared within organization, kind and year: capitals, no spaces, ё as е,
 * Latin look-alikes as Russian letters. «112/01-08» and «112/01–08» fold to the same.
 */
export function foldOrderNumber(number: string): string {
  // Capitals first: those of some letters are several characters. NFC last: a new letter may take on an accent.
  const capitals = withoutSign(number.toLocaleUpperCase('ru'))
  return cyrillicLookAlikes(capitals.replaceAll(' ', '').replaceAll('Ё', 'Е')).normalize('NFC')
}

function withoutSign(text: string): string {
  return normalizeLine(text).replace(/^[№ ]+/, '')
}
