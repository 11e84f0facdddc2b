import type { Outcome, Word } from './engines/engine.ts'
import type { SunkLetter } from './mail-sink/index.ts'

export interface Observed {
  /** Addresses of everybody invited, by index. */
  addresses: readonly string[]
  letters: readonly SunkLetter[]
  /** Message-IDs of letters that are no invitations. */
  other: ReadonlySet<string>
  /** Words that the engine took, by index. */
  said: ReadonlyMap<number, Word>
  refused: number
  outcomes: readonly Outcome[]
}

/**
 * What is wrong with a run: a letter missing or doubled, a word lost, an expiry recorded over a word. Empty when the
 * engine did all of its work, which is when its figures count.
 */
export function problemsOf({ addresses, letters, other, said, refused, outcomes }: Observed): string[] {
  const problems: string[] = []
  const invitations = letters.filter(({ messageId }) => !other.has(messageId))
  const byAddress = Map.groupBy(invitations, ({ to }) => to)
  const missing = addresses.filter((address) => !byAddress.has(address)).length
  if (missing > 0) problems.push(`${missing} without a letter`)
  const doubled = [...byAddress.values()].filter((found) => found.length > 1).length
  if (doubled > 0) problems.push(`${doubled} with more than one letter`)
  const strangers = [...byAddress.keys()].filter((address) => !addresses.includes(address)).length
  if (strangers > 0) problems.push(`letters to ${strangers} who were not invited`)
  if (refused > 0) problems.push(`${refused} words refused`)

  const stateOf = new Map(outcomes.map(({ index, state }) => [index, state]))
  if (outcomes.length !== stateOf.size) problems.push(`${outcomes.length - stateOf.size} outcomes more than one`)
  let lost = 0
  let overruled = 0
  for (const [index, word] of said) {
    const state = stateOf.get(index)
    if (state === 'expired') overruled += 1
    else if (state !== word) lost += 1
  }
  if (lost > 0) problems.push(`${lost} words lost`)
  if (overruled > 0) problems.push(`${overruled} expired although somebody had said otherwise`)
  const open = addresses.filter((_, index) => !said.has(index) && stateOf.get(index) !== 'expired').length
  if (open > 0) problems.push(`${open} not expired`)
  return problems
}
