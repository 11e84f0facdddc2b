import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js'
import { invalid, valid, type Checked } from './checked.ts'
import { normalizeLine } from './normalize.ts'

/** Country codes guardians' numbers may have by default; 7 covers Russian mobiles and Kazakhstan. */
export const guardianCountryCodes: readonly string[] = ['7', '375', '374', '994', '996', '373', '992', '998']

/** A Russian mobile as E.164, '+79XXXXXXXXX'; required of administrators and staff (domain guide, section 11). */
export function checkStaffPhone(text: string): Checked<string> {
  const number = parse(text)?.number
  if (!number) return invalid('phoneFormat')
  return /^\+79\d{9}$/.test(number) ? valid(number) : invalid('phoneNotRussianMobile')
}

/** A guardian's number as E.164: a Russian mobile or a number of one of the countries (section 11). */
export function checkGuardianPhone(text: string, countryCodes: readonly string[] = guardianCountryCodes): Checked<string> {
  const phone = parse(text)
  if (!phone?.isPossible()) return invalid('phoneFormat')
  if (!countryCodes.includes(phone.countryCallingCode)) return invalid('phoneCountry', { codes: countryCodes.join(', ') })
  const landline = phone.countryCallingCode === '7' && !/^\+7[679]/.test(phone.number)
  return landline ? invalid('phoneNotRussianMobile') : valid(phone.number)
}

/** A school's own number as E.164: any Russian one, mobile or with an area code. */
export function checkSchoolPhone(text: string): Checked<string> {
  const number = parse(text)?.number
  if (!number) return invalid('phoneFormat')
  return /^\+7\d{10}$/.test(number) ? valid(number) : invalid('phoneNotRussian')
}

/** '+79000000001' as «+7 (900) 000-00-01»; a number of another country in its international form. */
export function formatPhone(e164: string): string {
  const [, area, first, second, third] = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(e164) ?? []
  if (area) return `+7 (${area}) ${first}-${second}-${third}`
  return parse(e164)?.formatInternational() ?? e164
}

/** «+7 (900) ***-**-01»: the country, the first group and the last two digits stay. */
export function maskPhone(e164: string): string {
  const shown = formatPhone(e164)
  const [head] = /^\+\d+ \(?\d+\)?/.exec(shown) ?? ['']
  return head + shown.slice(head.length, -2).replace(/\d/g, '*') + shown.slice(-2)
}

function parse(text: string): PhoneNumber | undefined {
  const phone = parsePhoneNumberFromString(normalizeLine(text), { defaultCountry: 'RU', extract: false })
  // An extension is no part of E.164; dropping it silently would ring the wrong person.
  return phone?.ext ? undefined : phone
}
