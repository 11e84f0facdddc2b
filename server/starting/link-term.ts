import { maxLifeDays } from '../../machines/link-term.ts'
import { invalidFields } from '../failures.ts'

const day = 24 * 60 * 60 * 1000

/** The explicit end of a link's term as an instant in UTC; refused when it is past or beyond the longest life (domain.md 7.3). */
export function checkTerm(expiresAt: string | undefined, path: string): string | undefined {
  if (expiresAt === undefined) return undefined
  const moment = Date.parse(expiresAt)
  if (moment <= Date.now()) throw invalidFields({ code: 'instantPast', path })
  if (moment > Date.now() + maxLifeDays * day) throw invalidFields({ code: 'termTooLong', path, params: { days: maxLifeDays } })
  return new Date(moment).toISOString()
}
