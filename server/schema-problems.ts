import type { ErrorObject } from 'ajv'
import { shapeNames } from '../school/texts/fields.ts'
import type { Language } from '../school/texts/validation.ts'
import type { FieldProblem } from './failures.ts'

/** More than anybody reads; a list of 500 rows could otherwise repeat one mistake 500 times. */
const shown = 100

/** What the schema validator found, as problems of fields. */
export function schemaProblems(errors: readonly ErrorObject[], lang: Language): FieldProblem[] {
  // A branch of a union that did not fit says nothing when another problem names the field.
  const telling = errors.filter((error) => !['anyOf', 'oneOf', 'if'].includes(error.keyword))
  return (telling.length > 0 ? telling : errors).slice(0, shown).map((error) => problemOf(error, lang))
}

function problemOf({ keyword, instancePath, params }: ErrorObject, lang: Language): FieldProblem {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
  const below = (name: unknown) => [path, String(name)].filter(Boolean).join('.')
  const named = (name: unknown) => shapeNames[String(name)]?.[lang] ?? String(name)
  switch (keyword) {
    case 'required':
      return { code: 'fieldRequired', path: below(params.missingProperty) }
    case 'additionalProperties':
      return { code: 'fieldUnknown', path: below(params.additionalProperty) }
    case 'type':
      return { code: 'fieldType', path, params: { type: [params.type].flat().map(named).join(', ') } }
    case 'enum':
      return { code: 'fieldChoice', path, params: { values: (params.allowedValues as unknown[]).join(', ') } }
    case 'const':
      return { code: 'fieldChoice', path, params: { values: String(params.allowedValue) } }
    case 'format':
      return { code: 'fieldFormat', path, params: { format: named(params.format) } }
    case 'pattern':
      return { code: 'fieldPattern', path }
    case 'minLength':
      return { code: 'fieldTooShort', path, params: { limit: params.limit as number } }
    case 'maxLength':
      return { code: 'fieldTooLong', path, params: { limit: params.limit as number } }
    case 'minimum':
      return { code: 'fieldTooSmall', path, params: { limit: params.limit as number } }
    case 'maximum':
      return { code: 'fieldTooBig', path, params: { limit: params.limit as number } }
    case 'minItems':
    case 'minProperties':
      return { code: 'listTooShort', path, params: { limit: params.limit as number } }
    case 'maxItems':
    case 'maxProperties':
      return { code: 'listTooLong', path, params: { limit: params.limit as number } }
    default:
      return { code: 'fieldShape', path }
  }
}
