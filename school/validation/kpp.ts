import { invalid, valid, type Checked } from './checked.ts'
import { normalizeLine } from './normalize.ts'

/** A KPP: 9 characters without a checksum, not all zeros (domain guide, section 11). */
export function checkKpp(text: string): Checked<string> {
  const kpp = normalizeLine(text).replaceAll(' ', '')
  if (/^0+$/.test(kpp)) return invalid('kppZeros')
  return /^\d{4}[0-9A-Z]{2}\d{3}$/.test(kpp) ? valid(kpp) : invalid('kppFormat')
}
