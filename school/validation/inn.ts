import { invalid, valid, type Checked } from './checked.ts'
import { normalizeLine } from './normalize.ts'

const weights = [2, 4, 10, 3, 5, 9, 4, 6, 8]

/** The INN of a legal entity: 10 digits, the last one a checksum (domain guide, section 11). A person's INN is refused. */
export function checkInn(text: string): Checked<string> {
  const inn = normalizeLine(text).replaceAll(' ', '')
  if (!/^\d+$/.test(inn)) return invalid('innDigits')
  if (/^0+$/.test(inn)) return invalid('innZeros')
  if (inn.length === 12) return invalid('innPersonal')
  if (inn.length !== 10) return invalid('innLength')
  const sum = weights.reduce((total, weight, index) => total + weight * Number(inn[index]), 0)
  return (sum % 11) % 10 === Number(inn[9]) ? valid(inn) : invalid('innChecksum')
}
