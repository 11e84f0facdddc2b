import { invalid, valid, type Checked } from './checked.ts'

const maxLength = 2048

/** Hosts whose links are accepted unless the school's settings say otherwise; subdomains included. */
export const platformHosts: readonly string[] = ['max.ru']

/**
 * The platform's own invitation link: https, host from the list or below it, no user name, no port (domain guide,
 * section 11). The value is the link in its normal form. It is a secret: no problem repeats any part of it.
 */
export function checkLinkUrl(text: string, allowedHosts: readonly string[] = platformHosts): Checked<string> {
  const link = text.trim()
  if (link.length > maxLength) return invalid('linkUrlTooLong', { max: maxLength })
  // The URL parser drops line breaks and reads «\» as «/»; what people check by eye must be what is stored.
  if (/[\s\p{Cc}\p{Cf}\\]/u.test(link) || !URL.canParse(link)) return invalid('linkUrlFormat')

  const url = new URL(link)
  if (url.protocol !== 'https:') return invalid('linkUrlNotHttps')
  if (!/^https:\/\/[^/]/i.test(link)) return invalid('linkUrlFormat')
  if (url.username || url.password) return invalid('linkUrlCredentials')
  const known = allowedHosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
  return known && url.port === '' ? valid(url.href) : invalid('linkUrlHost', { hosts: allowedHosts.join(', ') })
}
