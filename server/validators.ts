import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { isLocalDate } from '../school/calendar/local-date.ts'
import { compileOnce } from './compile-once.ts'

/**
 * `sealed` marks strings of task evidence that are encrypted before they leave the server. Unknown members are
 * refused, never dropped: what a client sends and what is done are the same.
 */
const options = { allErrors: true, removeAdditional: false, useDefaults: true, keywords: ['sealed'] }

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

/** A moment of RFC 3339 that every part of the service can count with: a real day, and no leap second, which `Date` does not know. */
const isInstant = (text: string): boolean => rfc3339.test(text) && isLocalDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))

const withFormats = (ajv: Ajv): Ajv => addFormats.default(ajv).addFormat('date-time', isInstant).addFormat('date', isLocalDate)
const validator = (coerceTypes: boolean) => {
  const ajv = withFormats(new Ajv({ ...options, coerceTypes }))
  return compileOnce((schema) => ajv.compile(schema))
}
const strict = validator(false)
/** Addresses and headers carry text only, so there numbers and booleans are read from it; bodies say what they mean. */
const reading = validator(true)

/** Compiles the schema of a part of a request. */
export const compileValidator: FastifySchemaCompiler<object> = ({ schema, httpPart }) => (httpPart === 'body' ? strict : reading)(schema)

/** What does not fit the schema; empty when all does. For bodies whose schema is known only with the record they are for. */
export function schemaErrors(schema: object, value: unknown) {
  const validate = strict(schema)
  return validate(value) ? [] : (validate.errors ?? [])
}
