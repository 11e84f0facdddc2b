import { takeFollowUpBack, tellHead } from './organization-registration-letters.ts'
import { answerWaits, noted, outcomeUnknown, setUp } from './organization-registration-rules.ts'

// What the platform writes back, and a person says it means.

export const openReplyTask = {
  type: 'openTask',
  params: ({ event }: { event: { messageId?: string } }) => ({
    kind: 'T-REG-REPLY',
    values: { message: event.messageId ?? null },
  }),
} as const

export const nothingAsked = setUp.assign({ question: null })
/** Keeps the question for the one who answers it; what says nothing of it leaves what is known. */
export const asked = setUp.assign({
  question: ({ context, event }) => (event.type === 'REPLY_CLARIFY' && (event.messageId ?? event.text) ? { messageId: event.messageId ?? null, text: event.text ?? null } : context.question),
})
const answerCame = setUp.assign({ answerWaits: true })
export const answerRead = setUp.assign({ answerWaits: false })
/** No reminder to who has answered. One that goes out again goes: whether it has arrived already nobody knows, and somebody waits to hear. */
export const answerCameFirst = setUp.enqueueActions((args) => {
  args.enqueue(answerCame)
  if (!outcomeUnknown(args)) args.enqueue(takeFollowUpBack)
})

/**
 * Answers are accepted wherever one can arrive: also while a delivery is in doubt, a clarification is written or waits
 * for the morning to go out (design.md, answer 14).
 */
export const answers = {
  REPLY_RECEIVED: { actions: [answerCame, openReplyTask] },
  AUTO_REPLY_RECEIVED: noted,
  REPLY_IGNORED: { actions: answerRead },
  REPLY_APPROVED: { target: 'adminSignIn', actions: [answerRead, tellHead('adminSignIn')] },
  REPLY_CLARIFY: { target: 'clarification', actions: [answerRead, nothingAsked, asked, tellHead('clarification')] },
  REPLY_REJECTED: { target: 'rejected', actions: [answerRead, tellHead('rejected')] },
} as const

/** While an answer lies unread nobody is asked why there is none: looked at again a working day later. */
export const readFirst = (name: 'TIMER_FOLLOW_UP_2' | 'TIMER_ESCALATE') => ({ guard: answerWaits, actions: { type: 'setDeadline', params: { name, rule: { workingDays: 1 } } } }) as const
