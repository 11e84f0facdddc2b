import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import type { OrganizationRegistrationEvent } from './organization-registration-events.ts'
import type { ProcessContext } from './process.ts'

interface OrganizationRegistrationInput {
  orgId: string
  /** Public number, СФ-2026-000001. */
  number: string
  confirmBeforeSending: boolean
}

export interface OrganizationRegistrationContext extends ProcessContext {
  number: string
  confirmBeforeSending: boolean
  administratorId: string | null
  orderId: string | null
  /** Which letter `sending` is about: what FIX returns to depends on it. */
  sending: 'application' | 'clarification'
  /** What the platform asked last, as far as it is known: the message, the words a person noted of it. */
  question: { messageId: string | null; text: string | null } | null
  /** An answer has come, or lies in the mailbox, and no person has said yet what it means. */
  answerWaits: boolean
  /** The letter to the platform that a person has to decide about: the last that met trouble and is not settled. */
  trouble: { letterId: string; outcome: 'failed' | 'unknown' | 'bounced' } | null
  /** Local date on which «Учительская» was created (BR-05). */
  staffRoomOn: string | null
}

type Args = { context: OrganizationRegistrationContext; event: OrganizationRegistrationEvent }

// Ways apart, not reasons to refuse: they have no names to be told by.
export const clarifying = ({ context }: Args) => context.sending === 'clarification'
export const outcomeUnknown = ({ context }: Args) => context.trouble?.outcome === 'unknown'
export const answerWaits = ({ context }: Args) => context.answerWaits

/** Whether the event is about the letter whose outcome nobody knows; a person need not name it. */
function ofLetterInDoubt(args: Args): boolean {
  const { context, event } = args
  return outcomeUnknown(args) && (!('letterId' in event) || event.letterId === undefined || event.letterId === context.trouble?.letterId)
}

const reorderTask = { type: 'openTask', params: { kind: 'T-REG-REORDER' } } as const

export const setUp = setup({
  types: {
    context: {} as OrganizationRegistrationContext,
    events: {} as OrganizationRegistrationEvent,
    input: {} as OrganizationRegistrationInput,
  },
  actions: effects,
  guards: {
    applicationComplete: ({ event }) => 'facts' in event && event.facts.application.complete,
    adminIsTeachingStaff: ({ event }) => 'facts' in event && event.facts.application.adminIsTeachingStaff,
    adminPhoneIsMobile: ({ event }) => 'facts' in event && event.facts.application.adminPhoneIsMobile,
    orderIsMain: ({ event }) => 'facts' in event && event.facts.order.kind === 'main',
    orderIsRegistered: ({ event }) => 'facts' in event && event.facts.order.registered,
    orderHasFile: ({ event }) => 'facts' in event && event.facts.order.hasFile,
    orderIsInForce: ({ event }) => 'facts' in event && event.facts.order.inForce,
    orderIsMissing: ({ context }) => context.orderId === null,
    orderMayChange: ({ context }) => context.orderId === null || context.sending === 'application',
    orderIsOurs: ({ context, event }) => event.type === 'ORDER_INVALIDATED' && event.orderId === context.orderId,
    sendsByItself: ({ context }) => !context.confirmBeforeSending,
    notAtPlatform: ({ context }) => context.sending === 'application',
    hasText: ({ event }) => event.type === 'CONFIRM_SEND' && event.text !== undefined,
    outcomeKnown: (args) => !outcomeUnknown(args),
    letterInTrouble: ({ context }) => context.trouble !== null,
    troubledLetter: ({ context, event }) => 'letterId' in event && event.letterId === context.trouble?.letterId,
    outcomeOfMail: (args) => args.event.by === undefined || ofLetterInDoubt(args),
    letterInDoubt: ofLetterInDoubt,
  },
})

/** Takes an event that changes nothing: XState does not count a transition without target and action as one. */
export const noted = { actions: setUp.assign({}) }

export const applicationFits = and(['applicationComplete', 'adminIsTeachingStaff', 'adminPhoneIsMobile'])
export const orderFits = and(['orderIsMain', 'orderIsRegistered', 'orderHasFile', 'orderIsInForce'])
/** What must hold at the moment an application goes out, whatever held when it was entered (BR-01, BR-02, BR-03). */
export const inOrder = and([applicationFits, orderFits])
export const goesByItself = and(['sendsByItself', inOrder])

export const takeData = setUp.createStateConfig({
  on: { SUBMIT_DATA: { guard: applicationFits, actions: assign({ administratorId: ({ event }) => event.administratorId }) } },
})
export const takeOrder = setUp.createStateConfig({
  on: { ORDER_ATTACHED: { guard: orderFits, actions: assign({ orderId: ({ event }) => event.orderId }) } },
})

/** Edge case 3: the order fell away after the letter. The process goes on; somebody sees to another order and to a letter. */
export const orderFallsAway = setUp.createStateConfig({
  on: {
    ORDER_INVALIDATED: { guard: 'orderIsOurs', actions: [assign({ orderId: null }), reorderTask] },
    ORDER_ATTACHED: { guard: and(['orderIsMissing', orderFits]), actions: [assign({ orderId: ({ event }) => event.orderId }), { type: 'closeTask', params: { kind: 'T-REG-REORDER' } }] },
  },
})
