import { DateTime, IANAZone } from 'luxon'
import { isLocalDate, type LocalDate } from './local-date.ts'

/** Time of day on the wall clock: 'HH:mm' or 'HH:mm:ss'. */
export type WallTime = string

/** Translates between instants and the wall clock of one zone, by the time-zone database. */
export type LocalClock = {
  localDate(instant: Date): LocalDate
  at(date: LocalDate, time: WallTime): Date
}

const timeShape = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/

/** The clock of an IANA zone. Throws RangeError for an unknown zone, a wrong date, time or instant. */
export function localClock(timezone: string): LocalClock {
  // IANAZone takes what Intl takes, and Intl also takes '+03:00'; an offset forgets that zones change.
  if (!/^[A-Z]/.test(timezone) || !IANAZone.isValidZone(timezone)) throw new RangeError(`Not an IANA time zone: ${timezone}`)
  const zone = IANAZone.create(timezone)

  return {
    localDate: (instant) => {
      const date = DateTime.fromJSDate(instant, { zone }).toISODate()
      if (date === null) throw new RangeError('Not an instant')
      return date
    },
    at: (date, time) => {
      const [, hour, minute, second = '0'] = timeShape.exec(time) ?? []
      if (!isLocalDate(date) || !hour) throw new RangeError(`Not a local date and time: ${date} ${time}`)
      const [year, month, day] = date.split('-').map(Number)
      return DateTime.fromObject(
        { year: year!, month: month!, day: day!, hour: Number(hour), minute: Number(minute), second: Number(second) },
        { zone },
      ).toJSDate()
    },
  }
}
