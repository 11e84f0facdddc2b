import { Type } from 'typebox'
import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import { askedBy, closed, dateTime, id, words, type AskedBy } from './event-fields.ts'
import type { EventSpec, EventsOf, ProcessContext, ProcessDefinition } from './process.ts'

/** What guards ask before rights or a class are given (BR-11, BR-13). */
const StartFacts = Type.Object({
  /** The person has joined on the platform. */
  personJoined: Type.Boolean(),
  /** A registered staff order in force distributes the class to the person; extra administrators need none. */
  orderInForce: Type.Boolean(),
})
/** What guards ask before administrator rights are taken away (BR-12). */
const RemovalFacts = Type.Object({
  /** How many other administrators of the school have confirmed rights that nobody is taking away. */
  otherAdministrators: Type.Integer({ minimum: 0 }),
})

const reason = Type.Object({ reason: Type.Optional(words) }, closed)

const events = {
  START: { from: ['person', 'process'], facts: StartFacts },
  STEP_DONE: { from: ['person'] },
  STEP_FAILED: { from: ['person'], body: Type.Object({ reason: Type.Optional(words), comment: Type.Optional(words) }, closed) },
  RETRY: { from: ['person'] },
  REMOVE: { from: ['person', 'process'], body: reason, facts: RemovalFacts },
  /** A movement takes it away: the person leaves, or somebody else has the class now. Whether rights may go was asked there (BR-12). */
  RELIEVE: { from: ['process'], body: Type.Object({ askedBy, dueAt: Type.Optional(dateTime) }, closed), clause: 'R2.1-11' },
  /** The movement was taken back before anybody had done it. */
  KEEP: { from: ['process'], clause: 'R2.1-11' },
  /** The class is another one now: at the year's end its teacher goes along (7.11). */
  CLASS_CHANGED: { from: ['process'], body: Type.Object({ classId: id, className: Type.String({ minLength: 1, maxLength: 20 }) }, closed), clause: 'R2.1-11' },
  CANCEL: { from: ['person'], body: reason },
} satisfies Record<string, EventSpec>

export interface StaffAssignmentInput {
  orgId: string
  kind: 'extraAdmin' | 'classTeacher'
  personId: string
  /** Which class; for class teachers. */
  className?: string
  /** The class of an academic year; absent: the one of this name in the year it takes effect. */
  classId?: string
  /** The head's order on the distribution of classes. */
  orderId?: string
}

export interface StaffAssignmentContext extends ProcessContext {
  kind: StaffAssignmentInput['kind']
  personId: string
  className: string | null
  classId: string | null
  orderId: string | null
  /** What `failed` failed at: giving, or taking away. */
  removing: boolean
  /** The movement that waits for it to be taken away, and until when. */
  askedBy: AskedBy | null
  dueAt: string | null
}

const setUp = setup({
  types: { context: {} as StaffAssignmentContext, events: {} as EventsOf<typeof events>, input: {} as StaffAssignmentInput },
  actions: effects,
  guards: {
    personHasJoined: ({ event }) => event.type === 'START' && event.facts.personJoined,
    orderDistributesClass: ({ context, event }) => context.kind !== 'classTeacher' || (event.type === 'START' && event.facts.orderInForce),
    notLastAdministrator: ({ context, event }) => context.kind !== 'extraAdmin' || (event.type === 'REMOVE' && event.facts.otherAdministrators > 0),
    notOwnRights: ({ context, event }) => context.kind !== 'extraAdmin' || event.by !== context.personId,
    failedAtRemoval: ({ context }) => context.removing,
    failedAtGrant: ({ context }) => !context.removing,
  },
})

/** The platform's work for each kind: what gives, what takes away. */
const work = {
  extraAdmin: { give: 'T-ADM-GRANT', take: 'T-ADM-REMOVE' },
  classTeacher: { give: 'T-CLASS-TEACHER', take: 'T-CLASS-TEACHER-REMOVE' },
} as const

const openWork = (step: 'give' | 'take') =>
  setUp.enqueueActions(({ context, enqueue }) => {
    // What a movement waits for has its term (BR-17: rights go the same day).
    const term = step === 'take' && context.dueAt ? { due: { at: context.dueAt }, urgent: true } : {}
    enqueue({ type: 'openTask', params: { kind: work[context.kind][step], ...term, values: { person: context.personId, className: context.className } } })
  })

/** Taken away on behalf of a movement, wherever it stood. */
const relieve = setUp.assign(({ event }) => (event.type === 'RELIEVE' ? { removing: true, askedBy: event.askedBy, dueAt: event.dueAt ?? null } : {}))

const changeClass = setUp.assign(({ event }) => (event.type === 'CLASS_CHANGED' ? { classId: event.classId, className: event.className } : {}))
const goesAlong = { CLASS_CHANGED: { actions: changeClass } }

/** It goes on as if nothing had been asked. */
const kept = { target: 'active', actions: setUp.assign({ removing: false, askedBy: null, dueAt: null }) }

/** Tells the movement that waits. */
const report = (result: 'done' | 'alreadyDone') =>
  setUp.enqueueActions(({ context, event, enqueue }) => {
    const { askedBy: waiting } = context
    if (waiting) enqueue({ type: 'deliver', params: { to: waiting.to, event: { type: 'STEP_DONE', step: waiting.step, result, ...(event.by === undefined ? {} : { by: event.by }) } } })
  })

const machine = setUp.createMachine({
  id: 'staffAssignment',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    kind: input.kind,
    personId: input.personId,
    className: input.className ?? null,
    classId: input.classId ?? null,
    orderId: input.orderId ?? null,
    removing: false,
    askedBy: null,
    dueAt: null,
  }),
  initial: 'draft',
  states: {
    draft: {
      on: { ...goesAlong, START: { guard: and(['personHasJoined', 'orderDistributesClass']), target: 'platformWork' }, RELIEVE: { target: 'cancelled', actions: [relieve, report('alreadyDone')] }, CANCEL: { target: 'cancelled' } },
    },
    platformWork: {
      meta: { tasks: ['T-ADM-GRANT', 'T-CLASS-TEACHER'] },
      entry: openWork('give'),
      // Nobody knows whether it is given yet: it is taken away all the same.
      on: { ...goesAlong, STEP_DONE: { target: 'active' }, STEP_FAILED: { target: 'failed' }, RELIEVE: { target: 'removing', actions: relieve }, CANCEL: { target: 'cancelled' } },
    },
    active: {
      on: { ...goesAlong, REMOVE: { guard: 'notLastAdministrator', target: 'removing', actions: assign({ removing: true }) }, RELIEVE: { target: 'removing', actions: relieve } },
    },
    removing: {
      meta: { tasks: ['T-ADM-REMOVE', 'T-CLASS-TEACHER-REMOVE'] },
      entry: openWork('take'),
      // Who loses the rights does not take them away (four eyes, domain.md 4).
      on: { ...goesAlong, STEP_DONE: { guard: 'notOwnRights', target: 'removed', actions: report('done') }, STEP_FAILED: { target: 'failed' }, RELIEVE: { actions: relieve }, KEEP: kept },
    },
    failed: {
      meta: { tasks: ['T-STAFF-RETRY'] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-STAFF-RETRY', values: { person: context.personId, className: context.className, removing: context.removing } }) },
      on: {
        ...goesAlong,
        RETRY: [{ guard: 'failedAtRemoval', target: 'removing' }, { target: 'platformWork' }],
        RELIEVE: { target: 'removing', actions: relieve },
        KEEP: { ...kept, guard: 'failedAtRemoval' },
        // Rights that were to be taken away are still there: giving up would hide that.
        CANCEL: { guard: 'failedAtGrant', target: 'cancelled' },
      },
    },
    removed: { type: 'final' },
    cancelled: { type: 'final' },
  },
})

/** Rights of an additional administrator, or a class for its teacher: given, held, taken away (design.md, answer 4). */
export const staffAssignment: ProcessDefinition = { kind: 'staffAssignment', version: 1, machine, events }
