const weekdayFormat = new Intl.DateTimeFormat('ru-RU', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

/** «понедельник, 24 августа»: the day it is by the zone's clock. */
export function weekday(instant: Date, zone: string): string {
  const local = new Date(`${instant.toLocaleDateString('sv-SE', { timeZone: zone })}T00:00:00Z`)
  return weekdayFormat.format(local).replace(/\s/g, ' ')
}
