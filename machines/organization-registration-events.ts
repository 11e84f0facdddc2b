import { Type, type Static } from 'typebox'
import { closed, date, id, letterOutcomes } from './event-fields.ts'
import type { EventSpec, EventsOf } from './process.ts'

/** The words of a letter. */
const text = Type.String({ minLength: 1, maxLength: 4000 })

/**
 * What guards ask before an application goes out (domain.md 7.1): of the administrator and the order that the event
 * names, else of those the process has.
 */
const SendingFacts = Type.Object({
  /** BR-02, BR-03, R2.2-02. */
  application: Type.Object({ complete: Type.Boolean(), adminIsTeachingStaff: Type.Boolean(), adminPhoneIsMobile: Type.Boolean() }),
  /** BR-01, R2.1-00. */
  order: Type.Object({ kind: Type.String(), registered: Type.Boolean(), hasFile: Type.Boolean(), inForce: Type.Boolean() }),
})
export type SendingFacts = Static<typeof SendingFacts>

const reply = Type.Object({ receivedOn: date, text: Type.Optional(text), messageId: Type.Optional(id) }, closed)
const message = Type.Object({ messageId: id }, closed)

export const organizationRegistrationEvents = {
  SUBMIT_DATA: { from: ['person'], body: Type.Object({ administratorId: id }, closed), facts: SendingFacts, clause: 'R2.1-01' },
  ORDER_ATTACHED: { from: ['person'], body: Type.Object({ orderId: id }, closed), facts: SendingFacts, clause: 'R2.1-00' },
  /** The order was cancelled in the register (edge case 3: after the letter went out the process goes on, with a task). */
  ORDER_INVALIDATED: { from: ['process'], body: Type.Object({ orderId: id }, closed), clause: 'R2.1-00' },
  CONFIRM_SEND: { from: ['person'], body: Type.Object({ text: Type.Optional(text) }, closed), facts: SendingFacts, clause: 'R2.1-01' },
  FIX: { from: ['person'], facts: SendingFacts, clause: 'R2.1-01' },
  ...letterOutcomes,
  /** A person says it of a letter whose outcome nobody knows (domain.md 6.2). */
  LETTER_ACCEPTED: { from: ['mail', 'person'], body: Type.Object({ letterId: Type.Optional(id) }, closed) },
  /** A letter came that belongs to this process; a person decides what it means. */
  REPLY_RECEIVED: { from: ['mail'], body: message },
  AUTO_REPLY_RECEIVED: { from: ['mail'], body: message },
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
  STAFF_ROOM_CREATED: { from: ['person'], body: Type.Object({ createdOn: date }, closed), clause: 'R2.1-04' },
  TIMER_FOLLOW_UP_1: { from: ['timer'] },
  TIMER_FOLLOW_UP_2: { from: ['timer'] },
  TIMER_ESCALATE: { from: ['timer'] },
  TIMER_SIGN_IN_REMIND: { from: ['timer'] },
  TIMER_SIGN_IN_ESCALATE: { from: ['timer'] },
} satisfies Record<string, EventSpec>

export type OrganizationRegistrationEvent = EventsOf<typeof organizationRegistrationEvents>
