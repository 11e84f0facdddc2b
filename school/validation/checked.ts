import { problemHint, problemText, type ProblemParams, type ValidationCode } from '../texts/validation.ts'

/** One thing wrong with one field. `message` and `hint` are Russian; `code` and `params` give other languages. */
export type Problem = {
  code: ValidationCode
  /** The field, relative to what was checked: 'lastName'. Empty for a single value. */
  path: string
  message: string
  hint?: string
  params: ProblemParams
}

/** A normalized value, perhaps with warnings that do not block, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T; warnings: Problem[] } | { ok: false; problems: Problem[] }

export function problem(code: ValidationCode, params: ProblemParams = {}, path = ''): Problem {
  const hint = problemHint(code, 'ru', params)
  return { code, path, message: problemText(code, 'ru', params), ...(hint && { hint }), params }
}

export function valid<T>(value: T, ...warnings: Problem[]): { ok: true; value: T; warnings: Problem[] } {
  return { ok: true, value, warnings }
}

/** A refusal with a single problem of a single value. */
export function invalid(code: ValidationCode, params: ProblemParams = {}): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [problem(code, params)] }
}
