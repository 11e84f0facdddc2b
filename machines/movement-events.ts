import { Type, type Static } from 'typebox'
import { closed, date, dateTime, id, oneOf, words } from './event-fields.ts'
import { movementBlocks } from './movement-kinds.ts'
import { stepActions } from './movement-steps.ts'
import type { EventSpec, EventsOf } from './process.ts'
import { failReasons } from './task-catalogue.ts'

const instance = Type.String({ minLength: 1, maxLength: 250 })
const step = Type.String({ minLength: 1, maxLength: 250 })

/** What guards ask about an order (BR-16) and about who is left (BR-12). */
const OrderFacts = Type.Object({
  kind: Type.String(),
  registered: Type.Boolean(),
  inForce: Type.Boolean(),
  /** The school keeps an administrator with confirmed rights if this person goes; always so for pupils. */
  administratorRemains: Type.Boolean(),
})
const ReverseFacts = Type.Object({
  kind: Type.String(),
  registered: Type.Boolean(),
  inForce: Type.Boolean(),
  /** No later movement of the person makes sense only because of this one. */
  nothingRestsOnIt: Type.Boolean(),
})

const list = Type.Array
const PlannedStep = Type.Object({ id: step, action: oneOf(stepActions), person: id, space: Type.Optional(id), class: Type.Optional(id), via: Type.Optional(instance) }, closed)
export type PlannedStep = Static<typeof PlannedStep>

/** What others have to hear of a plan, by what they hear. */
const Follows = Type.Object(
  {
    /** Invitations to places where the person does not belong any more. */
    invitations: Type.Optional(list(instance)),
    /** Links made for this person alone, or by a leaver: `active` ones are revoked, others given up. */
    links: Type.Optional(list(Type.Object({ to: instance, active: Type.Boolean() }, closed))),
    /** Onboardings of somebody who is leaving. */
    onboardings: Type.Optional(list(instance)),
    /** Rights and classes taken away, and chats that change hands: each does its work itself and reports the step. */
    relieved: Type.Optional(list(Type.Object({ to: instance, step }, closed))),
    handedOver: Type.Optional(list(Type.Object({ to: instance, step, newOwner: id, ownerWorks: Type.Boolean() }, closed))),
    /** A movement that is taken back: rights nobody has removed yet stay, chats nobody has handed over yet stay. */
    kept: Type.Optional(list(instance)),
    stayed: Type.Optional(list(instance)),
    /** Unfinished movements of the same person: their remaining work is part of this one now. */
    overtaken: Type.Optional(list(instance)),
    /** Steps of other people's movements that would undo what is wanted now (a guardian of two pupils). */
    voided: Type.Optional(list(Type.Object({ to: instance, steps: list(step) }, closed))),
    /** What begins with it: the onboarding of somebody new, the class of its new teacher. */
    begins: Type.Optional(list(Type.Object({ id: instance, kind: oneOf(['teacherOnboarding', 'staffAssignment']), input: Type.Record(Type.String(), Type.Unknown()), start: Type.Record(Type.String(), Type.Unknown()) }, closed))),
    /** The leave that somebody is back from. */
    leaves: Type.Optional(list(instance)),
    /** Class teachers to be told, with the class. */
    notices: Type.Optional(list(Type.Object({ person: id, class: id }, closed))),
  },
  closed,
)

/** What a job found to do: the register has been changed, this is what is left on the platform (domain.md 7.6). */
const StepsPlanned = Type.Object(
  {
    /** Which question it answers. */
    of: oneOf(['begin', 'check', 'reverse']),
    /** Absent: nothing is left. */
    steps: Type.Optional(list(PlannedStep)),
    /** When the work is due, where the kind does not say it in working days. */
    dueAt: Type.Optional(dateTime),
    follows: Type.Optional(Follows),
  },
  closed,
)
export type StepsPlanned = Static<typeof StepsPlanned>
export type Follows = Static<typeof Follows>

const result = Type.Object({ step, result: oneOf(['done', 'alreadyDone', 'failed']), reason: Type.Optional(oneOf(failReasons)) }, closed)
const reason = Type.Object({ reason: Type.Optional(words) }, closed)
const order = Type.Object({ orderId: id }, closed)

export const movementEvents = {
  SUBMIT: { from: ['person', 'process'], clause: 'R2.1-11' },
  ORDER_ATTACHED: { from: ['person'], body: order, facts: OrderFacts, clause: 'R2.1-11' },
  /** The order was cancelled in the register (edge case 10). */
  ORDER_CANCELLED: { from: ['process'], body: order, clause: 'R2.1-11' },
  TIMER_EFFECTIVE: { from: ['timer'], clause: 'R2.1-11' },
  STEPS_PLANNED: { from: ['process'], body: StepsPlanned, clause: 'R2.1-11' },
  /** The register could not be changed; `number` names the movement in the way. */
  BLOCKED: { from: ['process'], body: Type.Object({ reason: oneOf(movementBlocks), number: Type.Optional(Type.String()) }, closed), clause: 'R2.1-11' },
  RETRY: { from: ['person'], clause: 'R2.1-11' },
  STEP_DONE: { from: ['person', 'process'], body: Type.Object({ step, result: oneOf(['done', 'alreadyDone']), doneOn: Type.Optional(date) }, closed), clause: 'R2.1-11' },
  STEP_FAILED: { from: ['person', 'process'], body: Type.Object({ step, reason: oneOf(failReasons), comment: Type.Optional(words) }, closed), clause: 'R2.1-11' },
  /** A result for each step of the task (T-MOVE-STEPS); what it leaves out is asked for again. */
  STEPS_REPORTED: { from: ['person'], body: Type.Object({ results: Type.Array(result, { minItems: 1, maxItems: 500 }) }, closed), clause: 'R2.1-11' },
  STEPS_VOIDED: { from: ['process'], body: Type.Object({ steps: Type.Array(step), number: Type.String() }, closed), clause: 'R2.1-11' },
  /** A later movement of the same person has begun. */
  OVERTAKEN: { from: ['process'], body: Type.Object({ reason: oneOf(['overtaken']), number: Type.String() }, closed), clause: 'R2.1-11' },
  /** Raised by the machine itself. */
  ALL_STEPS_DONE: { from: ['process'], clause: 'R2.1-11' },
  CLOSE_PARTIAL: { from: ['person'], body: Type.Object({ reason: words }, closed), clause: 'R2.1-11' },
  REVERSE: { from: ['person'], body: Type.Object({ orderId: id, reason: Type.Optional(words) }, closed), facts: ReverseFacts, clause: 'R2.1-11' },
  CANCEL: { from: ['person'], body: reason, clause: 'R2.1-11' },
  TIMER_STEPS_DUE: { from: ['timer'], clause: 'R2.1-11' },
} satisfies Record<string, EventSpec>

/** Of a long leave: who is away comes back. */
export const leaveEvents = {
  /** The last day of a leave is over: somebody says whether the person is back. */
  TIMER_LEAVE_ENDS: { from: ['timer'], clause: 'R2.1-11' },
  LEAVE_EXTENDED: { from: ['person'], body: Type.Object({ until: dateTime, reason: Type.Optional(words) }, closed), clause: 'R2.1-11' },
  /** The person is back, by a movement of its own. */
  LEAVE_ENDED: { from: ['process'], body: Type.Object({ number: Type.String() }, closed), clause: 'R2.1-11' },
} satisfies Record<string, EventSpec>

export type MovementEvent = EventsOf<typeof movementEvents & typeof leaveEvents>
