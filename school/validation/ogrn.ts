import { invalid, valid, type Checked } from './checked.ts'
import { normalizeLine } from './normalize.ts'

/** The OGRN of a legal entity: 13 digits, the last one a checksum of the first 12 (domain guide, section 11). */
export function checkOgrn(text: string): Checked<string> {
  const ogrn = normalizeLine(text).replaceAll(' ', '')
  if (!/^\d+$/.test(ogrn)) return invalid('ogrnDigits')
  if (/^0+$/.test(ogrn)) return invalid('ogrnZeros')
  if (ogrn.length !== 13) return invalid('ogrnLength')
  return (Number(ogrn.slice(0, 12)) % 11) % 10 === Number(ogrn[12]) ? valid(ogrn) : invalid('ogrnChecksum')
}
