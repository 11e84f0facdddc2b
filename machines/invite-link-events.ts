import { Type, type Static } from 'typebox'
import { closed, date, dateTime, id, oneOf, words } from './event-fields.ts'
import type { EventSpec, EventsOf } from './process.ts'

/** Why a link closed (domain.md 7.3). */
export const closeReasons = ['unclaimed', 'completed', 'leaked', 'wrongRole', 'targetClosed', 'personLeft', 'superseded'] as const
export type CloseReason = (typeof closeReasons)[number]

/** What is looked up of a person before they are added (BR-05, BR-09). */
export const PersonAddedFacts = Type.Object({
  invitationId: id,
  /** Whether the person has an e-mail address. */
  email: Type.Boolean(),
  /** Somebody gives it to them by hand: no letter, and nobody is asked for an address. */
  byHand: Type.Optional(Type.Boolean()),
  /** A person decides about the request to join. */
  reviewed: Type.Optional(Type.Boolean()),
  /** Whether the person has a live invitation to the same target and role. */
  liveInvitation: Type.Boolean(),
  /** The instance that waits for this invitation, `onboarding:…`. */
  onboardingId: Type.Optional(id),
  staffRoomExists: Type.Optional(Type.Boolean()),
})
export type PersonAddedFacts = Static<typeof PersonAddedFacts>

const reason = Type.Object({ reason: Type.Optional(words) }, closed)
const oneInvitation = Type.Object({ invitationId: id }, closed)

export const inviteLinkEvents = {
  TASK_ISSUED: { from: ['person', 'process'], facts: Type.Object({ staffRoomExists: Type.Boolean() }), clause: 'R2.1-06' },
  /** `url` is sealed before it gets here. */
  LINK_CREATED: { from: ['person'], body: Type.Object({ url: Type.String({ minLength: 1, maxLength: 8000, sealed: 'linkUrl' }), createdOn: Type.Optional(date) }, closed), clause: 'R2.1-06' },
  TASK_FAILED: { from: ['person'], body: Type.Object({ reason: id, comment: Type.Optional(words) }, closed), clause: 'R2.1-06' },
  RETRY: { from: ['person'], clause: 'R2.1-06' },
  CANCEL: { from: ['person'], body: reason, clause: 'R2.1-06' },
  PERSON_ADDED: { from: ['person', 'process'], body: Type.Object({ personId: id }, closed), facts: PersonAddedFacts, clause: 'R2.1-06' },
  PERSON_JOINED: { from: ['process'], body: oneInvitation, clause: 'R2.1-09' },
  /** One who will not join by this link any more: declined, replaced, taken back. */
  PERSON_GONE: { from: ['process'], body: oneInvitation, clause: 'R2.1-06' },
  /** Raised by the machine itself. */
  ALL_JOINED: { from: ['process'], clause: 'R2.1-12' },
  EXTEND: { from: ['person'], body: Type.Object({ expiresAt: Type.Optional(dateTime), reason: words }, closed), clause: 'R2.1-06' },
  RESEND: {
    from: ['person'],
    body: Type.Object(
      {
        /** Default: everybody who may still join. */
        invitationIds: Type.Optional(Type.Array(id, { minItems: 1, maxItems: 500 })),
        extend: Type.Optional(Type.Boolean()),
        expiresAt: Type.Optional(dateTime),
        reason: Type.Optional(words),
      },
      closed,
    ),
    facts: Type.Object({
      /** How many of those asked for may get a letter now: an hour after the last, five in all. */
      writable: Type.Integer({ minimum: 0 }),
    }),
    clause: 'R2.1-06',
  },
  REVOKE: {
    from: ['person', 'process'],
    body: Type.Object({ reason: Type.Optional(oneOf(['unclaimed', 'wrongRole', 'personLeft', 'superseded'])), comment: Type.Optional(words) }, closed),
    clause: 'R2.1-12',
  },
  LEAK_REPORTED: { from: ['person'], body: Type.Object({ comment: Type.Optional(words) }, closed), clause: 'R2.1-12' },
  TARGET_CLOSED: { from: ['person', 'process'], clause: 'R2.1-12' },
  /** The chat has changed hands: whoever has it now looks after the links into it. */
  OWNER_CHANGED: { from: ['process'], body: Type.Object({ ownerId: id }, closed), clause: 'R2.1-11' },
  LINK_DIED_EARLY: { from: ['person'], body: Type.Object({ comment: Type.Optional(words) }, closed), clause: 'R2.1-06' },
  PLATFORM_REVOKED: { from: ['person'], body: Type.Object({ revokedOn: date, method: oneOf(['revoked', 'alreadyDone', 'targetDeleted']) }, closed), clause: 'R2.1-12' },
  TIMER_EXPIRES_SOON: { from: ['timer'] },
  TIMER_EXPIRED: { from: ['timer'], clause: 'R2.1-12' },
  TIMER_REVOKE_DUE: { from: ['timer'], clause: 'R2.1-12' },
} satisfies Record<string, EventSpec>

export type InviteLinkEvent = EventsOf<typeof inviteLinkEvents>
