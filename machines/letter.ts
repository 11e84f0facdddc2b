import { setup, transition } from 'xstate'
import { pureMachine } from './pure-machine.ts'

/** States of a letter in the outbox (domain.md 6.2). */
export const letterStates = ['queued', 'rendered', 'sending', 'accepted', 'failed', 'unknownOutcome', 'bounced', 'cancelled'] as const
export type LetterState = (typeof letterStates)[number]

/**
 * What happens to a letter. DEFERRED = the server asks to come again later, the same bytes go out then; OUTCOME_LOST =
 * the connection died after the message was handed over; CONFIRM_ARRIVED and SEND_AGAIN settle such a letter.
 */
export const letterEvents = ['RENDER', 'SEND', 'ACCEPT', 'DEFER', 'REFUSE', 'OUTCOME_LOST', 'BOUNCE', 'CANCEL', 'CONFIRM_ARRIVED', 'SEND_AGAIN'] as const
export type LetterEventName = (typeof letterEvents)[number]

/** What a person says of a letter whose outcome nobody knows (domain.md 6.2). */
export type LetterDecision = 'arrived' | 'sendAgain'

interface LetterEvent {
  type: LetterEventName
  /** The person who says so; absent when the service acts by itself. */
  by?: string
}

export const letterMachine = pureMachine(setup({
  types: { context: {} as { outside: boolean }, input: {} as { outside: boolean }, events: {} as LetterEvent },
  guards: {
    // A second application to the platform is worse than a late one; to our own people the same bytes may go twice.
    personOrInside: ({ context, event }) => !context.outside || event.by !== undefined,
    saidByPerson: ({ event }) => event.by !== undefined,
  },
}).createMachine({
  id: 'letter',
  context: ({ input }) => ({ outside: input.outside }),
  initial: 'queued',
  states: {
    queued: { on: { RENDER: 'rendered', CANCEL: 'cancelled', REFUSE: 'failed' } },
    rendered: { on: { SEND: 'sending', CANCEL: 'cancelled' } },
    sending: { on: { ACCEPT: 'accepted', DEFER: 'rendered', REFUSE: 'failed', OUTCOME_LOST: 'unknownOutcome' } },
    unknownOutcome: {
      on: {
        CONFIRM_ARRIVED: { guard: 'saidByPerson', target: 'accepted' },
        SEND_AGAIN: { guard: 'personOrInside', target: 'queued' },
        // A bounce proves that the server had it.
        BOUNCE: 'bounced',
      },
    },
    accepted: { on: { BOUNCE: 'bounced' } },
    failed: { type: 'final' },
    bounced: { type: 'final' },
    cancelled: { type: 'final' },
  },
}))

/**
 * Id of the event that tells a letter's owner what came of it. Told twice it is one event; a letter that a person sends
 * again can come to the same end twice, and is told of twice.
 */
export const outcomeEventId = (letterId: string, outcome: string, attempts: number): string => `${letterId}:${outcome}:${attempts}`

/**
 * The state of a letter after an event, or null when the event is not allowed. `outside` = it goes to an address that
 * is not the school's. Pure: the mail activity asks inside the transaction that holds the row.
 */
export function nextLetterState(state: LetterState, outside: boolean, event: LetterEvent): LetterState | null {
  const snapshot = letterMachine.resolveState({ value: state, context: { outside } })
  return snapshot.can(event) ? transition(letterMachine, snapshot, event)[0].value : null
}
