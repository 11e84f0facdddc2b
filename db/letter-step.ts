import { nextLetterState, type LetterEventName, type LetterState } from '../machines/letter.ts'

/** The state an event leads a letter to (domain.md 6.2). Throws when it is not allowed: who calls holds the row and has looked. */
export function stepOf(letter: { id: string; state: LetterState; outside: boolean }, type: LetterEventName): LetterState {
  const next = nextLetterState(letter.state, letter.outside, { type })
  if (!next) throw new Error(`letter ${letter.id}: ${type} is not allowed in ${letter.state}`)
  return next
}
