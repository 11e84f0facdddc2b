import { and, assign, setup } from 'xstate'
import { communicationSpaceEvents, type CommunicationSpaceEvent } from './communication-space-events.ts'
import { effects } from './effects.ts'
import type { AskedBy } from './event-fields.ts'
import type { ProcessContext, ProcessDefinition } from './process.ts'

export interface CommunicationSpaceInput {
  orgId: string
  spaceId: string
  /** `schoolClass` is a class on the platform, every other kind a chat. */
  kind: string
  classId?: string
  subjectId?: string
  /** Part of the class («1-я группа»). */
  classGroup?: string
  name: string
  /** Whose it is; a class belongs to the administrators. */
  ownerId?: string
}

export interface CommunicationSpaceContext extends ProcessContext {
  spaceId: string
  kind: string
  classId: string | null
  subjectId: string | null
  classGroup: string
  name: string
  ownerId: string | null
  /** To whom it is being handed over. */
  newOwnerId: string | null
  /** The movement that waits for the hand-over. */
  askedBy: AskedBy | null
  /** Sealed ciphertext of the chat's own address. */
  url: string | null
}

const isHandover = (event: CommunicationSpaceEvent) => event.type === 'HANDOVER_STARTED' || event.type === 'HANDOVER_FORCED'

const setUp = setup({
  types: { context: {} as CommunicationSpaceContext, events: {} as CommunicationSpaceEvent, input: {} as CommunicationSpaceInput },
  actions: effects,
  guards: {
    schoolIsRegistered: ({ event }) => event.type === 'CONFIRM_PLAN' && event.facts.staffRoomExists,
    chatHasAddress: ({ context, event }) => context.kind === 'schoolClass' || (event.type === 'CREATED' && event.url !== undefined),
    hasOwner: ({ context }) => context.ownerId !== null,
    newOwnerWorks: ({ event }) => isHandover(event) && event.facts.newOwnerWorks,
    nobodyWaitsForIt: ({ context, event }) => (context.askedBy ?? null) === null || event.by === undefined,
    anotherOwner: ({ context, event }) => isHandover(event) && event.personId !== (context.newOwnerId ?? context.ownerId),
  },
})

const assignee = (ownerId: string | null) => (ownerId === null ? {} : { assignee: ownerId })

const canBeHandedOver = and(['hasOwner', 'newOwnerWorks', 'anotherOwner'])

/** Before there is anything on the platform, a new owner is a word in the register. */
const newOwner = setUp.assign({ ownerId: ({ context, event }) => (isHandover(event) ? event.personId : context.ownerId) })

/** Both are asked: who gives it on the platform, if they still work here, and who has it then. */
const startHandover = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (!isHandover(event)) return
  const { personId, dueAt, facts } = event
  const due = dueAt === undefined ? {} : { due: { at: dueAt } }
  enqueue.assign({ newOwnerId: personId })
  for (const kind of ['T-CHAT-HANDOVER', 'T-CHAT-ACCEPT']) enqueue({ type: 'closeTask', params: { kind } })
  enqueue({ type: 'openTask', params: { kind: 'T-CHAT-HANDOVER', ...due, ...assignee(facts.ownerWorks ? context.ownerId : null), values: { space: context.spaceId, person: personId } } })
  enqueue({ type: 'openTask', params: { kind: 'T-CHAT-ACCEPT', ...due, assignee: personId, values: { space: context.spaceId, person: context.ownerId } } })
})

const expectedBy = setUp.assign({ askedBy: ({ event }) => (event.type === 'HANDOVER_FORCED' ? event.askedBy : null) })

/** Tells the movement that waits. */
const report = (result: 'done' | 'alreadyDone') => [
  setUp.enqueueActions(({ context, event, enqueue }) => {
    const { askedBy: waiting } = context
    if (waiting) enqueue({ type: 'deliver', params: { to: waiting.to, event: { type: 'STEP_DONE', step: waiting.step, result, ...(event.by === undefined ? {} : { by: event.by }) } } })
  }),
  setUp.assign({ askedBy: null }),
]

/** Before there is anything on the platform a movement need not wait. */
const newOwnerAtOnce = { guard: canBeHandedOver, actions: [newOwner, expectedBy, ...report('done')] }

/** Links into a space that closes must die; who was invited by them hears of it. */
const closeLinks = setUp.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'ARCHIVE') return
  for (const link of event.facts.links) enqueue({ type: 'deliver', params: { to: link, event: { type: 'TARGET_CLOSED' } } })
})

/** What leads into it is the new owner's, too. An event of before this was known has no facts. */
const handLinksOver = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'OWNER_CONFIRMED' || context.newOwnerId === null) return
  const { links = [], joinings = [] } = (event.facts as typeof event.facts | undefined) ?? {}
  for (const to of [...links, ...joinings]) enqueue({ type: 'deliver', params: { to, event: { type: 'OWNER_CHANGED', ownerId: context.newOwnerId } } })
})

const rename = setUp.assign({ name: ({ context, event }) => ('name' in event ? (event.name ?? context.name) : context.name) })

/** With its class, whether it is there already or not. */
const goesAlong = { CLASS_CHANGED: { actions: [rename, setUp.assign({ classId: ({ context, event }) => (event.type === 'CLASS_CHANGED' ? event.classId : context.classId) })] } }

/** What may happen to a space that is there, whoever is about to have it. */
const living = setUp.createStateConfig({
  on: {
    RENAMED: { actions: rename },
    ...goesAlong,
    HANDOVER_STARTED: { guard: canBeHandedOver, target: 'handover', actions: startHandover },
    HANDOVER_FORCED: { guard: canBeHandedOver, target: 'handover', actions: [startHandover, expectedBy] },
    ARCHIVE: { target: 'archiving', actions: [setUp.assign({ newOwnerId: null }), closeLinks, ...report('alreadyDone')] },
  },
}).on

const machine = setUp.createMachine({
  id: 'communicationSpace',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    spaceId: input.spaceId,
    kind: input.kind,
    classId: input.classId ?? null,
    subjectId: input.subjectId ?? null,
    classGroup: input.classGroup ?? '',
    name: input.name,
    ownerId: input.ownerId ?? null,
    newOwnerId: null,
    askedBy: null,
    url: null,
  }),
  initial: 'planned',
  states: {
    planned: {
      on: {
        ...goesAlong,
        CONFIRM_PLAN: { guard: 'schoolIsRegistered', target: 'creating' },
        HANDOVER_STARTED: { guard: canBeHandedOver, actions: newOwner },
        HANDOVER_FORCED: newOwnerAtOnce,
        CANCEL: { target: 'cancelled' },
      },
    },
    creating: {
      meta: { tasks: ['T-CHAT-CREATE', 'T-CLASS-CREATE'] },
      entry: {
        type: 'openTask',
        params: ({ context }) => ({ kind: context.kind === 'schoolClass' ? 'T-CLASS-CREATE' : 'T-CHAT-CREATE', ...assignee(context.ownerId), values: { space: context.spaceId } }),
      },
      on: {
        ...goesAlong,
        CREATED: { guard: 'chatHasAddress', target: 'active', actions: assign({ name: ({ event }) => event.name, url: ({ event }) => event.url ?? null }) },
        CREATION_FAILED: { target: 'creationFailed' },
        // The task goes to the new owner.
        HANDOVER_STARTED: { guard: canBeHandedOver, target: 'creating', reenter: true, actions: [newOwner, { type: 'closeTask', params: { kind: 'T-CHAT-CREATE' } }] },
        HANDOVER_FORCED: { ...newOwnerAtOnce, target: 'creating', reenter: true, actions: [...newOwnerAtOnce.actions, { type: 'closeTask', params: { kind: 'T-CHAT-CREATE' } }] },
        CANCEL: { target: 'cancelled' },
      },
    },
    creationFailed: {
      meta: { tasks: ['T-CHAT-RETRY'] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-CHAT-RETRY', values: { space: context.spaceId } }) },
      on: {
        ...goesAlong,
        RETRY: { target: 'creating' },
        HANDOVER_STARTED: { guard: canBeHandedOver, actions: newOwner },
        HANDOVER_FORCED: newOwnerAtOnce,
        CANCEL: { target: 'cancelled' },
      },
    },
    active: { on: living },
    handover: {
      meta: { tasks: ['T-CHAT-HANDOVER', 'T-CHAT-ACCEPT'] },
      on: {
        ...living,
        // To somebody else after all: the tasks are asked of the right people.
        HANDOVER_STARTED: { guard: canBeHandedOver, actions: startHandover },
        // To whom it goes already: one more waits for it.
        HANDOVER_FORCED: [{ guard: canBeHandedOver, actions: [startHandover, expectedBy] }, { actions: expectedBy }],
        OWNER_CONFIRMED: { target: 'active', actions: [handLinksOver, assign({ ownerId: ({ context }) => context.newOwnerId, newOwnerId: null }), ...report('done')] },
        HANDOVER_CANCELLED: { guard: 'nobodyWaitsForIt', target: 'active', actions: assign({ newOwnerId: null, askedBy: null }) },
      },
    },
    archiving: {
      meta: { tasks: ['T-CHAT-ARCHIVE'] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-CHAT-ARCHIVE', ...assignee(context.ownerId), values: { space: context.spaceId } }) },
      on: { ARCHIVED: { target: 'archived' }, CANCEL: { target: 'active' } },
    },
    archived: { type: 'final' },
    cancelled: { type: 'final' },
  },
})

/** A class or chat on the platform: planned, made there by a person, handed over, archived (domain.md 7.7). */
export const communicationSpace: ProcessDefinition = { kind: 'communicationSpace', version: 1, machine, events: communicationSpaceEvents, owner: 'ownerId' }
