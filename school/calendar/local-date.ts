/** A calendar day without time or zone, 'YYYY-MM-DD'. Dates compare as strings. */
export type LocalDate = string

// There is no year zero.
const shape = /^(?!0000)\d{4}-\d{2}-\d{2}$/
const dayMs = 24 * 60 * 60 * 1000

/** Whether the text is 'YYYY-MM-DD' and such a day exists: '2026-02-30' is not one. */
export function isLocalDate(text: string): boolean {
  return shape.test(text) && toUtc(text)?.toISOString().slice(0, 10) === text
}

/** The day `days` after (negative: before) the given one. Throws RangeError for what is not a local date. */
export function shiftDate(date: LocalDate, days: number): LocalDate {
  return new Date(midnight(date).getTime() + days * dayMs).toISOString().slice(0, 10)
}

/** ISO weekday, 1 = Monday … 7 = Sunday. Throws RangeError for what is not a local date. */
export function weekday(date: LocalDate): number {
  return midnight(date).getUTCDay() || 7
}

/** The year of a local date. Throws RangeError for what is not a local date. */
export function yearOf(date: LocalDate): number {
  return midnight(date).getUTCFullYear()
}

// UTC serves as a plain day counter here: no zone has a say in which day follows which.
function midnight(date: LocalDate): Date {
  if (!isLocalDate(date)) throw new RangeError(`Not a date YYYY-MM-DD: ${date}`)
  return new Date(`${date}T00:00:00Z`)
}

function toUtc(text: string): Date | undefined {
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
