import type { EventResult } from './messages.ts'

/** Answers kept within a run. Older ones PostgreSQL knows. */
const remembered = 2_000
/** Answers carried over: Temporal forgets update ids at continue-as-new. */
const carriedOver = 500

/** The answers a cohort has given, the latest last: an event that comes again is answered the same (P2). */
export class Answers {
  #given: Map<string, EventResult>

  constructor(given: readonly EventResult[]) {
    this.#given = new Map(given.map((result) => [result.id, result]))
  }

  has(id: string): boolean {
    return this.#given.has(id)
  }

  get(id: string): EventResult | undefined {
    return this.#given.get(id)
  }

  /** Adds the answers of a step. The oldest are forgotten before, never these: who waits for them has yet to read them. */
  keep(results: readonly EventResult[]): void {
    for (const id of this.#given.keys()) {
      if (this.#given.size <= remembered) break
      this.#given.delete(id)
    }
    for (const result of results) this.#given.set(result.id, result)
  }

  /** What the next run has to know. */
  latest(): EventResult[] {
    return [...this.#given.values()].slice(-carriedOver)
  }
}
