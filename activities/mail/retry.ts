/** A letter is tried for a day, then it has failed (F20). */
const patienceMs = 24 * 60 * 60 * 1000
const firstPauseMs = 10_000
const longestPauseMs = 30 * 60 * 1000

/**
 * When a letter is tried again after its n-th attempt (from 1), or null when its day is over: after 10 s, 20 s, 40 s
 * and so on, at most half an hour apart. `since` is the first attempt.
 */
export function retryAt(attempt: number, since: Date, now: Date): Date | null {
  const pause = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs)
  const at = new Date(now.getTime() + pause)
  return at.getTime() - since.getTime() > patienceMs ? null : at
}
