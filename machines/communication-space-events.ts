import { Type } from 'typebox'
import { askedBy, closed, date, dateTime, id, words } from './event-fields.ts'
import type { EventSpec, EventsOf } from './process.ts'

/** What a space is called, as people see it on the platform. */
const name = Type.String({ minLength: 1, maxLength: 100 })
const reason = Type.Object({ reason: Type.Optional(words) }, closed)

/** What is looked up before a space is handed over. */
const HandoverFacts = Type.Object({
  /** The person it goes to works at the school. */
  newOwnerWorks: Type.Boolean(),
  /** The owner still works there and can hand it over. */
  ownerWorks: Type.Boolean(),
})

/** Events of a space on the platform (domain.md 7.7, 7.13). */
export const communicationSpaceEvents = {
  CONFIRM_PLAN: { from: ['person', 'process'], facts: Type.Object({ staffRoomExists: Type.Boolean() }), clause: 'R2.1-05' },
  /** `url` is sealed before it gets here; a class has none. */
  CREATED: {
    from: ['person'],
    body: Type.Object({ name, url: Type.Optional(Type.String({ minLength: 1, maxLength: 8000, sealed: 'linkUrl' })), createdOn: Type.Optional(date) }, closed),
    clause: 'R2.2-06, R2.3-03, R2.T-03',
  },
  CREATION_FAILED: { from: ['person'], body: Type.Object({ reason: id, comment: Type.Optional(words) }, closed) },
  RETRY: { from: ['person'] },
  /** A plan that is dropped before there was anything on the platform; or an archiving that nobody has done yet. */
  CANCEL: { from: ['person', 'process'], body: reason },
  RENAMED: { from: ['person', 'process'], body: Type.Object({ name }, closed) },
  /** The space goes on with a class of another academic year (7.11). */
  CLASS_CHANGED: { from: ['process'], body: Type.Object({ classId: id, name: Type.Optional(name) }, closed), clause: 'R2.1-11' },
  HANDOVER_STARTED: {
    from: ['person', 'process'],
    body: Type.Object({ personId: id, dueAt: Type.Optional(dateTime), reason: Type.Optional(words) }, closed),
    facts: HandoverFacts,
    clause: 'R2.1-11',
  },
  /** The owner leaves, or has the class no more: a movement waits for the space to change hands. */
  HANDOVER_FORCED: {
    from: ['process'],
    body: Type.Object({ personId: id, dueAt: Type.Optional(dateTime), askedBy }, closed),
    facts: HandoverFacts,
    clause: 'R2.1-11',
  },
  HANDOVER_CANCELLED: { from: ['person', 'process'], body: reason, clause: 'R2.1-11' },
  OWNER_CONFIRMED: {
    from: ['person'],
    /** Links into it that are not closing yet, and classes joining by them, by their instances: they change hands with it. */
    facts: Type.Object({ links: Type.Array(id), joinings: Type.Array(id) }),
    clause: 'R2.1-11',
  },
  ARCHIVE: {
    from: ['person', 'process'],
    body: reason,
    /** Links into it that are not closing yet, by their instances. */
    facts: Type.Object({ links: Type.Array(id) }),
    clause: 'R2.1-11',
  },
  ARCHIVED: { from: ['person'], clause: 'R2.1-11' },
} satisfies Record<string, EventSpec>

export type CommunicationSpaceEvent = EventsOf<typeof communicationSpaceEvents>
