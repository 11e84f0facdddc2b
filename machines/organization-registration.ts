import { and, assign, enqueueActions, setup } from 'xstate'
import { effects } from './effects.ts'
import { organizationRegistrationEvents, type OrganizationRegistrationEvent } from './organization-registration-events.ts'
import { outcomeOfMail, RETENTION, type ProcessContext, type ProcessDefinition } from './process.ts'

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
  /** Local date on which «Учительская» was created (BR-05). */
  staffRoomOn: string | null
}

/** Deadlines of the wait for an answer; a follow-up does not restart them (domain.md 7.1). */
const ladder = ['TIMER_FOLLOW_UP_1', 'TIMER_FOLLOW_UP_2', 'TIMER_ESCALATE']

const application = { type: 'queueLetter', params: { code: 'L-REG-APPLY', to: { platform: true } } } as const
const followUp = { type: 'queueLetter', params: { code: 'L-REG-FOLLOWUP', to: { platform: true } } } as const
const openReplyTask = {
  type: 'openTask',
  params: ({ event }: { event: { messageId?: string } }) => ({
    kind: 'T-REG-REPLY',
    values: { message: event.messageId ?? null },
  }),
} as const
const tellHead = (state: string) => ({ type: 'queueLetter', params: { code: 'L-REG-STATUS', to: { role: 'head' }, values: { state } } }) as const

const setUp = setup({
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
    orderIsOurs: ({ context, event }) => event.type === 'ORDER_INVALIDATED' && event.orderId === context.orderId,
    sendsByItself: ({ context }) => !context.confirmBeforeSending,
    notAtPlatform: ({ context }) => context.sending === 'application',
    hasText: ({ event }) => event.type === 'CONFIRM_SEND' && event.text !== undefined,
    outcomeOfMail: ({ event }) => event.by === undefined,
  },
})

/** Takes an event that changes nothing: XState does not count a transition without target and action as one. */
const noted = { actions: setUp.assign({}) }

/** A way apart, not a reason to refuse: so it has no name to be told by. */
const clarifying = ({ context }: { context: OrganizationRegistrationContext }) => context.sending === 'clarification'

const applicationFits = and(['applicationComplete', 'adminIsTeachingStaff', 'adminPhoneIsMobile'])
const orderFits = and(['orderIsMain', 'orderIsRegistered', 'orderHasFile', 'orderIsInForce'])
/** What must hold at the moment an application goes out, whatever held when it was entered (BR-01, BR-02, BR-03). */
const inOrder = and([applicationFits, orderFits])
const goesByItself = and(['sendsByItself', inOrder])

const takeData = setUp.createStateConfig({
  on: { SUBMIT_DATA: { guard: applicationFits, actions: assign({ administratorId: ({ event }) => event.administratorId }) } },
})
const takeOrder = setUp.createStateConfig({
  on: { ORDER_ATTACHED: { guard: orderFits, actions: assign({ orderId: ({ event }) => event.orderId }) } },
})

/** CANCEL is allowed in every state before `adminSignIn`, `rejected` included. */
const cancel = { CANCEL: { target: 'cancelled' } } as const

/** Answers are accepted wherever one can arrive: also while a delivery is in doubt or a clarification is written (design.md, answer 14). */
const answers = {
  REPLY_RECEIVED: { actions: openReplyTask },
  AUTO_REPLY_RECEIVED: noted,
  REPLY_IGNORED: noted,
  REPLY_APPROVED: { target: 'adminSignIn', actions: tellHead('adminSignIn') },
  REPLY_CLARIFY: { target: 'clarification', actions: tellHead('clarification') },
  REPLY_REJECTED: { target: 'rejected', actions: tellHead('rejected') },
} as const

const machine = setUp.createMachine({
  id: 'organizationRegistration',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    number: input.number,
    confirmBeforeSending: input.confirmBeforeSending,
    administratorId: null,
    orderId: null,
    sending: 'application',
    staffRoomOn: null,
  }),
  // The school's mornings begin with its application: its tasks are in the digest while it waits for weeks.
  entry: { type: 'startSchedules', params: ({ context }) => ({ orgId: context.orgId }) },
  initial: 'draft',
  states: {
    draft: {
      on: {
        ...cancel,
        SUBMIT_DATA: { ...takeData.on.SUBMIT_DATA, target: 'awaitingOrder' },
      },
    },
    awaitingOrder: {
      meta: { tasks: ['T-REG-ORDER'] },
      entry: { type: 'openTask', params: { kind: 'T-REG-ORDER' } },
      on: {
        ...cancel,
        ...takeData.on,
        ORDER_ATTACHED: { ...takeOrder.on.ORDER_ATTACHED, target: 'readyToSend' },
      },
    },
    readyToSend: {
      meta: { tasks: ['T-REG-SEND'] },
      always: { guard: goesByItself, target: 'sending', actions: application },
      entry: [
        assign({ sending: 'application' }),
        // Also where nobody confirms: something stands in the way, or it would be on its way.
        enqueueActions(({ check, enqueue }) => {
          if (!check(goesByItself)) enqueue({ type: 'openTask', params: { kind: 'T-REG-SEND' } })
        }),
      ],
      on: {
        CANCEL: { target: 'cancelled', actions: { type: 'cancelLetters', params: {} } },
        ...takeData.on,
        ...takeOrder.on,
        ORDER_INVALIDATED: { guard: 'orderIsOurs', target: 'awaitingOrder', actions: assign({ orderId: null }) },
        CONFIRM_SEND: { guard: inOrder, target: 'sending', actions: application },
      },
    },
    sending: {
      on: {
        CANCEL: { target: 'cancelled', actions: { type: 'cancelLetters', params: {} } },
        LETTER_ACCEPTED: { guard: outcomeOfMail, target: 'awaitingReply' },
        LETTER_FAILED: { target: 'deliveryProblem' },
        LETTER_UNKNOWN: { target: 'deliveryProblem' },
        ORDER_INVALIDATED: { guard: 'orderIsOurs', ...noted },
      },
    },
    deliveryProblem: {
      meta: { tasks: ['T-REG-FIX', 'T-REG-REPLY'] },
      entry: [{ type: 'cancelLetters', params: {} }, { type: 'openTask', params: { kind: 'T-REG-FIX' } }],
      on: {
        ...cancel,
        ...answers,
        SUBMIT_DATA: { ...takeData.on.SUBMIT_DATA, guard: and(['notAtPlatform', applicationFits]) },
        ORDER_ATTACHED: { ...takeOrder.on.ORDER_ATTACHED, guard: and(['notAtPlatform', orderFits]) },
        FIX: [{ guard: clarifying, target: 'clarification' }, { guard: inOrder, target: 'readyToSend' }],
        // A person's word that a letter of unknown outcome did arrive, or the server's late answer.
        LETTER_ACCEPTED: { target: 'awaitingReply' },
        LETTER_BOUNCED: noted,
        ORDER_INVALIDATED: { guard: 'orderIsOurs', ...noted },
      },
    },
    awaitingReply: {
      meta: { deadlines: ladder, tasks: ['T-REG-REPLY', 'T-REG-CHECK', 'T-REG-ESCALATE', 'T-REG-SEND'] },
      entry: [
        { type: 'setDeadline', params: { name: 'TIMER_FOLLOW_UP_1', rule: { workingDays: 3 } } },
        { type: 'setDeadline', params: { name: 'TIMER_FOLLOW_UP_2', rule: { workingDays: 7 } } },
        { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 10 } } },
      ],
      // Edge case 2: a follow-up that has not gone out yet is taken back when the wait ends.
      exit: { type: 'cancelLetters', params: { code: 'L-REG-FOLLOWUP' } },
      on: {
        ...cancel,
        ...answers,
        TIMER_FOLLOW_UP_1: { actions: { type: 'openTask', params: { kind: 'T-REG-CHECK' } } },
        TIMER_FOLLOW_UP_2: [
          { guard: 'sendsByItself', actions: followUp },
          { actions: { type: 'openTask', params: { kind: 'T-REG-SEND' } } },
        ],
        TIMER_ESCALATE: { actions: [tellHead('awaitingReply'), { type: 'openTask', params: { kind: 'T-REG-ESCALATE' } }] },
        REPLY_FOUND: { actions: [{ type: 'closeTask', params: { kind: 'T-REG-CHECK' } }, { type: 'openTask', params: { kind: 'T-REG-REPLY' } }] },
        REPLY_NOT_FOUND: { actions: { type: 'closeTask', params: { kind: 'T-REG-CHECK' } } },
        KEEP_WAITING: {
          actions: [
            { type: 'closeTask', params: { kind: 'T-REG-ESCALATE' } },
            { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 10 } } },
          ],
        },
        WRITE_AGAIN: {
          actions: [
            { type: 'closeTask', params: { kind: 'T-REG-ESCALATE' } },
            followUp,
            { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 10 } } },
          ],
        },
        CONFIRM_SEND: { actions: [{ type: 'closeTask', params: { kind: 'T-REG-SEND' } }, followUp] },
        LETTER_ACCEPTED: { guard: outcomeOfMail, ...noted },
        // Only a follow-up can still be on its way here: the application stands, a person decides about the reminder.
        LETTER_FAILED: { actions: { type: 'openTask', params: { kind: 'T-REG-SEND' } } },
        LETTER_UNKNOWN: { actions: { type: 'openTask', params: { kind: 'T-REG-SEND' } } },
        LETTER_BOUNCED: { target: 'deliveryProblem' },
        ORDER_INVALIDATED: { guard: 'orderIsOurs', ...noted },
      },
    },
    clarification: {
      meta: { tasks: ['T-REG-SEND', 'T-REG-REPLY'] },
      entry: [assign({ sending: 'clarification' }), { type: 'openTask', params: { kind: 'T-REG-SEND', key: 'clarification' } }],
      on: {
        ...cancel,
        ...answers,
        REPLY_CLARIFY: noted,
        CONFIRM_SEND: {
          guard: 'hasText',
          target: 'sending',
          actions: { type: 'queueLetter', params: ({ event }) => ({ code: 'L-REG-CLARIFY', to: { platform: true }, values: { text: event.text! } }) },
        },
      },
    },
    rejected: {
      // REOPEN is possible for 30 days; then the process ends where it stands (design.md, answer 7).
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 30 } } },
      on: { ...cancel, REOPEN: { target: 'draft' } },
    },
    adminSignIn: {
      meta: { deadlines: ['TIMER_SIGN_IN_REMIND', 'TIMER_SIGN_IN_ESCALATE'], tasks: ['T-REG-SIGNIN'] },
      entry: [
        { type: 'openTask', params: { kind: 'T-REG-SIGNIN' } },
        { type: 'setDeadline', params: { name: 'TIMER_SIGN_IN_REMIND', rule: { workingDays: 2 } } },
        { type: 'setDeadline', params: { name: 'TIMER_SIGN_IN_ESCALATE', rule: { workingDays: 5 } } },
      ],
      on: {
        REPLY_RECEIVED: noted,
        ADMIN_RIGHTS_CONFIRMED: { target: 'profileSetup' },
        ADMIN_RIGHTS_MISSING: { target: 'rightsMissing', actions: tellHead('rightsMissing') },
        TIMER_SIGN_IN_REMIND: {
          actions: { type: 'queueLetter', params: { code: 'L-TASK-URGENT', to: { role: 'platformAdmin' }, values: { task: 'T-REG-SIGNIN' } } },
        },
        TIMER_SIGN_IN_ESCALATE: { actions: tellHead('adminSignIn') },
      },
    },
    rightsMissing: {
      meta: { deadlines: ['TIMER_FOLLOW_UP_1'], tasks: ['T-REG-REPLY', 'T-REG-CHECK'] },
      entry: { type: 'setDeadline', params: { name: 'TIMER_FOLLOW_UP_1', rule: { workingDays: 3 } } },
      on: {
        TIMER_FOLLOW_UP_1: { actions: { type: 'openTask', params: { kind: 'T-REG-CHECK' } } },
        REPLY_RECEIVED: { actions: openReplyTask },
        AUTO_REPLY_RECEIVED: noted,
        REPLY_IGNORED: noted,
        REPLY_FOUND: { actions: [{ type: 'closeTask', params: { kind: 'T-REG-CHECK' } }, { type: 'openTask', params: { kind: 'T-REG-REPLY' } }] },
        REPLY_NOT_FOUND: { actions: { type: 'closeTask', params: { kind: 'T-REG-CHECK' } } },
        REPLY_FIXED: { target: 'adminSignIn' },
        // A question about the missing rights goes into the same thread.
        CONFIRM_SEND: {
          guard: 'hasText',
          actions: { type: 'queueLetter', params: ({ event }) => ({ code: 'L-REG-CLARIFY', to: { platform: true }, values: { text: event.text! } }) },
        },
      },
    },
    profileSetup: {
      meta: { tasks: ['T-REG-PROFILE'] },
      entry: { type: 'openTask', params: { kind: 'T-REG-PROFILE' } },
      on: { PROFILE_FILLED: { target: 'staffRoomSetup' } },
    },
    staffRoomSetup: {
      meta: { tasks: ['T-REG-STAFFROOM'] },
      entry: { type: 'openTask', params: { kind: 'T-REG-STAFFROOM' } },
      on: {
        STAFF_ROOM_CREATED: {
          target: 'completed',
          actions: [assign({ staffRoomOn: ({ event }) => event.createdOn }), tellHead('completed')],
        },
      },
    },
    completed: { type: 'final' },
    cancelled: { type: 'final' },
  },
})

/** Registration of the school on the platform by letter to info@sferum.ru (domain.md 7.1). */
export const organizationRegistration: ProcessDefinition = { kind: 'organizationRegistration', version: 1, machine, events: organizationRegistrationEvents, reminders: ['TIMER_SIGN_IN_REMIND'] }
