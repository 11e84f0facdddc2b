import { Type, type Static } from 'typebox'
import { closed, date, dateTime, id, oneOf, words } from './event-fields.ts'
import type { EventSpec, EventsOf } from './process.ts'

export const promotionSteps = ['openClass', 'removeLeavers', 'archiveChats', 'restoreClass'] as const

/** Something to do on the platform for a whole class. `after`: at once, or when the academic year is over (who graduates or leaves keeps the chats until then). */
const ClassStep = Type.Object(
  {
    key: id,
    kind: oneOf(promotionSteps),
    classId: id,
    after: oneOf(['now', 'yearEnd']),
    /** Spaces that end with the step, by their instances. */
    ends: Type.Array(id),
  },
  closed,
)
export type ClassStep = Static<typeof ClassStep>

/** A space that goes along with its class: which class it belongs to now and what it is to be called. */
const MovedSpace = Type.Object({ processId: id, classId: id, name: Type.String({ minLength: 1, maxLength: 100 }) }, closed)
export type MovedSpace = Static<typeof MovedSpace>

/** The assignment of a class teacher who goes along with the class. */
const MovedAssignment = Type.Object({ processId: id, classId: id, className: Type.String({ minLength: 1, maxLength: 20 }) }, closed)
export type MovedAssignment = Static<typeof MovedAssignment>

/** What follows from a register that was changed as a whole. */
const Moved = Type.Object({ steps: Type.Array(ClassStep), spaces: Type.Array(MovedSpace), assignments: Type.Array(MovedAssignment) }, closed)

const ReviewedClass = Type.Object({ id, teacher: Type.Union([id, Type.Null()]) }, closed)

/** Guards of the draft: what is still open in the list of decisions. */
const DraftFacts = Type.Object({
  undecided: Type.Integer({ minimum: 0 }),
  /** Pupils of the year without a decision: they came after the draft was made. */
  missing: Type.Integer({ minimum: 0 }),
  /** Decisions for a class that the next year does not have. */
  withoutTarget: Type.Integer({ minimum: 0 }),
  classes: Type.Array(ReviewedClass),
})

/** Guards of the approval: the order, who approves, and whether so much is unusual that it is looked at twice. */
const ApprovalFacts = Type.Object({
  checks: Type.Object({
    /** Of kind «students», registered, with a file. */
    orderFits: Type.Boolean(),
    approverIsHead: Type.Boolean(),
    /** Somebody else could approve (BR-27). */
    otherApprover: Type.Boolean(),
    /** More than the usual share of a class or of the school is not simply promoted. */
    unusual: Type.Boolean(),
    everyPupilDecided: Type.Boolean(),
    /** Not before 1 July and not after 31 August of the year that ends. */
    dateInWindow: Type.Boolean(),
  }),
  dates: Type.Object({
    /** The day it is applied on: the one that was asked for, or the first that is possible; and its first instant. */
    applyOn: date,
    applyAt: dateTime,
    yearEndsAt: dateTime,
    rollbackEndsAt: dateTime,
  }),
})

export const yearEndPromotionEvents = {
  CLASSES_OF_NEXT_YEAR_SET: {
    from: ['person'],
    facts: Type.Object({ classes: Type.Integer({ minimum: 0 }), windowOpen: Type.Boolean(), approvalDueAt: dateTime }),
    clause: 'R2.1-11',
  },
  DRAFTED: { from: ['process'], body: Type.Object({ pupils: Type.Integer({ minimum: 0 }) }, closed) },
  DRAFT_READY: { from: ['person'], facts: DraftFacts, clause: 'R2.1-11' },
  CLASS_CONFIRMED: { from: ['person'], body: Type.Object({ key: id }, closed), clause: 'R2.1-11' },
  RETURNED: { from: ['person'], body: Type.Object({ reason: words, key: Type.Optional(id) }, closed), clause: 'R2.1-11' },
  APPROVED_WITH_ORDER: {
    from: ['person'],
    body: Type.Object({ orderId: id, applyOn: Type.Optional(date), confirmedUnusual: Type.Optional(Type.Boolean()) }, closed),
    facts: ApprovalFacts,
    clause: 'R2.1-11',
  },
  ORDER_INVALIDATED: { from: ['process'], body: Type.Object({ orderId: id }, closed), clause: 'R2.1-11' },
  TIMER_APPROVAL_DUE: { from: ['timer'] },
  TIMER_APPLY: { from: ['timer'], clause: 'R2.1-11' },
  REGISTER_UPDATED: { from: ['process'], body: Moved, clause: 'R2.1-11' },
  /** Somebody came or was changed after the approval: the list is not the approved one any more. */
  APPLY_REFUSED: { from: ['process'], body: Type.Object({ undecided: Type.Integer({ minimum: 0 }) }, closed) },
  STEP_DONE: {
    from: ['person'],
    body: Type.Object({ key: id, result: oneOf(['done', 'alreadyDone']) }, closed),
    /** Links into the spaces that end with the step and are not closing yet, by the instances of both. */
    facts: Type.Object({ links: Type.Array(Type.Object({ space: id, links: Type.Array(id) })) }),
    clause: 'R2.1-11',
  },
  CLOSED_WITH_OPEN_STEPS: { from: ['person'], body: Type.Object({ reason: words }, closed), clause: 'R2.1-11' },
  TIMER_YEAR_ENDS: { from: ['timer'] },
  ROLLBACK: { from: ['person'], body: Type.Object({ reason: words }, closed), clause: 'R2.1-11' },
  ROLLED_BACK: { from: ['process'], body: Moved, clause: 'R2.1-11' },
  CANCEL: { from: ['person'], body: Type.Object({ reason: words }, closed) },
} satisfies Record<string, EventSpec>

export type YearEndPromotionEvent = EventsOf<typeof yearEndPromotionEvents>
