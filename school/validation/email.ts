import { domainToASCII } from 'node:url'
import { invalid, problem, valid, type Checked } from './checked.ts'
import { normalizeLine } from './normalize.ts'

const maxLength = 254 // RFC 5321, 4.5.3.1.3 less the angle brackets
const maxLocalLength = 64 // RFC 5321, 4.5.3.1.1
const dotAtom = /^[a-z0-9!#$%&'*+/=?^_{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_{|}~-]+)*$/i // RFC 5322, 3.2.3
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/

const typos: Readonly<Record<string, string>> = {
  'gmial.com': 'gmail.com', 'gmai.com': 'gmail.com', 'gmail.ru': 'gmail.com', 'gmail.co': 'gmail.com', 'gmal.com': 'gmail.com',
  'yandx.ru': 'yandex.ru', 'yandex.ry': 'yandex.ru', 'yadex.ru': 'yandex.ru', 'yndex.ru': 'yandex.ru', 'jandex.ru': 'yandex.ru',
  'mail.ri': 'mail.ru', 'mail.ry': 'mail.ru', 'mai.ru': 'mail.ru', 'maill.ru': 'mail.ru', 'meil.ru': 'mail.ru',
  'inbox.ri': 'inbox.ru', 'list.ri': 'list.ru', 'rambler.ri': 'rambler.ru', 'ramler.ru': 'rambler.ru',
}

/**
 * One address, the domain in lower case and punycode, the local part kept (domain guide, section 11). Warns of
 * typical typos. A line break or a comma is an error: it would add a recipient or a header.
 */
export function checkEmail(text: string): Checked<string> {
  if (/\p{Cc}|[\u2028\u2029]/u.test(text)) return invalid('emailControl')
  const address = normalizeLine(text)
  if (/[,;]/.test(address) || address.split('@').length > 2) return invalid('emailMany')

  const [local, domain] = address.split('@')
  if (!local || !domain || local.length > maxLocalLength || !dotAtom.test(local)) return invalid('emailFormat')
  // domainToASCII would decode «%41» and drop «/path»; letters of other scripts are its only business here.
  const ascii = /[^a-z0-9.\-\u0080-\u{10ffff}]/iu.test(domain) ? '' : domainToASCII(domain)
  if (!asciiDomain.test(ascii)) return invalid('emailDomain')

  const value = `${local}@${ascii}`
  if (value.length > maxLength) return invalid('emailTooLong', { max: maxLength })
  const meant = typos[ascii]
  return meant ? valid(value, problem('emailTypo', { domain: meant })) : valid(value)
}

/** The form in which addresses are compared: without regard to case. */
export function emailKey(email: string): string {
  return email.toLowerCase()
}
