import { russianZones } from '../texts/zones.ts'
import { invalid, valid, type Checked } from './checked.ts'

/** The IANA zone of a school in Russia, «Europe/Samara» (domain guide, section 12); offsets are refused. */
export function checkTimezone(text: string): Checked<string> {
  const zone = text.trim()
  return russianZones.includes(zone) ? valid(zone) : invalid('timezoneUnknown')
}
