import { Type } from 'typebox'
import { closed, id, letterOutcomes, oneOf, words } from './event-fields.ts'
import { closeReasons } from './invite-link-events.ts'
import type { EventSpec, EventsOf } from './process.ts'

const people = Type.Integer({ minimum: 0, maximum: 10_000 })
/** Invitations of this joining. */
const invitations = Type.Array(id, { maxItems: 500 })
/** By what other way somebody who declined hears of the class (domain.md 7.5). */
const channel = Type.Optional(words)

/** Events of pupils or guardians of a class joining a chat (domain.md 7.5, 7.13). */
export const chatJoiningEvents = {
  LINK_CREATED: { from: ['process'], clause: 'R2.1-06' },
  /** The link died on the platform and is being made again; what was handed out leads to the new one. */
  LINK_SUSPENDED: { from: ['process'], clause: 'R2.1-06' },
  LINK_CLOSED: { from: ['process'], body: Type.Object({ reason: oneOf(closeReasons) }, closed), clause: 'R2.1-12' },
  ...letterOutcomes,
  /** To how many the link was given by hand. */
  HANDED_OUT: { from: ['person'], body: Type.Object({ count: people }, closed), clause: 'R2.3-03' },
  /** How many are in the chat, and how many said no, all in all. */
  COUNT_REPORTED: { from: ['person'], body: Type.Object({ count: people, declined: Type.Optional(people) }, closed), clause: 'R2.3-03' },
  /** How many more said no. */
  DECLINED: { from: ['person'], body: Type.Object({ count: people, channel }, closed), clause: 'R2.7-01' },
  /** Who joined and who said no, where the school keeps lists by name. */
  MARKED: { from: ['person'], body: Type.Object({ joined: invitations, declined: Type.Optional(invitations), channel }, closed), clause: 'R2.3-03' },
  /** The chat has changed hands: whoever has it now hands out and counts. */
  OWNER_CHANGED: { from: ['process'], body: Type.Object({ ownerId: id }, closed), clause: 'R2.1-11' },
  /** Whom the link was not for: how many were taken out of the chat again. */
  EXTRA_CHECKED: { from: ['person'], body: Type.Object({ removed: people }, closed), clause: 'R2.1-12' },
  CLOSE: { from: ['person'], body: Type.Object({ reason: Type.Optional(words) }, closed), clause: 'R2.1-12' },
  CANCEL: { from: ['person'], body: Type.Object({ reason: Type.Optional(words) }, closed) },
  TIMER_COLLECT_DUE: { from: ['timer'], clause: 'R2.3-03' },
} satisfies Record<string, EventSpec>

export type ChatJoiningEvent = EventsOf<typeof chatJoiningEvents>
