import type { LetterState } from './letters.ts'

/** What happens to a letter (domain.md 6.2). */
export type LetterEvent =
  | 'RENDERED'
  | 'SENDING'
  | 'ACCEPTED'
  | 'REFUSED'
  | 'DEFERRED'
  | 'UNCERTAIN'
  | 'BOUNCED'
  | 'ARRIVED'
  | 'SEND_AGAIN'

const transitions: Readonly<Record<LetterState, Partial<Record<LetterEvent, LetterState>>>> = {
  queued: { RENDERED: 'rendered', REFUSED: 'failed' },
  rendered: { SENDING: 'sending', REFUSED: 'failed' },
  sending: { ACCEPTED: 'accepted', REFUSED: 'failed', DEFERRED: 'rendered', UNCERTAIN: 'unknownOutcome' },
  accepted: { BOUNCED: 'bounced' },
  unknownOutcome: { ARRIVED: 'accepted', SEND_AGAIN: 'queued', BOUNCED: 'bounced' },
  failed: {},
  bounced: {},
  cancelled: {},
}

/** The state an event leads to, or null when it is not allowed. */
export function stepLetter(state: LetterState, event: LetterEvent): LetterState | null {
  return transitions[state][event] ?? null
}
