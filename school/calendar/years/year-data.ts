import type { MarkedDay } from '../day-kind.ts'

/**
 * What is known of one year beyond weekends and federal holidays. `provisional` until the government's decree
 * on moved days is entered; then `state` and `version` change and deadlines are computed again (section 12).
 */
export type YearData = {
  year: number
  state: 'final' | 'provisional'
  /** Changes with every change of the data. */
  version: string
  /** The act the data come from. */
  source: string
  days: readonly MarkedDay[]
}
