import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow'
import type { Instant } from '../machines/rule.ts'

/**
 * The one Temporal timer of a cohort. Set earlier it is replaced; set later it is left to ring, which is cheaper
 * than cancelling: whoever listens looks at the deadlines anyway.
 */
export class Alarm {
  rang = false
  #at: number | null = null
  #scope: CancellationScope | null = null

  /** Rings at the latest at `at`. */
  set(at: Instant): void {
    const wanted = Date.parse(at)
    if (this.#at !== null && this.#at <= wanted) return
    this.#scope?.cancel()
    const scope = new CancellationScope()
    this.#scope = scope
    this.#at = wanted
    // Its own scope, below the root: a timer started inside a scope that the same step cancels would die with it.
    void scope
      .run(() => sleep(Math.max(1, wanted - Date.now())))
      .then(() => {
        if (this.#scope !== scope) return
        this.#at = null
        this.#scope = null
        this.rang = true
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error
      })
  }
}
