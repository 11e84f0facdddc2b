import type { TObject, TSchema } from 'typebox'
import type { SchoolSettings } from '../db/organizations.ts'
import type { KeyRing } from '../db/key-ring.ts'
import { seal } from '../db/sealed.ts'
import { checkLinkUrl } from '../school/validation/link-url.ts'
import { checkText } from '../school/validation/text.ts'
import { collectProblems } from './collect-problems.ts'

/** What is needed to look at the fields of an event or of evidence. */
export interface FieldRules {
  keys: KeyRing
  settings: SchoolSettings
  /** The school's local date. */
  today: string
  now: Date
}

/** No process of a school plans further ahead; a year typed wrong does. */
const farthestMs = 10 * 365 * 24 * 60 * 60 * 1000

type StringSchema = TSchema & { type?: string; format?: string; enum?: unknown[]; maxLength?: number; sealed?: string }

/**
 * The fields of an event or of evidence as they leave the server: texts in normal form and without HTML, secrets
 * sealed, dates of what has happened not in the future, moments of what will happen not in the past nor out of reach. The value fits
 * the schema already. Throws the refusal that names every problem under `path`.
 */
export function prepareFields(schema: TObject, value: Record<string, unknown>, path: string, rules: FieldRules): Record<string, unknown> {
  const found = collectProblems()
  const prepared: Record<string, unknown> = { ...value }
  for (const [name, member] of Object.entries(schema.properties as Record<string, StringSchema>)) {
    const text = value[name]
    if (typeof text !== 'string' || member.enum) continue
    const at = [path, name].filter(Boolean).join('.')
    if (member.sealed !== undefined) {
      const url = found.take(at, checkLinkUrl(text, rules.settings.linkHosts))
      if (url !== undefined) prepared[name] = seal(rules.keys, url, member.sealed)
    } else if (member.format === 'date') {
      if (text > rules.today) found.problems.push({ code: 'timeFuture', path: at })
    } else if (member.format === 'date-time') {
      const instant = new Date(text)
      if (instant <= rules.now) found.problems.push({ code: 'instantPast', path: at })
      else if (instant.getTime() > rules.now.getTime() + farthestMs) found.problems.push({ code: 'instantFar', path: at })
      else prepared[name] = instant.toISOString()
    } else prepared[name] = found.take(at, checkText(text, { max: member.maxLength ?? 4000 }))
  }
  found.refuseAny()
  return prepared
}
