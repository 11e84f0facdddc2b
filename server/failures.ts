import type { FieldCode } from '../school/texts/fields.ts'
import type { FailureCode } from '../school/texts/failures.ts'
import type { ProblemParams, ValidationCode } from '../school/texts/validation.ts'

/** HTTP status of every refusal of the service; the texts are in school/texts/failures.ts. */
export const failureStatus = {
  malformedBody: 400,
  malformedRequest: 400,
  invalidRequest: 400,
  invalid: 422,
  unsupportedMedia: 415,
  tooLarge: 413,
  unauthorized: 401,
  forbidden: 403,
  fourEyes: 403,
  notFound: 404,
  methodNotAllowed: 405,
  tooManyRequests: 429,
  idempotencyKeyMissing: 400,
  idempotencyKeyRunning: 409,
  idempotencyKeyReused: 422,
  unknownEvent: 422,
  illegalEvent: 409,
  guardRefused: 409,
  processEnded: 409,
  taskClosed: 409,
  taskTaken: 409,
  alreadyLive: 409,
  staffRoomMissing: 409,
  duplicateOrder: 409,
  orderCancelled: 409,
  promotionClosed: 409,
  lastAdministrator: 409,
  notOwner: 403,
  classNotEmpty: 409,
  letterSettled: 409,
  messageFiled: 409,
  urlErased: 409,
  linkNotLive: 409,
  personHeld: 409,
  personErased: 409,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<FailureCode, number>

/** One thing wrong with one field or one condition that does not hold; turned into words in the reader's language. */
export interface FieldProblem {
  code: FieldCode | ValidationCode
  /** Where, from the root of what was sent: 'people.3.phone'. */
  path: string
  params?: ProblemParams
}

interface RefusalDetails {
  params?: ProblemParams
  problems?: readonly FieldProblem[]
  /** Names of the machine's conditions that do not hold. */
  guards?: readonly string[]
  /** Further members of the problem document (RFC 9457, section 3.2). */
  extras?: Record<string, unknown>
  retryAfterSeconds?: number
}

/** A refusal that the client can act on. Nothing else that is thrown is ever shown. */
export class Refusal extends Error {
  readonly code: FailureCode
  readonly details: RefusalDetails

  constructor(code: FailureCode, details: RefusalDetails = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

/** The refusal for problems of fields. */
export const invalidFields = (...problems: FieldProblem[]) => new Refusal('invalid', { problems })
