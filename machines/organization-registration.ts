import { and, assign, enqueueActions } from 'xstate'
import { answerCameFirst, answerRead, answers, asked, nothingAsked, openReplyTask, readFirst } from './organization-registration-answers.ts'
import { organizationRegistrationEvents } from './organization-registration-events.ts'
import { applyAnew, arrived, arrivedMeanwhile, clarify, fixTask, followUp, followUpTask, meets, noTrouble, provenByAnswer, sameLetter, takeFollowUpBack, tellHead, writeTask } from './organization-registration-letters.ts'
import { applicationFits, clarifying, goesByItself, inOrder, noted, orderFallsAway, orderFits, outcomeUnknown, setUp, takeData, takeOrder } from './organization-registration-rules.ts'
import { outcomeOfMail, RETENTION, type ProcessDefinition } from './process.ts'

/** Deadlines of the wait for an answer; a follow-up does not restart them (domain.md 7.1). */
const ladder = ['TIMER_FOLLOW_UP_1', 'TIMER_FOLLOW_UP_2', 'TIMER_ESCALATE']

/** CANCEL is allowed in every state before `adminSignIn`, `rejected` included. */
const cancel = { CANCEL: { target: 'cancelled' } } as const

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
