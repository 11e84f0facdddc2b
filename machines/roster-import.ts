import { Type, type Static } from 'typebox'
import { and, setup } from 'xstate'
import { effects } from './effects.ts'
import { closed, id, oneOf, words } from './event-fields.ts'
import { RETENTION, type EventSpec, type EventsOf, type ProcessContext, type ProcessDefinition } from './process.ts'

/** What becomes of a row of the file, or of a person the file does not have. */
export const importActions = ['create', 'change', 'move', 'leave', 'same', 'ask', 'problem', 'skip'] as const
export type ImportAction = (typeof importActions)[number]

/** What a person looks at and confirms before the register changes so much. */
export const importConfirmations = ['nameSplit', 'manyLeaving', 'manyChanged', 'manyMoved'] as const

const count = Type.Integer({ minimum: 0 })
const Counts = Type.Object(Object.fromEntries(importActions.map((action) => [action, count])) as Record<ImportAction, typeof count>, closed)

/** The plan of an import: a hash of it, how many rows of each kind, what is to be confirmed. */
const Plan = Type.Object({ version: id, counts: Counts, confirmations: Type.Array(oneOf(importConfirmations)) }, closed)

/** What a person decides about a row: it is this person, a new one, whose guardian it is; or the row is left out. */
export const rowDecisions = ['same', 'new', 'child', 'skip', 'undo'] as const
const Decision = Type.Object({ row: Type.Integer({ minimum: 1 }), decision: oneOf(rowDecisions), personId: Type.Optional(id) }, closed)

/** The same about every row of a kind, or every row with which one thing is to be done: so a few of many are chosen. */
const Every = Type.Object({ decision: oneOf(['skip', 'undo']), action: Type.Optional(oneOf(importActions)), kind: Type.Optional(oneOf(['class', 'subject', 'staff', 'student', 'guardian', 'load'])) }, closed)

const events = {
  START: { from: ['person'] },
  PREVIEW_READY: { from: ['process'], body: Plan },
  PREVIEW_FAILED: { from: ['process'], body: Type.Object({ code: id }, closed) },
  /** First what is said of all, then what of single rows. Without either the file is only compared anew. */
  DECIDE: { from: ['person'], body: Type.Object({ every: Type.Optional(Every), decisions: Type.Optional(Type.Array(Decision, { maxItems: 500 })) }, closed) },
  COMMIT: {
    from: ['person'],
    body: Type.Object(
      {
        /** The plan that was seen: no other is carried out. */
        version: id,
        /** `all`: every row or none; `ready`: those without problems and open questions. */
        rows: oneOf(['all', 'ready']),
        confirm: Type.Optional(Type.Array(oneOf(importConfirmations), { maxItems: importConfirmations.length })),
      },
      closed,
    ),
  },
  COMMITTED: { from: ['process'], body: Type.Object({ counts: Counts }, closed) },
  CANCEL: { from: ['person'], body: Type.Object({ reason: Type.Optional(words) }, closed) },
  TIMER_PREVIEW_EXPIRES: { from: ['timer'] },
} satisfies Record<string, EventSpec>

export interface RosterImportInput {
  orgId: string
  importId: string
  openedBy: string
}

export interface RosterImportContext extends ProcessContext {
  importId: string
  /** Who brought the file. */
  openedBy: string
  /** The plan that people look at; null until there is one. */
  plan: Static<typeof Plan> | null
}

const setUp = setup({
  types: { context: {} as RosterImportContext, events: {} as EventsOf<typeof events>, input: {} as RosterImportInput },
  actions: effects,
  guards: {
    planIsSeen: ({ context, event }) => event.type === 'COMMIT' && event.version === context.plan?.version,
    everyRowReady: ({ context, event }) => event.type === 'COMMIT' && (event.rows === 'ready' || (context.plan!.counts.problem === 0 && context.plan!.counts.ask === 0)),
    consequencesConfirmed: ({ context, event }) => event.type === 'COMMIT' && context.plan!.confirmations.every((one) => event.confirm?.includes(one)),
  },
})

const keepPlan = setUp.assign({ plan: ({ context, event }) => (event.type === 'PREVIEW_READY' ? { version: event.version, counts: event.counts, confirmations: event.confirmations } : context.plan) })
const planReady = { PREVIEW_READY: { target: 'preview', actions: keepPlan } } as const
const cancel = { CANCEL: { target: 'cancelled' } } as const

const machine = setUp.createMachine({
  id: 'rosterImport',
  context: ({ input }) => ({ orgId: input.orgId, deadlines: {}, importId: input.importId, openedBy: input.openedBy, plan: null }),
  initial: 'received',
  states: {
    received: {
      on: { ...cancel, START: { target: 'previewing', actions: { type: 'runJob', params: ({ context }) => ({ job: 'previewImport', params: { importId: context.importId } }) } } },
    },
    previewing: {
      on: { ...cancel, ...planReady, PREVIEW_FAILED: { target: 'failed' } },
    },
    preview: {
      meta: { deadlines: ['TIMER_PREVIEW_EXPIRES'], tasks: ['T-IMPORT-CHECK'] },
      entry: [
        { type: 'setDeadline', params: { name: 'TIMER_PREVIEW_EXPIRES', rule: { days: 14 } } },
        { type: 'openTask', params: ({ context }) => ({ kind: 'T-IMPORT-CHECK', values: { import: context.importId } }) },
      ],
      on: {
        ...cancel,
        DECIDE: {
          target: 'previewing',
          actions: { type: 'runJob', params: ({ context, event }) => ({ job: 'previewImport', params: { importId: context.importId, seen: context.plan!.version, every: event.every ?? null, decisions: event.decisions ?? [] } }) },
        },
        COMMIT: {
          guard: and(['planIsSeen', 'everyRowReady', 'consequencesConfirmed']),
          target: 'committing',
          actions: { type: 'runJob', params: ({ context, event }) => ({ job: 'commitImport', params: { importId: context.importId, version: event.version, rows: event.rows } }) },
        },
        TIMER_PREVIEW_EXPIRES: { target: 'expired' },
      },
    },
    committing: {
      // The register has changed since the plan was seen: nothing was done, a new plan is there to be looked at.
      on: { ...planReady, COMMITTED: { target: 'committed' } },
    },
    committed: {
      // The rows stay to be looked at; then nothing personal is left of the file.
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: { name: RETENTION, rule: { days: 30 } } },
    },
    failed: { type: 'final' },
    cancelled: { type: 'final' },
    expired: { type: 'final' },
  },
})

/** A roster from outside: read, compared with the register, looked at by a person, and carried out exactly so. */
export const rosterImport: ProcessDefinition = { kind: 'rosterImport', version: 1, machine, events, owner: 'openedBy' }
