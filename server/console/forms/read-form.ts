import { DateTime } from 'luxon'
import type { Fields } from '../fields.ts'
import { stepField, type FormField } from './form-field.ts'

/**
 * What a form says, as the API takes it. Nothing is checked here: an empty field is left out and anything that does not
 * fit goes on as it is, so that the API says what is wrong. Times are of the school's zone.
 */
export function readForm(fields: readonly FormField[], form: Fields, zone: string): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, kind, options }): [string, unknown][] => {
      if (kind === 'many') {
        const values = form.all(name)
        return values.length > 0 ? [[name, values]] : []
      }
      if (kind === 'steps') {
        const results = options.flatMap(({ value: step }) => {
          const [result, reason] = [form.get(stepField(name, step)), form.get(stepField(name, step, 'reason'))]
          return result === '' ? [] : [{ step, result, ...(result === 'failed' && reason !== '' && { reason }) }]
        })
        return results.length > 0 ? [[name, results]] : []
      }
      const value = form.get(name)
      if (value === '') return []
      if (kind === 'confirm' || kind === 'yesNo') return [[name, value === 'true' ? true : value === 'false' ? false : value]]
      if (kind === 'number') return [[name, /^\d{1,9}$/.test(value) ? Number(value) : value]]
      return [[name, kind === 'moment' ? momentIn(value, zone) : value]]
    }),
  )
}

/** «2026-10-05T09:00» on the school's clock as an instant; what is none goes on as it is. */
export function momentIn(local: string, zone: string): string {
  const moment = DateTime.fromISO(local, { zone })
  return moment.isValid ? moment.toUTC().toISO() : local
}

/** An instant as a field of a form shows it. */
export const momentFor = (instant: string, zone: string): string => DateTime.fromISO(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm")
