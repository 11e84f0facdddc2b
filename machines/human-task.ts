import { Type } from 'typebox'
import { assign, enqueueActions, setup } from 'xstate'
import { effects, type AnyEvent, type OpenTask, type TaskValues } from './effects.ts'
import type { EventSpec, EventsOf, ProcessContext, ProcessDefinition } from './process.ts'
import type { Rule } from './rule.ts'
import { failReasons, taskKind } from './task-catalogue.ts'

const text = Type.String({ minLength: 1, maxLength: 1000 })
const personId = Type.String({ minLength: 1, maxLength: 64 })
const events = {
  CLAIM: { from: ['person'] },
  RELEASE: { from: ['person'] },
  REASSIGN: { from: ['person'], body: Type.Object({ to: personId, reason: Type.Optional(text) }, { additionalProperties: false }) },
  SNOOZE: { from: ['person'], body: Type.Object({ until: Type.String({ format: 'date-time' }) }, { additionalProperties: false }) },
  COMPLETE: { from: ['person'], body: Type.Object({ evidence: Type.Record(Type.String(), Type.Unknown()) }), facts: Type.Optional(Type.Record(Type.String(), Type.Unknown())) },
  FAIL: { from: ['person'], body: Type.Object({ reason: Type.Enum([...failReasons]), comment: text }, { additionalProperties: false }) },
  CANCEL: { from: ['process'] },
  TIMER_REMIND: { from: ['timer'] },
  TIMER_DUE: { from: ['timer'] },
  TIMER_REMIND_AGAIN: { from: ['timer'] },
  TIMER_ESCALATE: { from: ['timer'] },
  TIMER_ESCALATE_HEAD: { from: ['timer'] },
} satisfies Record<string, EventSpec>

export interface HumanTaskInput extends OpenTask {
  orgId: string
  owner: string
}

export interface HumanTaskContext extends ProcessContext {
  owner: string
  kind: string
  key: string
  due: Rule
  urgent: boolean
  values: TaskValues
  extraRoles: readonly string[]
  assignee: string | null
  attempt: number
  reminders: number
  overdue: boolean
  escalated: boolean
  snoozedUntil: string | null
  /** How it ended: shown to the one who comes second. */
  outcome: { by: string; evidence?: Record<string, unknown>; reason?: string; comment?: string } | null
}

/** Reminders after the due moment, one each working day (domain.md 6.1). */
const maxReminders = 5

const waiting = {
  deadlines: ['TIMER_REMIND', 'TIMER_DUE', 'TIMER_REMIND_AGAIN', 'TIMER_ESCALATE', 'TIMER_ESCALATE_HEAD'],
}

const machine = setup({
  types: {
    context: {} as HumanTaskContext,
    events: {} as EventsOf<typeof events>,
    input: {} as HumanTaskInput,
  },
  actions: effects,
  guards: {
    claimedBySender: ({ context, event }) => event.by !== undefined && context.assignee === event.by,
    failureHasBranch: ({ context }) => taskKind(context.kind).failed !== undefined,
  },
}).createMachine({
  id: 'humanTask',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    owner: input.owner,
    kind: input.kind,
    key: input.key ?? '',
    due: input.due ?? taskKind(input.kind).due,
    urgent: input.urgent ?? false,
    values: input.values ?? {},
    extraRoles: input.extraRoles ?? [],
    assignee: input.assignee ?? null,
    attempt: input.attempt ?? 1,
    reminders: 0,
    overdue: false,
    escalated: false,
    snoozedUntil: null,
    outcome: null,
  }),
  entry: [
    { type: 'setDeadline', params: ({ context }) => ({ name: 'TIMER_DUE', rule: context.due }) },
    { type: 'setDeadline', params: { name: 'TIMER_REMIND', rule: { midwayTo: { deadline: 'TIMER_DUE' } } } },
    { type: 'setDeadline', params: { name: 'TIMER_ESCALATE', rule: { workingDays: 1, after: { deadline: 'TIMER_DUE' } } } },
    { type: 'setDeadline', params: { name: 'TIMER_ESCALATE_HEAD', rule: { workingDays: 3, after: { deadline: 'TIMER_DUE' } } } },
    enqueueActions(({ context, enqueue }) => {
      if (!context.urgent) return
      const to = context.assignee ? { person: context.assignee } : ({ role: 'platformAdmin' } as const)
      enqueue({ type: 'queueLetter', params: { code: 'L-TASK-URGENT', to, urgent: true, values: { task: context.kind } } })
    }),
  ],
  initial: 'open',
  on: {
    REASSIGN: { actions: assign({ assignee: ({ event }) => event.to }) },
    SNOOZE: {
      actions: [
        assign({ snoozedUntil: ({ event }) => event.until }),
        { type: 'setDeadline', params: ({ event }) => ({ name: 'TIMER_REMIND', rule: { at: event.until } }) },
      ],
    },
    COMPLETE: {
      target: '.completed',
      actions: [
        assign({ outcome: ({ event }) => ({ by: event.by ?? '', evidence: event.evidence }) }),
        {
          type: 'tell',
          params: ({ context, event }) => ({ to: context.owner, event: ownerEvent(context, event) }),
        },
      ],
    },
    FAIL: [
      {
        guard: 'failureHasBranch',
        target: '.failed',
        actions: [
          assign({ outcome: ({ event }) => ({ by: event.by ?? '', reason: event.reason, comment: event.comment }) }),
          {
            type: 'tell',
            params: ({ context, event }) => ({
              to: context.owner,
              event: { type: taskKind(context.kind).failed!, reason: event.reason, comment: event.comment, ...keyOf(context), by: event.by ?? '' },
            }),
          },
        ],
      },
      {
        target: '.failed',
        actions: [
          assign({ outcome: ({ event }) => ({ by: event.by ?? '', reason: event.reason, comment: event.comment }) }),
          {
            type: 'openTask',
            params: ({ context }) => ({
              kind: context.kind,
              key: context.key,
              due: { workingDays: 1 },
              urgent: context.urgent,
              values: context.values,
              extraRoles: [...new Set([...context.extraRoles, 'head'])],
              attempt: context.attempt + 1,
              owner: context.owner,
            }),
          },
        ],
      },
    ],
    CANCEL: { target: '.cancelled' },
    TIMER_REMIND: { actions: assign({ reminders: ({ context }) => context.reminders + 1, snoozedUntil: null }) },
    TIMER_DUE: {
      actions: [
        assign({ overdue: true, reminders: 0 }),
        { type: 'setDeadline', params: { name: 'TIMER_REMIND_AGAIN', rule: { workingDays: 1 } } },
      ],
    },
    // The reminder itself is the morning's digest, where the task stands first; this counts it (docs/decisions/0005).
    // The reminder itself is the morning's digest, where the task stands first; this counts it (docs/decisions/0005).
    TIMER_REMIND_AGAIN: {
      actions: [
        assign({ reminders: ({ context }) => context.reminders + 1 }),
        enqueueActions(({ context, enqueue }) => {
          if (context.reminders < maxReminders) enqueue({ type: 'setDeadline', params: { name: 'TIMER_REMIND_AGAIN', rule: { workingDays: 1 } } })
        }),
      ],
    },
    TIMER_ESCALATE: {
      actions: assign({
        escalated: true,
        extraRoles: ({ context }) => [...new Set([...context.extraRoles, 'deputy', 'extraAdmin'])],
      }),
    },
    TIMER_ESCALATE_HEAD: {
      actions: {
        type: 'queueLetter',
        params: ({ context }) => ({ code: 'L-TASK-URGENT', to: { role: 'head' }, values: { task: context.kind } }),
      },
    },
  },
  states: {
    open: { meta: waiting, on: { CLAIM: { target: 'claimed', actions: assign({ assignee: ({ event }) => event.by ?? null }) } } },
    claimed: { meta: waiting, on: { RELEASE: { guard: 'claimedBySender', target: 'open', actions: assign({ assignee: null }) } } },
    completed: { type: 'final' },
    failed: { type: 'final' },
    cancelled: { type: 'final' },
  },
})

/** Which of several tasks of one kind speaks to the owner. */
const keyOf = ({ key }: { key: string }) => (key ? { key } : {})

/** The owner's event that a completion means; who did it, which task it was and the facts looked up for the owner travel with it. */
function ownerEvent(task: Pick<HumanTaskContext, 'kind' | 'key' | 'values'>, completion: { evidence: Record<string, unknown>; by?: string; facts?: Record<string, unknown> }): AnyEvent {
  const event = taskKind(task.kind).event(completion.evidence as never, task.values)
  return { ...event, ...keyOf(task), ...(completion.by ? { by: completion.by } : {}), ...(completion.facts ? { facts: completion.facts } : {}) }
}

/** A task for a person (domain.md 6.1). Its owner is the instance whose state asks for it. */
export const humanTask: ProcessDefinition = { kind: 'humanTask', version: 1, machine, events, reminders: ['TIMER_REMIND'] }
