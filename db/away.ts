/** SQLSTATE classes and codes of a PostgreSQL that is away, starting, stopping, full, read-only, too slow, or gave way to another transaction (Appendix A of its manual). */
const states = /^(08|25006|25P03|40001|40P01|53|57014|57P0[1-5]|58)/
/** Socket errors of a service that is away. */
const codes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'])
/** What the driver says without a code: the connection broke, was broken before, or nothing was said in time. */
const words = /^Connection terminated|^timeout exceeded when trying to connect|is not queryable$/

/** PostgreSQL has left a statement without an answer; it will not answer another on the same connection. */
export const isUnanswered = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout'

/** Whether the error says nothing of the statement, only that PostgreSQL can not take it now: the same later may succeed. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (isUnanswered(error) || words.test(error.message)) return true
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && (states.test(code) || codes.has(code))
}
