import { plural } from '../format.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const minutes = { one: 'минута', few: 'минуты', many: 'минут' }
const hours = { one: 'час', few: 'часа', many: 'часов' }
const days = { one: 'день', few: 'дня', many: 'дней' }

/** «осталось: 3 дня», «просрочено: 2 часа», by the clock, rounded down; days are those of the calendar, 24 hours each. */
export function timeLeft(instant: Date, now: Date): string {
  const left = instant.getTime() - now.getTime()
  const span = Math.abs(left)
  const words = span >= day ? plural(Math.floor(span / day), days) : span >= hour ? plural(Math.floor(span / hour), hours) : plural(Math.max(1, Math.floor(span / minute)), minutes)
  return `${left < 0 ? 'просрочено' : 'осталось'}: ${words}`
}
