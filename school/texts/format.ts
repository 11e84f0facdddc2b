import { DateTime } from 'luxon'
import type { LocalDate } from '../calendar/local-date.ts'
import { zoneCity } from './zones.ts'

const noBreakSpace = '\u00a0'

const longFormat = new Intl.DateTimeFormat('ru-RU', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const pluralRules = new Intl.PluralRules('ru-RU')

/** «24 августа 2026 г.», the form of running text, with plain spaces (domain guide, section 9). */
export function longDate(date: LocalDate): string
export function longDate(instant: Date, zone: string): string
export function longDate(when: Date | LocalDate, zone = 'UTC'): string {
  // Versions of ICU differ in the kind of space before «г.»; letters must not change with them.
  return longFormat.format(dayOf(when, zone)).replace(/\s/g, ' ')
}

/** «24.08.2026», the form of tables (section 9). */
export function shortDate(date: LocalDate): string
export function shortDate(instant: Date, zone: string): string
export function shortDate(when: Date | LocalDate, zone = 'UTC'): string {
  return dayOf(when, zone).toISOString().slice(0, 10).split('-').reverse().join('.')
}

/** «24.08.2026 18:00» on the wall clock of the zone. */
export function shortDateTime(instant: Date, zone: string): string {
  return DateTime.fromJSDate(instant, { zone }).toFormat('dd.MM.yyyy HH:mm')
}

/**
 * A term as letters name it: «22 сентября 2026 г., 23:59», followed by «(время: Самара)» when the zone's clock
 * differs from Moscow's at that instant (section 9).
 */
export function termText(instant: Date, zone: string): string {
  const local = DateTime.fromJSDate(instant, { zone })
  const moscow = local.setZone('Europe/Moscow')
  const city = local.offset === moscow.offset ? '' : ` (время: ${zoneCity(zone)})`
  return `${longDate(instant, zone)}, ${local.toFormat('HH:mm')}${city}`
}

/** Forms of a Russian noun after a number: 1 день, 2 дня, 5 дней. */
export type NounForms = { one: string; few: string; many: string }

/** «1 день», «2 дня», «5 дней», «1,5 дня». */
export function plural(count: number, forms: NounForms): string {
  const rule = pluralRules.select(count)
  // A fraction («other») takes the genitive singular, which is the form after 2.
  const noun = rule === 'one' || rule === 'many' ? forms[rule] : forms.few
  return `${count.toLocaleString('ru-RU')} ${noun}`
}

/** «№ 12» with a no-break space (section 9). */
export function numberSign(number: string | number): string {
  return `№${noBreakSpace}${number}`
}

function dayOf(when: Date | LocalDate, zone: string): Date {
  const date = typeof when === 'string' ? when : DateTime.fromJSDate(when, { zone }).toISODate()
  return new Date(`${date}T00:00:00Z`)
}
