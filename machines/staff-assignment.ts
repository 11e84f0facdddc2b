import { Type } from 'typebox'
import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import { closed, words } from './event-fields.ts'
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
  CANCEL: { from: ['person'], body: reason },
} satisfies Record<string, EventSpec>

export interface StaffAssignmentInput {
  orgId: string
  kind: 'extraAdmin' | 'classTeacher'
  personId: string
  /** Which class; for class teachers. */
  className?: string
  /** The head's order on the distribution of classes. */
  orderId?: string
}

export interface StaffAssignmentContext extends ProcessContext {
  kind: StaffAssignmentInput['kind']
  personId: string
  className: string | null
  orderId: string | null
  /** What `failed` failed at: giving, or taking away. */
  removing: boolean
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
    enqueue({ type: 'openTask', params: { kind: work[context.kind][step], values: { person: context.personId, className: context.className } } })
  })

const machine = setUp.createMachine({
  id: 'staffAssignment',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    kind: input.kind,
    personId: input.personId,
    className: input.className ?? null,
    orderId: input.orderId ?? null,
    removing: false,
  }),
  initial: 'draft',
  states: {
    draft: {
      on: { START: { guard: and(['personHasJoined', 'orderDistributesClass']), target: 'platformWork' }, CANCEL: { target: 'cancelled' } },
    },
    platformWork: {
      meta: { tasks: ['T-ADM-GRANT', 'T-CLASS-TEACHER'] },
      entry: openWork('give'),
      on: { STEP_DONE: { target: 'active' }, STEP_FAILED: { target: 'failed' }, CANCEL: { target: 'cancelled' } },
    },
    active: {
      on: { REMOVE: { guard: 'notLastAdministrator', target: 'removing', actions: assign({ removing: true }) } },
    },
    removing: {
      meta: { tasks: ['T-ADM-REMOVE', 'T-CLASS-TEACHER-REMOVE'] },
      entry: openWork('take'),
      // Who loses the rights does not take them away (four eyes, domain.md 4).
      on: { STEP_DONE: { guard: 'notOwnRights', target: 'removed' }, STEP_FAILED: { target: 'failed' } },
    },
    failed: {
      meta: { tasks: ['T-STAFF-RETRY'] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-STAFF-RETRY', values: { person: context.personId, className: context.className, removing: context.removing } }) },
      on: {
        RETRY: [{ guard: 'failedAtRemoval', target: 'removing' }, { target: 'platformWork' }],
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
