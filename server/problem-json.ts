import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isAway } from '../db/away.ts'
import { failureText, type FailureCode } from '../school/texts/failures.ts'
import { fieldText, isFieldCode } from '../school/texts/fields.ts'
import { guardText } from '../school/texts/labels.ts'
import { problemHint, problemText, type Language } from '../school/texts/validation.ts'
import { Unavailable } from '../workflows/dispatcher.ts'
import { failureStatus, Refusal, type FieldProblem } from './failures.ts'
import { languageOf } from './language.ts'
import { schemaProblems } from './schema-problems.ts'

/** Stable name of a kind of problem (RFC 9457, section 3.1.1). */
export const problemType = (code: FailureCode) => `urn:sferum-flow:problem:${code}`

/** A problem of a field in words. */
export function wordedProblem({ code, path, params = {} }: FieldProblem, lang: Language) {
  if (isFieldCode(code)) return { code, path, message: fieldText(code, lang, params) }
  const hint = problemHint(code, lang, params)
  return { code, path, message: problemText(code, lang, params), ...(hint && { hint }) }
}

/** The problem document of a refusal (RFC 9457) in the reader's language. */
export function problemOf(request: FastifyRequest, { code, details }: Refusal) {
  const lang = languageOf(request)
  const { title, detail } = failureText(code, lang, { request: request.id, seconds: details.retryAfterSeconds ?? 5, ...details.params })
  return {
    type: problemType(code),
    title,
    status: failureStatus[code],
    detail,
    instance: `urn:request:${request.id}`,
    ...details.extras,
    ...(details.guards && { problems: details.guards.map((guard) => ({ code: guard, path: '', message: guardText(guard, lang) })) }),
    ...(details.problems && { problems: details.problems.map((problem) => wordedProblem(problem, lang)) }),
  }
}

/** Answers with application/problem+json. */
export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal) {
  const { retryAfterSeconds } = refusal.details
  const problem = problemOf(request, refusal)
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds))
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer')
  return reply
    .code(problem.status)
    .header('content-language', languageOf(request))
    .type('application/problem+json; charset=utf-8')
    // Problems have members that no route's schema lists.
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problem)
}

/** Translates whatever was thrown, once, at the boundary. What is not a refusal is logged in full and answered with nothing. */
export function handleError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(error, request)
  if (failureStatus[refusal.code] >= 500) request.log.error({ err: error }, 'request failed')
  return sendRefusal(request, reply, refusal)
}

function refusalOf(error: FastifyError | Refusal, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error
  if (error.validation) {
    const code = error.validationContext === 'body' ? 'invalid' : 'invalidRequest'
    return new Refusal(code, { problems: schemaProblems(error.validation as Parameters<typeof schemaProblems>[0], languageOf(request)) })
  }
  if (error instanceof Unavailable || isAway(error)) return new Refusal('unavailable', { retryAfterSeconds: 5 })
  switch (error.statusCode ?? 500) {
    case 400:
      return new Refusal('malformedBody')
    case 404:
      return new Refusal('notFound')
    case 413:
      return new Refusal('tooLarge')
    case 415:
      return new Refusal('unsupportedMedia')
    case 503:
      return new Refusal('unavailable', { retryAfterSeconds: 5 })
    default:
      return new Refusal('internal')
  }
}
