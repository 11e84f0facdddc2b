import { Type } from 'typebox'
import { closed, date, id, letterOutcomes, oneOf, words } from './event-fields.ts'
import { closeReasons } from './invite-link-events.ts'
import type { EventSpec, EventsOf } from './process.ts'

const reason = Type.Object({ reason: Type.Optional(words) }, closed)

export const invitationEvents = {
  /** The link is there: the letter goes out, or a person hands it over. */
  SEND: { from: ['process'], clause: 'R2.1-06' },
  /** Given on paper, by phone or in the messenger; no letter. */
  HANDED: { from: ['person'], clause: 'R2.1-06' },
  ...letterOutcomes,
  ADDRESS_CORRECTED: { from: ['person'], clause: 'R2.1-06' },
  RESEND: { from: ['person', 'process'], clause: 'R2.1-06' },
  OPENED: { from: ['recipient'] },
  REQUEST_SENT: { from: ['recipient', 'person'], clause: 'R2.1-09' },
  /** The request to join was turned down: the person may need the reminder again. */
  REQUEST_REJECTED: { from: ['process'], clause: 'R2.1-09' },
  DECLINE: { from: ['recipient', 'person'], body: reason, clause: 'R2.1-06' },
  NEW_LINK_REQUESTED: { from: ['recipient'], clause: 'R2.1-06' },
  /** What came of the request for a new link (T-LINK-AGAIN). */
  NEW_LINK_ANSWERED: { from: ['person'], body: Type.Object({ decision: oneOf(['invited', 'refused']) }, closed), clause: 'R2.1-06' },
  /** The person has another invitation now: a request for a new link is met. */
  REINVITED: { from: ['process'], clause: 'R2.1-06' },
  JOINED: { from: ['person', 'process'], body: Type.Object({ joinedOn: Type.Optional(date) }, closed), clause: 'R2.1-09' },
  /** The onboarding takes its invitation back and knows of it. */
  CLOSE: { from: ['process'], body: Type.Object({ as: oneOf(['declined', 'superseded', 'cancelled']) }, closed), clause: 'R2.1-06' },
  SUPERSEDE: { from: ['person', 'process'], body: reason, clause: 'R2.1-06' },
  LINK_CLOSED: { from: ['process'], body: Type.Object({ reason: oneOf(closeReasons) }, closed), clause: 'R2.1-12' },
  LINK_REVOKED: { from: ['process'], clause: 'R2.1-12' },
  /** The link died on the platform and is being made again: nobody is reminded of it. */
  LINK_SUSPENDED: { from: ['process'], clause: 'R2.1-06' },
  TERM_CHANGED: { from: ['process'], clause: 'R2.1-06' },
  /** What a person decided about the request to join (BR-14), where the school looks at those of pupils (domain.md 7.5). */
  JOIN_ACCEPTED: { from: ['person'], body: reason, clause: 'R2.1-09' },
  JOIN_REJECTED: { from: ['person'], body: reason, clause: 'R2.1-09' },
  JOIN_DOUBTFUL: { from: ['person'], body: reason, clause: 'R2.1-09' },
  IDENTITY_CONFIRMED: { from: ['person'], clause: 'R2.1-09' },
  ROLE_WRONG: { from: ['person'], body: reason, clause: 'R2.1-09' },
  REMOVED_FROM_PLATFORM: { from: ['person'], clause: 'R2.1-09' },
  OWNER_CHANGED: { from: ['process'], body: Type.Object({ ownerId: id }, closed), clause: 'R2.1-11' },
  LATE_CHECKED: { from: ['person'], body: Type.Object({ decision: oneOf(['keep', 'remove']) }, closed), clause: 'R2.1-12' },
  TIMER_REMIND_MID: { from: ['timer'], clause: 'R2.1-06' },
  TIMER_REMIND_LAST: { from: ['timer'], clause: 'R2.1-06' },
} satisfies Record<string, EventSpec>

export type InvitationEvent = EventsOf<typeof invitationEvents>
