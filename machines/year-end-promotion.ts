import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import { RETENTION, type ProcessContext, type ProcessDefinition } from './process.ts'
import { yearEndPromotionEvents, type ClassStep, type YearEndPromotionEvent } from './year-end-promotion-events.ts'

export interface YearEndPromotionInput {
  orgId: string
  promotionId: string
  /** The academic years, «2026-2027» and «2027-2028». */
  fromYear: string
  toYear: string
}

export interface YearEndPromotionContext extends ProcessContext {
  promotionId: string
  fromYear: string
  toYear: string
  drafted: boolean
  /** Who called the draft ready: does not approve it (BR-27). */
  preparedBy: string | null
  approvedBy: string | null
  /** How often it was approved: a roll-back voids every application up to its own. */
  attempt: number
  /** Classes that nobody has confirmed yet. */
  waiting: string[]
  orderId: string | null
  applyOn: string | null
  yearEndsAt: string | null
  rollbackEndsAt: string | null
  /** What is left to do on the platform, and the keys of what was confirmed. */
  steps: ClassStep[]
  done: string[]
  remarks: string | null
}

const setUp = setup({
  types: { context: {} as YearEndPromotionContext, events: {} as YearEndPromotionEvent, input: {} as YearEndPromotionInput },
  actions: effects,
  guards: {
    promotionWindowOpen: ({ event }) => event.type === 'CLASSES_OF_NEXT_YEAR_SET' && event.facts.windowOpen,
    nextYearHasClasses: ({ event }) => event.type === 'CLASSES_OF_NEXT_YEAR_SET' && event.facts.classes > 0,
    draftMade: ({ context }) => context.drafted,
    everyPupilDecided: ({ event }) => event.type === 'DRAFT_READY' && event.facts.undecided === 0 && event.facts.missing === 0,
    everyTargetExists: ({ event }) => event.type === 'DRAFT_READY' && event.facts.withoutTarget === 0,
    classWaits: ({ context, event }) => event.type === 'CLASS_CONFIRMED' && context.waiting.includes(event.key),
    promotionOrder: ({ event }) => event.type === 'APPROVED_WITH_ORDER' && event.facts.checks.orderFits,
    approvedByHead: ({ event }) => event.type === 'APPROVED_WITH_ORDER' && event.facts.checks.approverIsHead,
    notPreparer: ({ context, event }) => event.type === 'APPROVED_WITH_ORDER' && (event.by !== context.preparedBy || !event.facts.checks.otherApprover),
    unusualConfirmed: ({ event }) => event.type === 'APPROVED_WITH_ORDER' && (!event.facts.checks.unusual || event.confirmedUnusual === true),
    stillDecided: ({ event }) => event.type === 'APPROVED_WITH_ORDER' && event.facts.checks.everyPupilDecided,
    applyDateInWindow: ({ event }) => event.type === 'APPROVED_WITH_ORDER' && event.facts.checks.dateInWindow,
    promotionOrderIsOurs: ({ context, event }) => event.type === 'ORDER_INVALIDATED' && event.orderId === context.orderId,
    rollbackOpen: ({ context, event }) => context.rollbackEndsAt === null || Date.parse(event.now ?? '') <= Date.parse(context.rollbackEndsAt),
    stepIsOpen: ({ context, event }) => event.type === 'STEP_DONE' && context.steps.some(({ key }) => key === event.key),
    nothingLeft: ({ context }) => context.steps.length === 0,
  },
})

/** Tasks that put back on the platform what was rolled back; they outlive the new draft. */
const undoing = ['T-PROM-STEPS'] as const

const openStep = (step: ClassStep) => ({ type: 'openTask', params: { kind: 'T-PROM-STEPS', key: step.key, values: { step: step.kind, class: step.classId } } }) as const

/** What is to be done on the platform from now on; spaces and class teachers that go along with their class are told. */
const takeSteps = setUp.enqueueActions(({ event, enqueue }) => {
  if (event.type !== 'REGISTER_UPDATED' && event.type !== 'ROLLED_BACK') return
  enqueue.assign({ steps: event.steps, done: [] })
  enqueue({ type: 'closeTask', params: { kind: 'T-PROM-STEPS' } })
  for (const { processId, ...changed } of [...event.spaces, ...event.assignments]) enqueue({ type: 'deliver', params: { to: processId, event: { type: 'CLASS_CHANGED', ...changed } } })
  for (const step of event.steps) if (step.after === 'now') enqueue(openStep(step))
})

const stepDone = setUp.enqueueActions(({ context, event, enqueue }) => {
  if (event.type !== 'STEP_DONE') return
  const steps = context.steps.filter(({ key }) => key !== event.key)
  // Confirmed for the whole class at once: what was never made is dropped, what is there is closed with the links into it.
  for (const to of context.steps.find(({ key }) => key === event.key)?.ends ?? []) {
    const links = event.facts.links.find(({ space }) => space === to)?.links ?? []
    for (const said of [{ type: 'CANCEL' }, { type: 'ARCHIVE', facts: { links } }, { type: 'ARCHIVED' }]) enqueue({ type: 'deliver', params: { to, event: said } })
  }
  enqueue.assign({ steps, done: [...context.done, event.key] })
  enqueue({ type: 'closeTask', params: { kind: 'T-PROM-STEPS', key: event.key } })
})

const lateStep = { STEP_DONE: { guard: 'stepIsOpen' as const, actions: stepDone } }
/** What was changed on the platform is put back there first. */
const cancel = { CANCEL: { guard: 'nothingLeft', target: 'cancelled' } } as const
const rollBack = { ROLLBACK: { guard: 'rollbackOpen', target: 'rollingBack' } } as const
const tellHead = (task: string) => ({ type: 'queueLetter', params: { code: 'L-TASK-URGENT', to: { role: 'head' }, values: { task } } }) as const
const approvalLate = { TIMER_APPROVAL_DUE: { actions: tellHead('T-PROM-APPROVE') } }

const machine = setUp.createMachine({
  id: 'yearEndPromotion',
  context: ({ input }) => ({
    orgId: input.orgId,
    deadlines: {},
    promotionId: input.promotionId,
    fromYear: input.fromYear,
    toYear: input.toYear,
    drafted: false,
    preparedBy: null,
    approvedBy: null,
    attempt: 0,
    waiting: [],
    orderId: null,
    applyOn: null,
    yearEndsAt: null,
    rollbackEndsAt: null,
    steps: [],
    done: [],
    remarks: null,
  }),
  initial: 'preparing',
  states: {
    preparing: {
      on: {
        ...cancel,
        CLASSES_OF_NEXT_YEAR_SET: {
          guard: and(['promotionWindowOpen', 'nextYearHasClasses']),
          target: 'drafting',
          actions: { type: 'setDeadline', params: ({ event }) => ({ name: 'TIMER_APPROVAL_DUE', rule: { at: event.facts.approvalDueAt } }) },
        },
      },
    },
    drafting: {
      meta: { deadlines: ['TIMER_APPROVAL_DUE'], tasks: undoing },
      entry: [
        assign({ drafted: false, preparedBy: null, approvedBy: null, orderId: null }),
        // Decisions that people have made stay; who has none gets the usual one.
        { type: 'runJob', params: ({ context }) => ({ job: 'draftPromotion', params: { promotionId: context.promotionId } }) },
      ],
      on: {
        ...cancel,
        ...lateStep,
        ...approvalLate,
        DRAFTED: { actions: assign({ drafted: true }) },
        DRAFT_READY: {
          guard: and(['draftMade', 'everyPupilDecided', 'everyTargetExists']),
          target: 'classReview',
          actions: [
            assign({ preparedBy: ({ event }) => event.by ?? null, waiting: ({ event }) => event.facts.classes.map(({ id }) => id) }),
            setUp.enqueueActions(({ event, enqueue }) => {
              if (event.type !== 'DRAFT_READY') return
              for (const { id, teacher } of event.facts.classes) {
                enqueue({ type: 'openTask', params: { kind: 'T-PROM-CLASS', key: id, values: { class: id }, ...(teacher === null ? {} : { assignee: teacher }) } })
              }
            }),
          ],
        },
      },
    },
    classReview: {
      meta: { deadlines: ['TIMER_APPROVAL_DUE'], tasks: ['T-PROM-CLASS', ...undoing] },
      always: { guard: ({ context }) => context.waiting.length === 0, target: 'headApproval' },
      on: {
        ...cancel,
        ...lateStep,
        ...approvalLate,
        CLASS_CONFIRMED: {
          guard: 'classWaits',
          actions: [
            assign({ waiting: ({ context, event }) => context.waiting.filter((id) => id !== event.key) }),
            { type: 'closeTask', params: ({ event }) => ({ kind: 'T-PROM-CLASS', key: event.key }) },
          ],
        },
        RETURNED: { target: 'drafting' },
      },
    },
    headApproval: {
      meta: { deadlines: ['TIMER_APPROVAL_DUE'], tasks: ['T-PROM-APPROVE', ...undoing] },
      entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-PROM-APPROVE', values: { preparedBy: context.preparedBy } }) },
      on: {
        ...cancel,
        ...lateStep,
        ...approvalLate,
        RETURNED: { target: 'drafting' },
        APPROVED_WITH_ORDER: {
          guard: and(['approvedByHead', 'notPreparer', 'promotionOrder', 'stillDecided', 'unusualConfirmed', 'applyDateInWindow']),
          target: 'scheduled',
          actions: [
            assign({
              orderId: ({ event }) => event.orderId,
              approvedBy: ({ event }) => event.by ?? null,
              attempt: ({ context }) => context.attempt + 1,
              applyOn: ({ event }) => event.facts.dates.applyOn,
              yearEndsAt: ({ event }) => event.facts.dates.yearEndsAt,
              rollbackEndsAt: ({ event }) => event.facts.dates.rollbackEndsAt,
            }),
            { type: 'setDeadline', params: ({ event }) => ({ name: 'TIMER_APPLY', rule: { at: event.facts.dates.applyAt } }) },
          ],
        },
      },
    },
    scheduled: {
      meta: { deadlines: ['TIMER_APPLY'], tasks: undoing },
      on: {
        ...cancel,
        ...lateStep,
        RETURNED: { target: 'drafting' },
        ORDER_INVALIDATED: { guard: 'promotionOrderIsOurs', target: 'headApproval', actions: assign({ orderId: null, approvedBy: null }) },
        TIMER_APPLY: { target: 'applying' },
      },
    },
    applying: {
      entry: {
        type: 'runJob',
        params: ({ context }) => ({ job: 'applyPromotion', params: { promotionId: context.promotionId, attempt: context.attempt, orderId: context.orderId, applyOn: context.applyOn } }),
      },
      on: {
        REGISTER_UPDATED: [{ guard: ({ event }) => event.steps.length === 0, target: 'completed', actions: takeSteps }, { target: 'platformWork', actions: takeSteps }],
        APPLY_REFUSED: { target: 'drafting', actions: tellHead('T-PROM-APPROVE') },
        ...rollBack,
      },
    },
    platformWork: {
      meta: { deadlines: ['TIMER_YEAR_ENDS'], tasks: ['T-PROM-STEPS'] },
      entry: { type: 'setDeadline', params: ({ context }) => ({ name: 'TIMER_YEAR_ENDS', rule: { at: context.yearEndsAt! } }) },
      always: { guard: 'nothingLeft', target: 'completed' },
      on: {
        ...rollBack,
        ...lateStep,
        CLOSED_WITH_OPEN_STEPS: { target: 'completedWithRemarks', actions: assign({ remarks: ({ event }) => event.reason }) },
        // Graduates and leavers keep their chats until the year is over (domain.md 7.11); what is late by then is the head's business.
        TIMER_YEAR_ENDS: {
          actions: setUp.enqueueActions(({ context, enqueue }) => {
            if (context.steps.some(({ after }) => after === 'now')) enqueue(tellHead('T-PROM-STEPS'))
            for (const step of context.steps) if (step.after === 'yearEnd') enqueue(openStep(step))
          }),
        },
      },
    },
    completed: {
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: ({ context }) => ({ name: RETENTION, rule: { at: context.rollbackEndsAt! } }) },
      on: rollBack,
    },
    completedWithRemarks: {
      meta: { deadlines: [RETENTION] },
      entry: { type: 'setDeadline', params: ({ context }) => ({ name: RETENTION, rule: { at: context.rollbackEndsAt! } }) },
      on: rollBack,
    },
    rollingBack: {
      entry: { type: 'runJob', params: ({ context }) => ({ job: 'rollBackPromotion', params: { promotionId: context.promotionId, attempt: context.attempt, done: context.done } }) },
      on: {
        ROLLED_BACK: { target: 'drafting', actions: takeSteps },
        // The answer of an application that was rolled back before it came.
        REGISTER_UPDATED: { actions: assign({}) },
        APPLY_REFUSED: { actions: assign({}) },
      },
    },
    cancelled: { type: 'final' },
  },
})

/** The year's end of a whole school: draft, review by class, approval, application, platform work, roll-back (domain.md 7.11). */
export const yearEndPromotion: ProcessDefinition = { kind: 'yearEndPromotion', version: 1, machine, events: yearEndPromotionEvents, fixedDeadlines: ['TIMER_APPLY', 'TIMER_YEAR_ENDS', RETENTION] }
