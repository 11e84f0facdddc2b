import type { QueueLetter } from './effects.ts'
import { setUp } from './organization-registration-rules.ts'

// Letters of a registration: what goes out, to the platform and to the head, and what becomes of it.

const apply = { type: 'queueLetter', params: { code: 'L-REG-APPLY', to: { platform: true } } } as const
export const followUp = { type: 'queueLetter', params: { code: 'L-REG-FOLLOWUP', to: { platform: true } } } as const
export const clarify = {
  type: 'queueLetter',
  params: ({ event }: { event: { text?: string } }): QueueLetter => ({ code: 'L-REG-CLARIFY', to: { platform: true }, values: { text: event.text! } }),
} as const
export const writeTask = { type: 'openTask', params: { kind: 'T-REG-SEND', key: 'clarification' } } as const
export const followUpTask = { type: 'openTask', params: { kind: 'T-REG-SEND', key: 'followUp' } } as const
export const fixTask = { type: 'openTask', params: { kind: 'T-REG-FIX' } } as const
/** What a state means for the head; `reason` when the letter is about something else than coming into it. */
export const tellHead = (state: string, reason?: 'notSignedIn') => ({ type: 'queueLetter', params: { code: 'L-REG-STATUS', to: { role: 'head' }, values: { state, ...(reason && { reason }) } } }) as const

export const takeFollowUpBack = { type: 'cancelLetters', params: { code: 'L-REG-FOLLOWUP' } } as const

export const meets = (outcome: 'failed' | 'unknown' | 'bounced') => setUp.assign({ trouble: ({ event }) => ('letterId' in event && event.letterId ? { letterId: event.letterId, outcome } : null) })
export const noTrouble = setUp.assign({ trouble: null })
export const applyAnew = [noTrouble, apply]

/** The letter whose outcome nobody knows, once more: the same bytes, so that whoever has it already sees that it is one (P4). */
export const sameLetter = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (context.trouble && event.by !== undefined) enqueue({ type: 'settleLetter', params: { letterId: context.trouble.letterId, decision: 'sendAgain', by: event.by } })
})
/** The letter arrived. A person's word settles it in the outbox too; the mail's own word has. */
export const arrived = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (context.trouble?.outcome === 'unknown' && event.by !== undefined) enqueue({ type: 'settleLetter', params: { letterId: context.trouble.letterId, decision: 'arrived', by: event.by } })
  enqueue.assign({ trouble: null })
})
/** What became of a letter while the process stands where it is: only of the one in trouble is there more to say. */
export const arrivedMeanwhile = (kind: 'T-REG-SEND' | 'T-REG-FIX') =>
  setUp.enqueueActions(({ context, event, enqueue }) => {
    if (event.by === undefined && !('letterId' in event && event.letterId === context.trouble?.letterId)) return
    enqueue({ type: 'closeTask', params: { kind } })
    enqueue(arrived)
  })
/** Whoever answers an application has it. */
export const provenByAnswer = setUp.enqueueActions(({ context, event, enqueue }) => {
  const answered = event.type === 'REPLY_APPROVED' || event.type === 'REPLY_CLARIFY' || event.type === 'REPLY_REJECTED'
  if (answered && context.sending === 'application') enqueue(arrived)
})
