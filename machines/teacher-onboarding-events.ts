import { Type, type Static } from 'typebox'
import { closed, dateTime, id, letterOutcomes, oneOf, words } from './event-fields.ts'
import type { EventSpec, EventsOf } from './process.ts'

/** The link a teacher is invited by, chosen by the server; `fresh` = it is to be made (numbers and ids are given outside). */
const LinkFacts = Type.Object({
  id,
  fresh: Type.Boolean(),
  number: Type.String(),
  scope: oneOf(['group', 'personal']),
  closedList: Type.Optional(Type.Boolean()),
  expiresAt: Type.Optional(dateTime),
})

/** What is looked up before a teacher is invited (BR-05, BR-09). */
export const InviteFacts = Type.Object({
  staffRoomExists: Type.Boolean(),
  /** Whether the person has a live invitation into the staff room already. */
  liveInvitation: Type.Boolean(),
  invitationId: id,
  /** Whether the person has an e-mail address. */
  email: Type.Boolean(),
  link: LinkFacts,
})
export type InviteFacts = Static<typeof InviteFacts>

const reason = Type.Object({ reason: Type.Optional(words) }, closed)

export const teacherOnboardingEvents = {
  START: { from: ['person', 'process'], facts: InviteFacts, clause: 'R2.1-06' },
  REINVITE: { from: ['person'], facts: InviteFacts, clause: 'R2.1-06' },
  INVITED: { from: ['process'], clause: 'R2.1-06' },
  INVITE_CLOSED: { from: ['process'], clause: 'R2.1-12' },
  JOIN_REQUEST_SEEN: { from: ['person', 'process'], clause: 'R2.1-09' },
  JOINED_DIRECTLY: { from: ['person'], clause: 'R2.T-01' },
  /** A person marked it on the invitation. */
  JOINED: { from: ['process'], clause: 'R2.T-01' },
  JOIN_ACCEPTED: { from: ['person'], body: reason, clause: 'R2.1-09' },
  JOIN_DOUBTFUL: { from: ['person'], body: reason, clause: 'R2.1-09' },
  JOIN_REJECTED: { from: ['person'], body: reason, clause: 'R2.1-09' },
  IDENTITY_CONFIRMED: { from: ['person'], body: reason, clause: 'R2.1-09' },
  ROLE_WRONG: { from: ['person'], body: reason, clause: 'R2.1-09' },
  REMOVED_FROM_PLATFORM: { from: ['person'], facts: InviteFacts, clause: 'R2.1-09' },
  /** Joined by a link past its term and was removed again (T-LINK-LATE). */
  LATE_REMOVED: { from: ['process'], clause: 'R2.1-12' },
  VERIFICATION_REQUIRED: { from: ['process'], clause: 'R2.1-10' },
  /** BR-15: without a reason only by the machine itself, which knows the setting. */
  VERIFICATION_NOT_REQUIRED: { from: ['person', 'process'], body: Type.Object({ reason: words }, closed), clause: 'R2.1-10' },
  VERIFY_SELF_DONE: { from: ['person'], clause: 'R2.T-02' },
  VERIFIED: { from: ['person'], clause: 'R2.1-10' },
  VERIFICATION_FAILED: { from: ['person'], body: reason, clause: 'R2.1-10' },
  RETRY: { from: ['person'], clause: 'R2.1-10' },
  DECLINE: { from: ['person', 'process'], body: reason, clause: 'R2.1-06' },
  CANCEL: { from: ['person'], body: reason, clause: 'R2.1-06' },
  ...letterOutcomes,
  ADDRESS_CORRECTED: { from: ['person'], clause: 'R2.1-10' },
  HANDED: { from: ['person'], clause: 'R2.1-10' },
  TIMER_REVIEW_DUE: { from: ['timer'], clause: 'R2.1-09' },
  TIMER_REVIEW_ESCALATE: { from: ['timer'], clause: 'R2.1-09' },
  TIMER_VERIFY_REMIND: { from: ['timer'], clause: 'R2.T-02' },
  TIMER_VERIFY_DUE: { from: ['timer'], clause: 'R2.1-10' },
  TIMER_NO_PROGRESS: { from: ['timer'] },
} satisfies Record<string, EventSpec>

export type TeacherOnboardingEvent = EventsOf<typeof teacherOnboardingEvents>
