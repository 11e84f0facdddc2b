import type { ProblemParams, ValidationCode } from '../texts/validation.ts'

/** A file that cannot be read, for a reason that a person can act on. Reading it again changes nothing. */
export class Unreadable extends Error {
  readonly code: ValidationCode
  readonly params: ProblemParams

  constructor(code: ValidationCode, params: ProblemParams = {}) {
    super(code)
    this.code = code
    this.params = params
  }
}
