import { academicYearAt } from '../db/academic-year.ts'
import type { Queryable } from '../db/connection.ts'
import { academicYearAfter } from '../school/calendar/academic-year.ts'
import { invalidFields } from './failures.ts'

/** The year asked for, or the current one of the school. Throws the refusal for two years that do not follow each other. */
export async function yearOrCurrent(tx: Queryable, asked: string | undefined, path = 'academicYear'): Promise<string> {
  if (asked === undefined) return academicYearAt(tx, new Date())
  const first = asked.slice(0, 4)
  if (asked !== `${first}-${Number(first) + 1}`) throw invalidFields({ code: 'fieldFormat', path, params: { format: '2026-2027' } })
  return asked
}

/** The current year of the school and the one after it: what there is to plan for, with or without classes. */
export async function plannedYears(tx: Queryable): Promise<[current: string, next: string]> {
  const current = await academicYearAt(tx, new Date())
  return [current, academicYearAfter(current)]
}
