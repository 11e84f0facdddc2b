import { readCalendarSettings } from '../db/calendar-settings.ts'
import type { Queryable } from '../db/connection.ts'
import type { KeyRing } from '../db/key-ring.ts'
import { findOrganization } from '../db/organizations.ts'
import { localClock } from '../school/calendar/local-clock.ts'
import { Refusal } from './failures.ts'
import type { FieldRules } from './prepare-fields.ts'
import { schemaErrors } from './validators.ts'
import { schemaProblems } from './schema-problems.ts'
import type { Language } from '../school/texts/validation.ts'

/** What fields are measured by in this school now. */
export async function fieldRules(tx: Queryable, orgId: string, keys: KeyRing): Promise<FieldRules> {
  const now = new Date()
  const { timezone } = await readCalendarSettings(tx)
  return { keys, settings: (await findOrganization(tx, orgId))!.settings, today: localClock(timezone).localDate(now), now }
}

/** Throws the refusal that lists everything in which the value differs from the schema. */
export function refuseMisfit(schema: object, value: unknown, path: string, lang: Language): void {
  const errors = schemaErrors(schema, value)
  if (errors.length === 0) return
  const problems = schemaProblems(errors, lang).map((problem) => ({ ...problem, path: [path, problem.path].filter(Boolean).join('.') }))
  throw new Refusal('invalid', { problems })
}
