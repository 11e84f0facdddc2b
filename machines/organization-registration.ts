import { Type } from 'typebox'
import { and, assign, enqueueActions, setup } from 'xstate'
import { effects } from './effects.ts'
import { outcomeOfMail, RETENTION, type EventSpec, type EventsOf, type ProcessContext, type ProcessDefinition } from './process.ts'

const id = Type.String({ minLength: 1, maxLength: 64 })
const text = Type.String({ minLength: 1, maxLength: 4000 })
const closed = { additionalProperties: false }

/** What guards ask about the order (BR-01, R2.1-00). */
const OrderFacts = Type.Object({ kind: Type.String(), registered: Type.Boolean(), hasFile: Type.Boolean(), inForce: Type.Boolean() })
/** What guards ask about the data of the application (BR-02, BR-03, R2.2-02). */
const ApplicationFacts = Type.Object({
  complete: Type.Boolean(),
  adminIsTeachingStaff: Type.Boolean(),
  adminPhoneIsMobile: Type.Boolean(),
})

const reply = Type.Object({ receivedOn: Type.String({ format: 'date' }), text: Type.Optional(text), messageId: Type.Optional(id) }, closed)

const events = {
  SUBMIT_DATA: { from: ['person'], body: Type.Object({ administratorId: id }, closed), facts: ApplicationFacts, clause: 'R2.1-01' },
  ORDER_ATTACHED: { from: ['person'], body: Type.Object({ orderId: id }, closed), facts: OrderFacts, clause: 'R2.1-00' },
  /** The order was cancelled in the register (edge case 3: after the letter went out it is a warning only). */
  ORDER_INVALIDATED: { from: ['process'], body: Type.Object({ orderId: id }, closed), clause: 'R2.1-00' },
  CONFIRM_SEND: { from: ['person'], body: Type.Object({ text: Type.Optional(text) }, closed), clause: 'R2.1-01' },
  FIX: { from: ['person'], clause: 'R2.1-01' },
  LETTER_ACCEPTED: { from: ['mail', 'person'], body: Type.Object({ letterId: Type.Optional(id) }, closed) },
  LETTER_FAILED: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
  LETTER_UNKNOWN: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
  LETTER_BOUNCED: { from: ['mail'], body: Type.Object({ letterId: id }, closed) },
  /** A letter came that belongs to this process; a person decides what it means. */
  REPLY_RECEIVED: { from: ['mail'], body: Type.Object({ messageId: id }, closed) },
  AUTO_REPLY_RECEIVED: { from: ['mail'], body: Type.Object({ messageId: id }, closed) },
  REPLY_FOUND: { from: ['person'], clause: 'R2.1-01' },
  REPLY_NOT_FOUND: { from: ['person'], clause: 'R2.1-01' },
  REPLY_IGNORED: { from: ['person'], body: reply, clause: 'R2.1-01' },
  REPLY_APPROVED: { from: ['person'], body: reply, clause: 'R2.1-01' },
  REPLY_CLARIFY: { from: ['person'], body: reply, clause: 'R2.1-01' },
  REPLY_REJECTED: { from: ['person'], body: reply, clause: 'R2.1-01' },
  REPLY_FIXED: { from: ['person'], body: reply, clause: 'R2.1-01' },
  KEEP_WAITING: { from: ['person'], clause: 'R2.1-01' },
  WRITE_AGAIN: { from: ['person'], clause: 'R2.1-01' },
  REOPEN: { from: ['person'], clause: 'R2.1-01' },
  CANCEL: { from: ['person'], body: Type.Object({ reason: text }, closed), clause: 'R2.1-01' },
  ADMIN_RIGHTS_CONFIRMED: { from: ['person'], clause: 'R2.1-02' },
  ADMIN_RIGHTS_MISSING: { from: ['person'], clause: 'R2.1-02' },
  PROFILE_FILLED: { from: ['person'], clause: 'R2.1-03' },
  STAFF_ROOM_CREATED: { from: ['person'], body: Type.Object({ createdOn: Type.String({ format: 'date' }) }, closed), clause: 'R2.1-04' },
  TIMER_FOLLOW_UP_1: { from: ['timer'] },
  TIMER_FOLLOW_UP_2: { from: ['timer'] },
  TIMER_ESCALATE: { from: ['timer'] },
  TIMER_SIGN_IN_REMIND: { from: ['timer'] },
  TIMER_SIGN_IN_ESCALATE: { from: ['timer'] },
} satisfies Record<string, EventSpec>

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
    events: {} as EventsOf<typeof events>,
    input: {} as OrganizationRegistrationInput,
  },
  actions: effects,
  guards: {
    applicationComplete: ({ event }) => event.type === 'SUBMIT_DATA' && event.facts.complete,
    adminIsTeachingStaff: ({ event }) => event.type === 'SUBMIT_DATA' && event.facts.adminIsTeachingStaff,
    adminPhoneIsMobile: ({ event }) => event.type === 'SUBMIT_DATA' && event.facts.adminPhoneIsMobile,
    orderIsMain: ({ event }) => event.type === 'ORDER_ATTACHED' && event.facts.kind === 'main',
    orderIsRegistered: ({ event }) => event.type === 'ORDER_ATTACHED' && event.facts.registered,
    orderHasFile: ({ event }) => event.type === 'ORDER_ATTACHED' && event.facts.hasFile,
    orderIsInForce: ({ event }) => event.type === 'ORDER_ATTACHED' && event.facts.inForce,
    orderIsOurs: ({ context, event }) => event.type === 'ORDER_INVALIDATED' && event.orderId === context.orderId,
    sendsByItself: ({ context }) => !context.confirmBeforeSending,
    clarifying: ({ context }) => context.sending === 'clarification',
    hasText: ({ event }) => event.type === 'CONFIRM_SEND' && event.text !== undefined,
    outcomeOfMail: ({ event }) => event.by === undefined,
  },
})

/** Takes an event that changes nothing: XState does not count a transition without target and action as one. */
const noted = { actions: setUp.assign({}) }

const takeData = setUp.createStateConfig({
  on: {
    SUBMIT_DATA: {
      guard: and(['applicationComplete', 'adminIsTeachingStaff', 'adminPhoneIsMobile']),
      actions: assign({ administratorId: ({ event }) => event.administratorId }),
    },
  },
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
        ORDER_ATTACHED: {
          guard: and(['orderIsMain', 'orderIsRegistered', 'orderHasFile', 'orderIsInForce']),
          target: 'readyToSend',
          actions: assign({ orderId: ({ event }) => event.orderId }),
        },
      },
    },
    readyToSend: {
      meta: { tasks: ['T-REG-SEND'] },
      // What CONFIRM_SEND needs was required of SUBMIT_DATA and ORDER_ATTACHED, so it holds here.
      always: { guard: 'sendsByItself', target: 'sending', actions: application },
      entry: [
        assign({ sending: 'application' }),
        enqueueActions(({ context, enqueue }) => {
          if (context.confirmBeforeSending) enqueue({ type: 'openTask', params: { kind: 'T-REG-SEND' } })
        }),
      ],
      on: {
        CANCEL: { target: 'cancelled', actions: { type: 'cancelLetters', params: {} } },
        ...takeData.on,
        ORDER_INVALIDATED: { guard: 'orderIsOurs', target: 'awaitingOrder', actions: assign({ orderId: null }) },
        CONFIRM_SEND: { target: 'sending', actions: application },
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
        FIX: [{ guard: 'clarifying', target: 'clarification' }, { target: 'readyToSend' }],
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
export const organizationRegistration: ProcessDefinition = { kind: 'organizationRegistration', version: 1, machine, events }
