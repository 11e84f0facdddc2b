import { and, assign, enqueueActions, setup } from 'xstate'
import { effects, type QueueLetter } from './effects.ts'
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
  /** What the platform asked last, as far as it is known: the message, the words a person noted of it. */
  question: { messageId: string | null; text: string | null } | null
  /** An answer has come, or lies in the mailbox, and no person has said yet what it means. */
  answerWaits: boolean
  /** The letter to the platform that a person has to decide about: the last that met trouble and is not settled. */
  trouble: { letterId: string; outcome: 'failed' | 'unknown' | 'bounced' } | null
  /** Local date on which «Учительская» was created (BR-05). */
  staffRoomOn: string | null
}

/** Deadlines of the wait for an answer; a follow-up does not restart them (domain.md 7.1). */
const ladder = ['TIMER_FOLLOW_UP_1', 'TIMER_FOLLOW_UP_2', 'TIMER_ESCALATE']

type Args = { context: OrganizationRegistrationContext; event: OrganizationRegistrationEvent }

// Ways apart, not reasons to refuse: they have no names to be told by.
const clarifying = ({ context }: Args) => context.sending === 'clarification'
const outcomeUnknown = ({ context }: Args) => context.trouble?.outcome === 'unknown'
const answerWaits = ({ context }: Args) => context.answerWaits

const apply = { type: 'queueLetter', params: { code: 'L-REG-APPLY', to: { platform: true } } } as const
const followUp = { type: 'queueLetter', params: { code: 'L-REG-FOLLOWUP', to: { platform: true } } } as const
const clarify = {
  type: 'queueLetter',
  params: ({ event }: { event: { text?: string } }): QueueLetter => ({ code: 'L-REG-CLARIFY', to: { platform: true }, values: { text: event.text! } }),
} as const
const writeTask = { type: 'openTask', params: { kind: 'T-REG-SEND', key: 'clarification' } } as const
const followUpTask = { type: 'openTask', params: { kind: 'T-REG-SEND', key: 'followUp' } } as const
const reorderTask = { type: 'openTask', params: { kind: 'T-REG-REORDER' } } as const
const fixTask = { type: 'openTask', params: { kind: 'T-REG-FIX' } } as const
const openReplyTask = {
  type: 'openTask',
  params: ({ event }: { event: { messageId?: string } }) => ({
    kind: 'T-REG-REPLY',
    values: { message: event.messageId ?? null },
  }),
} as const
/** What a state means for the head; `reason` when the letter is about something else than coming into it. */
const tellHead = (state: string, reason?: 'notSignedIn') => ({ type: 'queueLetter', params: { code: 'L-REG-STATUS', to: { role: 'head' }, values: { state, ...(reason && { reason }) } } }) as const

/** Whether the event is about the letter whose outcome nobody knows; a person need not name it. */
function ofLetterInDoubt(args: Args): boolean {
  const { context, event } = args
  return outcomeUnknown(args) && (!('letterId' in event) || event.letterId === undefined || event.letterId === context.trouble?.letterId)
}

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
const noted = { actions: setUp.assign({}) }

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

/** Edge case 3: the order fell away after the letter. The process goes on; somebody sees to another order and to a letter. */
const orderFallsAway = setUp.createStateConfig({
  on: {
    ORDER_INVALIDATED: { guard: 'orderIsOurs', actions: [assign({ orderId: null }), reorderTask] },
    ORDER_ATTACHED: { guard: and(['orderIsMissing', orderFits]), actions: [assign({ orderId: ({ event }) => event.orderId }), { type: 'closeTask', params: { kind: 'T-REG-REORDER' } }] },
  },
})

const nothingAsked = setUp.assign({ question: null })
/** Keeps the question for the one who answers it; what says nothing of it leaves what is known. */
const asked = setUp.assign({
  question: ({ context, event }) => (event.type === 'REPLY_CLARIFY' && (event.messageId ?? event.text) ? { messageId: event.messageId ?? null, text: event.text ?? null } : context.question),
})
const meets = (outcome: 'failed' | 'unknown' | 'bounced') => setUp.assign({ trouble: ({ event }) => ('letterId' in event && event.letterId ? { letterId: event.letterId, outcome } : null) })
const noTrouble = setUp.assign({ trouble: null })
const applyAnew = [noTrouble, apply]

/** The letter whose outcome nobody knows, once more: the same bytes, so that whoever has it already sees that it is one (P4). */
const sameLetter = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (context.trouble && event.by !== undefined) enqueue({ type: 'settleLetter', params: { letterId: context.trouble.letterId, decision: 'sendAgain', by: event.by } })
})
/** The letter arrived. A person's word settles it in the outbox too; the mail's own word has. */
const arrived = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (context.trouble?.outcome === 'unknown' && event.by !== undefined) enqueue({ type: 'settleLetter', params: { letterId: context.trouble.letterId, decision: 'arrived', by: event.by } })
  enqueue.assign({ trouble: null })
})
/** What became of a letter while the process stands where it is: only of the one in trouble is there more to say. */
const arrivedMeanwhile = (kind: 'T-REG-SEND' | 'T-REG-FIX') =>
  setUp.enqueueActions(({ context, event, enqueue }) => {
    if (event.by === undefined && !('letterId' in event && event.letterId === context.trouble?.letterId)) return
    enqueue({ type: 'closeTask', params: { kind } })
    enqueue(arrived)
  })
/** Whoever answers an application has it. */
const provenByAnswer = setUp.enqueueActions(({ context, event, enqueue }) => {
  const answered = event.type === 'REPLY_APPROVED' || event.type === 'REPLY_CLARIFY' || event.type === 'REPLY_REJECTED'
  if (answered && context.sending === 'application') enqueue(arrived)
})

const takeFollowUpBack = { type: 'cancelLetters', params: { code: 'L-REG-FOLLOWUP' } } as const
const answerCame = setUp.assign({ answerWaits: true })
const answerRead = setUp.assign({ answerWaits: false })
/** No reminder to who has answered. One that goes out again goes: whether it has arrived already nobody knows, and somebody waits to hear. */
const answerCameFirst = setUp.enqueueActions((args) => {
  args.enqueue(answerCame)
  if (!outcomeUnknown(args)) args.enqueue(takeFollowUpBack)
})

/** CANCEL is allowed in every state before `adminSignIn`, `rejected` included. */
const cancel = { CANCEL: { target: 'cancelled' } } as const

/**
 * Answers are accepted wherever one can arrive: also while a delivery is in doubt, a clarification is written or waits
 * for the morning to go out (design.md, answer 14).
 */
const answers = {
  REPLY_RECEIVED: { actions: [answerCame, openReplyTask] },
  AUTO_REPLY_RECEIVED: noted,
  REPLY_IGNORED: { actions: answerRead },
  REPLY_APPROVED: { target: 'adminSignIn', actions: [answerRead, tellHead('adminSignIn')] },
  REPLY_CLARIFY: { target: 'clarification', actions: [answerRead, nothingAsked, asked, tellHead('clarification')] },
  REPLY_REJECTED: { target: 'rejected', actions: [answerRead, tellHead('rejected')] },
} as const

/** While an answer lies unread nobody is asked why there is none: looked at again a working day later. */
const readFirst = (name: 'TIMER_FOLLOW_UP_2' | 'TIMER_ESCALATE') => ({ guard: answerWaits, actions: { type: 'setDeadline', params: { name, rule: { workingDays: 1 } } } }) as const

const lookInThreeDays = { type: 'setDeadline', params: { name: 'TIMER_FOLLOW_UP_1', rule: { workingDays: 3 } } } as const
const writtenAgain = [
  { type: 'closeTask', params: { kind: 'T-REG-ESCALATE' } },
  { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 10 } } },
] as const

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
    question: null,
    answerWaits: false,
    trouble: null,
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
      always: { guard: goesByItself, target: 'sending', actions: applyAnew },
      entry: [
        assign({ sending: 'application', answerWaits: false }),
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
        CONFIRM_SEND: { guard: inOrder, target: 'sending', actions: applyAnew },
      },
    },
    sending: {
      meta: { tasks: ['T-REG-REPLY', 'T-REG-REORDER'] },
      // Who has answered meanwhile needs neither any more, if it has not gone out.
      exit: [
        { type: 'cancelLetters', params: { code: 'L-REG-APPLY' } },
        { type: 'cancelLetters', params: { code: 'L-REG-CLARIFY' } },
      ],
      on: {
        ...answers,
        ...orderFallsAway.on,
        CANCEL: { target: 'cancelled', actions: { type: 'cancelLetters', params: {} } },
        LETTER_ACCEPTED: { guard: outcomeOfMail, target: 'awaitingReply', actions: arrived },
        LETTER_FAILED: { target: 'deliveryProblem', actions: meets('failed') },
        LETTER_UNKNOWN: { target: 'deliveryProblem', actions: meets('unknown') },
        // One that goes out again can come back from before.
        LETTER_BOUNCED: { guard: 'troubledLetter', target: 'deliveryProblem', actions: meets('bounced') },
      },
    },
    deliveryProblem: {
      meta: { tasks: ['T-REG-FIX', 'T-REG-REPLY', 'T-REG-REORDER'] },
      entry: [{ type: 'cancelLetters', params: {} }, fixTask],
      exit: provenByAnswer,
      on: {
        ...cancel,
        ...answers,
        ...orderFallsAway.on,
        SUBMIT_DATA: { ...takeData.on.SUBMIT_DATA, guard: and(['notAtPlatform', 'outcomeKnown', applicationFits]) },
        ORDER_ATTACHED: { ...orderFallsAway.on.ORDER_ATTACHED, guard: and(['orderMayChange', 'outcomeKnown', orderFits]) },
        FIX: [
          { guard: and([clarifying, outcomeUnknown]), target: 'sending', actions: sameLetter },
          { guard: clarifying, target: 'clarification' },
          { guard: and([outcomeUnknown, inOrder]), target: 'sending', actions: sameLetter },
          { guard: inOrder, target: 'readyToSend' },
        ],
        // A person's word that a letter of unknown outcome did arrive, or the server's when it was sent again from its card.
        LETTER_ACCEPTED: { guard: 'letterInDoubt', target: 'awaitingReply', actions: arrived },
        LETTER_FAILED: { guard: 'troubledLetter', actions: meets('failed') },
        LETTER_UNKNOWN: { guard: 'troubledLetter', actions: meets('unknown') },
        LETTER_BOUNCED: [{ guard: 'troubledLetter', actions: meets('bounced') }, noted],
      },
    },
    awaitingReply: {
      meta: { deadlines: ladder, tasks: ['T-REG-REPLY', 'T-REG-CHECK', 'T-REG-ESCALATE', 'T-REG-SEND', 'T-REG-REORDER'] },
      entry: [
        { type: 'setDeadline', params: { name: 'TIMER_FOLLOW_UP_1', rule: { workingDays: 3 } } },
        { type: 'setDeadline', params: { name: 'TIMER_FOLLOW_UP_2', rule: { workingDays: 7 } } },
        { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 10 } } },
      ],
      // Edge case 2: a follow-up that has not gone out yet is taken back when the wait ends.
      exit: [takeFollowUpBack, noTrouble],
      on: {
        ...cancel,
        ...answers,
        ...orderFallsAway.on,
        TIMER_FOLLOW_UP_1: { actions: { type: 'openTask', params: { kind: 'T-REG-CHECK' } } },
        TIMER_FOLLOW_UP_2: [
          readFirst('TIMER_FOLLOW_UP_2'),
          { guard: 'sendsByItself', actions: followUp },
          { actions: followUpTask },
        ],
        TIMER_ESCALATE: [
          readFirst('TIMER_ESCALATE'),
          { actions: [tellHead('awaitingReply'), { type: 'openTask', params: { kind: 'T-REG-ESCALATE' } }] },
        ],
        REPLY_RECEIVED: { actions: [answerCameFirst, openReplyTask] },
        REPLY_FOUND: { actions: [answerCameFirst, { type: 'closeTask', params: { kind: 'T-REG-CHECK' } }, { type: 'openTask', params: { kind: 'T-REG-REPLY' } }] },
        REPLY_NOT_FOUND: { actions: { type: 'closeTask', params: { kind: 'T-REG-CHECK' } } },
        KEEP_WAITING: {
          actions: [
            { type: 'closeTask', params: { kind: 'T-REG-ESCALATE' } },
            { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 10 } } },
          ],
        },
        WRITE_AGAIN: [
          { guard: outcomeUnknown, actions: [...writtenAgain, sameLetter] },
          { actions: [...writtenAgain, followUp] },
        ],
        CONFIRM_SEND: [
          { guard: outcomeUnknown, actions: [{ type: 'closeTask', params: { kind: 'T-REG-SEND' } }, sameLetter] },
          { actions: [{ type: 'closeTask', params: { kind: 'T-REG-SEND' } }, noTrouble, followUp] },
        ],
        LETTER_ACCEPTED: { guard: outcomeOfMail, actions: arrivedMeanwhile('T-REG-SEND') },
        // Only a follow-up can still be on its way here: the application stands, a person decides about the reminder.
        LETTER_FAILED: { actions: [meets('failed'), followUpTask] },
        LETTER_UNKNOWN: { actions: [meets('unknown'), followUpTask] },
        LETTER_BOUNCED: { target: 'deliveryProblem', actions: meets('bounced') },
      },
    },
    clarification: {
      meta: { tasks: ['T-REG-SEND', 'T-REG-REPLY', 'T-REG-REORDER'] },
      entry: [assign({ sending: 'clarification' }), noTrouble, writeTask],
      on: {
        ...cancel,
        ...answers,
        ...orderFallsAway.on,
        REPLY_CLARIFY: { actions: [answerRead, asked] },
        CONFIRM_SEND: { guard: 'hasText', target: 'sending', actions: clarify },
      },
    },
    rejected: {
      // REOPEN is possible for 30 days; then the process ends where it stands (design.md, answer 7).
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 30 } } },
      on: { ...cancel, REOPEN: { target: 'draft' } },
    },
    adminSignIn: {
      meta: { deadlines: ['TIMER_SIGN_IN_REMIND', 'TIMER_SIGN_IN_ESCALATE'], tasks: ['T-REG-SIGNIN', 'T-REG-REORDER'] },
      entry: [
        { type: 'openTask', params: { kind: 'T-REG-SIGNIN' } },
        { type: 'setDeadline', params: { name: 'TIMER_SIGN_IN_REMIND', rule: { workingDays: 2 } } },
        { type: 'setDeadline', params: { name: 'TIMER_SIGN_IN_ESCALATE', rule: { workingDays: 5 } } },
      ],
      on: {
        ...orderFallsAway.on,
        REPLY_RECEIVED: noted,
        ADMIN_RIGHTS_CONFIRMED: { target: 'profileSetup' },
        ADMIN_RIGHTS_MISSING: { target: 'rightsMissing', actions: tellHead('rightsMissing') },
        TIMER_SIGN_IN_REMIND: {
          actions: { type: 'queueLetter', params: { code: 'L-TASK-URGENT', to: { role: 'platformAdmin' }, values: { task: 'T-REG-SIGNIN' } } },
        },
        TIMER_SIGN_IN_ESCALATE: { actions: tellHead('adminSignIn', 'notSignedIn') },
      },
    },
    rightsMissing: {
      meta: { deadlines: ['TIMER_FOLLOW_UP_1'], tasks: ['T-REG-SEND', 'T-REG-FIX', 'T-REG-REPLY', 'T-REG-CHECK', 'T-REG-REORDER'] },
      // Somebody has to tell the platform: their own words, in the same thread.
      entry: [noTrouble, nothingAsked, writeTask, lookInThreeDays],
      on: {
        ...orderFallsAway.on,
        TIMER_FOLLOW_UP_1: { actions: { type: 'openTask', params: { kind: 'T-REG-CHECK' } } },
        REPLY_RECEIVED: { actions: openReplyTask },
        AUTO_REPLY_RECEIVED: noted,
        REPLY_IGNORED: noted,
        REPLY_FOUND: { actions: [{ type: 'closeTask', params: { kind: 'T-REG-CHECK' } }, { type: 'openTask', params: { kind: 'T-REG-REPLY' } }] },
        REPLY_NOT_FOUND: { actions: [{ type: 'closeTask', params: { kind: 'T-REG-CHECK' } }, lookInThreeDays] },
        REPLY_CLARIFY: { actions: [asked, writeTask] },
        REPLY_FIXED: { target: 'adminSignIn' },
        CONFIRM_SEND: { guard: 'hasText', actions: [{ type: 'closeTask', params: { kind: 'T-REG-SEND' } }, clarify, lookInThreeDays] },
        LETTER_ACCEPTED: { guard: outcomeOfMail, actions: arrivedMeanwhile('T-REG-FIX') },
        LETTER_FAILED: { actions: [meets('failed'), fixTask] },
        LETTER_UNKNOWN: { actions: [meets('unknown'), fixTask] },
        LETTER_BOUNCED: { actions: [meets('bounced'), fixTask] },
        FIX: [
          { guard: outcomeUnknown, actions: [{ type: 'closeTask', params: { kind: 'T-REG-FIX' } }, sameLetter] },
          { guard: 'letterInTrouble', actions: [{ type: 'closeTask', params: { kind: 'T-REG-FIX' } }, noTrouble, writeTask] },
        ],
      },
    },
    profileSetup: {
      meta: { tasks: ['T-REG-PROFILE', 'T-REG-REORDER'] },
      entry: { type: 'openTask', params: { kind: 'T-REG-PROFILE' } },
      on: { ...orderFallsAway.on, PROFILE_FILLED: { target: 'staffRoomSetup' } },
    },
    staffRoomSetup: {
      meta: { tasks: ['T-REG-STAFFROOM', 'T-REG-REORDER'] },
      entry: { type: 'openTask', params: { kind: 'T-REG-STAFFROOM' } },
      on: {
        ...orderFallsAway.on,
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
