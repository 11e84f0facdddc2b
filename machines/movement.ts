import { and, assign, setup } from 'xstate'
import { effects } from './effects.ts'
import { leaveEvents, movementEvents, type MovementEvent, type PlannedStep } from './movement-events.ts'
import { stepsDue, type MovementBlock, type MovementKind } from './movement-kinds.ts'
import { isDue, needsHands, openStep, phaseOf, stepActions, withoutOpen, withPlan, withResults, type MovementStep, type StepAction, type StepResult } from './movement-steps.ts'
import { RETENTION, type ProcessContext, type ProcessDefinition } from './process.ts'
import type { Instant, Rule } from './rule.ts'

export interface MovementInput {
  orgId: string
  movementId: string
  /** Public number, ДВ-2026-000009. */
  number: string
  kind: MovementKind
  personId: string
  /** Local date it counts from, and the instant that date begins by the school's clock. */
  effectiveOn: string
  effectiveAt: Instant
  fromClassId?: string
  toClassId?: string
  /** Why a pupil left. */
  reason?: string
  /** What the kind needs beside: position and roles, loads and classes, until when, who takes over. */
  details?: Record<string, unknown>
}

export interface MovementContext extends ProcessContext {
  movementId: string
  number: string
  kind: MovementKind
  personId: string
  effectiveOn: string
  effectiveAt: Instant
  fromClassId: string | null
  toClassId: string | null
  reason: string | null
  details: Record<string, unknown>
  orderId: string | null
  /** The order of this movement was cancelled after it had begun: another one confirms it, or it is taken back. */
  orderCancelled: boolean
  reverseOrderId: string | null
  /** The register has been changed; it has been changed back. */
  begun: boolean
  takenBack: boolean
  blockedBy: MovementBlock | null
  steps: MovementStep[]
  overdue: boolean
  closeReason: string | null
}

/** What a person says of steps, in one form. */
function resultsIn(event: MovementEvent): StepResult[] {
  if (event.type === 'STEP_DONE') return [{ step: event.step, result: event.result }]
  if (event.type === 'STEP_FAILED') return [{ step: event.step, result: 'failed', reason: event.reason }]
  return event.type === 'STEPS_REPORTED' ? event.results : []
}
const factsOf = (event: MovementEvent) => ('facts' in event ? (event.facts as { kind: string; registered: boolean; inForce: boolean; administratorRemains?: boolean; nothingRestsOnIt?: boolean }) : undefined)

const stepOf = ({ id, action, person, space, class: classId, via }: PlannedStep) => ({ id, action, person, space: space ?? null, class: classId ?? null, via: via ?? null })

/** The work of a movement that begins or is taken back; urgent where rights have to go the same day (BR-17). */
const urgent: readonly MovementKind[] = ['staffDeparture']

/** How long a movement can still be taken back (DEC): after that a mistake is another movement. */
const reversible: Rule = { days: 90 }

/** When a leave is over, if it is one that has an end. */
const leaveEnd = ({ kind, details }: MovementContext): Instant | undefined => (kind === 'longLeave' && typeof details.endsAt === 'string' ? details.endsAt : undefined)

/** A leave is watched to its end. */
function keptUntil(context: MovementContext): Rule {
  const after = leaveEnd(context)
  return after === undefined ? reversible : { ...reversible, after }
}

/** Sets the moment at which somebody is asked whether the person is back. */
function watchLeave(context: MovementContext, enqueue: (effect: { type: 'setDeadline'; params: { name: string; rule: Rule } }) => void): void {
  const at = leaveEnd(context)
  if (at !== undefined) enqueue({ type: 'setDeadline', params: { name: 'TIMER_LEAVE_ENDS', rule: { at } } })
}

/** A machine for the movement of pupils, or of staff: the same way, other orders. */
function movementMachine(id: 'studentMovement' | 'staffMovement', orderKinds: readonly string[]) {
  const setUp = setup({
    types: { context: {} as MovementContext, events: {} as MovementEvent, input: {} as MovementInput },
    actions: effects,
    guards: {
      movementOrderKind: ({ event }) => orderKinds.includes(factsOf(event)?.kind ?? ''),
      orderIsRegistered: ({ event }) => factsOf(event)?.registered === true,
      orderIsInForce: ({ event }) => factsOf(event)?.inForce === true,
      administratorRemains: ({ event }) => factsOf(event)?.administratorRemains === true,
      nothingRestsOnIt: ({ event }) => factsOf(event)?.nothingRestsOnIt === true,
      movementOrderIsOurs: ({ context, event }) => event.type === 'ORDER_CANCELLED' && event.orderId === context.orderId,
      movementOrderIsMissing: ({ context }) => context.orderCancelled,
      movementBlocked: ({ context }) => context.blockedBy !== null,
      registerChanged: ({ context }) => context.begun,
      registerRestored: ({ context }) => context.takenBack,
      // The answer to a question asked before the movement was taken back is no news any more.
      planIsForward: ({ context, event }) => event.type === 'STEPS_PLANNED' && event.of === (context.begun ? 'check' : 'begin'),
      planIsBackward: ({ context, event }) => event.type === 'STEPS_PLANNED' && event.of === (context.takenBack ? 'check' : 'reverse'),
      orderIsGone: ({ event }) => event.type === 'BLOCKED' && event.reason === 'orderNotInForce',
      stepsWait: ({ context, event }) => resultsIn(event).every(({ step }) => openStep(context.steps, step) !== undefined),
      // What is removed before something was added would leave a person without a class (domain.md 7.6). What another instance looks after is done when it says so.
      stepsAreDue: ({ context, event }) => event.by === undefined || resultsIn(event).every(({ step }) => isDue(context.steps, step)),
      isLeave: ({ context }) => context.kind === 'longLeave',
      // Four eyes, whichever way the word comes (domain.md 4).
      notOwnRights: ({ context, event }) => event.by === undefined || resultsIn(event).every(({ step }) => context.steps.every(({ id, action, person }) => id !== step || action !== 'rights' || person !== event.by)),
      workLeft: ({ context }) => phaseOf(context.steps) !== null,
      noWorkLeft: ({ context }) => phaseOf(context.steps) === null,
    },
  })

  /** A plan that comes after another movement of the person has taken its work over: the register was changed all the same. */
  const lateAnswer = { actions: setUp.assign({ begun: true }) }

  const job = (name: 'beginMovement' | 'checkMovement' | 'reverseMovement') => ({ type: 'runJob', params: { job: name } }) as const

  /** Whose rights are taken away does not confirm it; other steps may be anybody's (four eyes, domain.md 4). */
  const concerned = ({ personId }: MovementContext, phase: StepAction) => (phase === 'rights' ? { person: personId } : { personId })

  const dueRule = ({ context, event }: { context: MovementContext; event: MovementEvent }): Rule => (event.type === 'STEPS_PLANNED' && event.dueAt !== undefined ? { at: event.dueAt } : stepsDue[context.kind])

  /** One task for what is at hand; the next part of the work is not asked for before (domain.md 7.6). */
  const ask = setUp.enqueueActions(({ context, event, enqueue }) => {
    const phase = phaseOf(context.steps)
    for (const action of stepActions) if (action !== phase) enqueue({ type: 'closeTask', params: { kind: 'T-MOVE-STEPS', key: action } })
    if (phase === null || !needsHands(context.steps, phase)) return
    const failed = context.steps.some((step) => step.action === phase && step.state === 'failed')
    const due = event.type === 'STEPS_PLANNED' ? dueRule({ context, event }) : context.deadlines.TIMER_STEPS_DUE && !failed ? { at: context.deadlines.TIMER_STEPS_DUE.at } : { workingDays: 1 }
    enqueue({
      type: 'openTask',
      params: { kind: 'T-MOVE-STEPS', key: phase, due, urgent: urgent.includes(context.kind), values: { ...concerned(context, phase), movement: context.movementId, number: context.number }, ...(failed ? { extraRoles: ['head'] } : {}) },
    })
  })

  /** What others have to hear of a plan: invitations die, rights go, chats change hands, class teachers know. */
  const announce = setUp.enqueueActions(({ context, event, enqueue }) => {
    if (event.type !== 'STEPS_PLANNED') return
    const { dueAt, follows: { invitations = [], links = [], onboardings = [], relieved = [], handedOver = [], kept = [], stayed = [], overtaken = [], voided = [], begins = [], leaves = [], notices = [] } = {} } = event
    const me = `movement:${context.movementId}`
    const due = dueAt === undefined ? {} : { dueAt }
    const tell = (to: string, said: { type: string; [field: string]: unknown }) => enqueue({ type: 'deliver', params: { to, event: said } })
    for (const to of overtaken) tell(to, { type: 'OVERTAKEN', reason: 'overtaken', number: context.number })
    for (const { to, steps } of voided) tell(to, { type: 'STEPS_VOIDED', steps, number: context.number })
    for (const { to, step } of relieved) tell(to, { type: 'RELIEVE', askedBy: { to: me, step }, ...due })
    for (const { to, step, newOwner, ownerWorks } of handedOver) tell(to, { type: 'HANDOVER_FORCED', personId: newOwner, askedBy: { to: me, step }, ...due, facts: { newOwnerWorks: true, ownerWorks } })
    for (const to of kept) tell(to, { type: 'KEEP' })
    for (const to of leaves) tell(to, { type: 'LEAVE_ENDED', number: context.number })
    for (const to of stayed) tell(to, { type: 'HANDOVER_CANCELLED' })
    // The link first: it says why it closes, its invitations with it.
    for (const { to, active } of links) tell(to, active ? { type: 'REVOKE', reason: 'personLeft' } : { type: 'CANCEL', reason: 'personLeft' })
    for (const to of onboardings) tell(to, { type: 'CANCEL', reason: 'personLeft' })
    for (const to of invitations) tell(to, { type: 'CLOSE', as: 'cancelled' })
    for (const { id: instance, kind, input, start } of begins) {
      enqueue({ type: 'spawn', params: { id: instance, kind, input } })
      enqueue({ type: 'tell', params: { to: instance, event: { type: 'START', ...start } } })
    }
    for (const { person, class: classId } of notices) enqueue({ type: 'queueLetter', params: { code: 'L-MOVE-NOTICE', to: { person }, values: { movement: context.movementId, class: classId } } })
  })

  const takePlan = [
    setUp.assign({ begun: true, takenBack: ({ context, event }) => context.takenBack || (event.type === 'STEPS_PLANNED' && event.of === 'reverse'), blockedBy: null, steps: ({ context, event }) => (event.type === 'STEPS_PLANNED' ? withPlan(context.steps, (event.steps ?? []).map(stepOf)) : context.steps) }),
    announce,
    setUp.enqueueActions(({ context, event, enqueue }) => {
      if (phaseOf(context.steps) === null) enqueue.raise({ type: 'ALL_STEPS_DONE' })
      else if (!context.overdue) enqueue({ type: 'setDeadline', params: { name: 'TIMER_STEPS_DUE', rule: dueRule({ context, event }) } })
    }),
    // Who is away for long comes back: on the day after the last somebody is asked.
    setUp.enqueueActions(({ context, event, enqueue }) => {
      if (event.type === 'STEPS_PLANNED' && event.of === 'begin') watchLeave(context, enqueue)
    }),
    ask,
  ]

  /** After the last step the register is compared with the platform once more: meanwhile more may have become wanted. */
  const goOn = [
    ask,
    setUp.enqueueActions(({ context, enqueue }) => {
      if (phaseOf(context.steps) === null) enqueue(job('checkMovement'))
    }),
  ]

  const takeResults = { guard: and(['stepsWait', 'stepsAreDue', 'notOwnRights']), actions: [setUp.assign({ steps: ({ context, event }) => withResults(context.steps, resultsIn(event)) }), ...goOn] }

  /** The work on the platform, whichever way the register went. */
  const work = setUp.createStateConfig({
    on: {
      STEP_DONE: takeResults,
      STEP_FAILED: takeResults,
      STEPS_REPORTED: takeResults,
      STEPS_VOIDED: {
        guard: 'workLeft',
        actions: [setUp.assign({ steps: ({ context, event }) => (event.type === 'STEPS_VOIDED' ? withoutOpen(context.steps, event.steps) : context.steps) }), ...goOn],
      },
      // What others were to report may have got lost with them: the question is asked again.
      TIMER_STEPS_DUE: { actions: [setUp.assign({ overdue: true }), { type: 'queueLetter', params: { code: 'L-TASK-URGENT', to: { role: 'head' }, values: { task: 'T-MOVE-STEPS' } } }, job('checkMovement')] },
    },
  }).on

  /** Nothing is left to do here, whatever was: for good with the reason. */
  const closed = setUp.assign({ steps: ({ context }) => withoutOpen(context.steps), closeReason: ({ event }) => ('reason' in event && event.reason !== undefined ? event.reason : null) })

  const orderFits = and(['movementOrderKind', 'orderIsRegistered', 'orderIsInForce'])
  const attachOrder = setUp.assign({ orderId: ({ context, event }) => (event.type === 'ORDER_ATTACHED' ? event.orderId : context.orderId), orderCancelled: false })

  /** A movement that has begun goes on without its order, until somebody decides (edge case 10). */
  const orderAfterwards = setUp.createStateConfig({
    on: {
      ORDER_CANCELLED: {
        guard: 'movementOrderIsOurs',
        actions: [
          setUp.assign({ orderCancelled: true }),
          setUp.enqueueActions(({ context, enqueue }) => enqueue({ type: 'openTask', params: { kind: 'T-MOVE-REORDER', values: { person: context.personId, movement: context.movementId, number: context.number } } })),
        ],
      },
      ORDER_ATTACHED: { guard: and(['movementOrderIsMissing', orderFits]), actions: [attachOrder, { type: 'closeTask', params: { kind: 'T-MOVE-REORDER' } }] },
      REVERSE: {
        guard: and(['registerChanged', 'nothingRestsOnIt', orderFits]),
        target: 'reversing',
        actions: setUp.assign({ reverseOrderId: ({ event }) => (event.type === 'REVERSE' ? event.orderId : null), closeReason: ({ event }) => (event.type === 'REVERSE' ? (event.reason ?? null) : null) }),
      },
    },
  }).on

  /** Pupils do not go on leave. */
  const watched = id === 'staffMovement'
  const leaveDeadlines = watched ? (['TIMER_LEAVE_ENDS'] as const) : []
  const leaveTasks = watched ? (['T-LEAVE-ENDS'] as const) : []
  const leaveOn = setUp.createStateConfig({
    on: {
      TIMER_LEAVE_ENDS: {
        actions: setUp.enqueueActions(({ context, enqueue }) => enqueue({ type: 'openTask', params: { kind: 'T-LEAVE-ENDS', values: { person: context.personId, movement: context.movementId, number: context.number } } })),
      },
      LEAVE_EXTENDED: {
        guard: 'isLeave',
        actions: [
          setUp.assign({ details: ({ context, event }) => (event.type === 'LEAVE_EXTENDED' ? { ...context.details, endsAt: event.until } : context.details) }),
          { type: 'closeTask', params: { kind: 'T-LEAVE-ENDS' } },
          setUp.enqueueActions(({ context, enqueue }) => watchLeave(context, enqueue)),
        ],
      },
      LEAVE_ENDED: { guard: 'isLeave', actions: [{ type: 'clearDeadline', params: { name: 'TIMER_LEAVE_ENDS' } }, { type: 'closeTask', params: { kind: 'T-LEAVE-ENDS' } }] },
    },
  }).on

  const leave = watched ? leaveOn : {}

  const cancel = { CANCEL: { target: 'cancelled', actions: setUp.assign({ closeReason: ({ event }) => ('reason' in event ? (event.reason ?? null) : null) }) } }
  const forget = { type: 'setDeadline', params: ({ context }: { context: MovementContext }) => ({ name: RETENTION, rule: keptUntil(context) }) } as const

  return setUp.createMachine({
    id,
    context: ({ input }) => ({
      orgId: input.orgId,
      deadlines: {},
      movementId: input.movementId,
      number: input.number,
      kind: input.kind,
      personId: input.personId,
      effectiveOn: input.effectiveOn,
      effectiveAt: input.effectiveAt,
      fromClassId: input.fromClassId ?? null,
      toClassId: input.toClassId ?? null,
      reason: input.reason ?? null,
      details: input.details ?? {},
      orderId: null,
      orderCancelled: false,
      reverseOrderId: null,
      begun: false,
      takenBack: false,
      blockedBy: null,
      steps: [],
      overdue: false,
      closeReason: null,
    }),
    initial: 'draft',
    states: {
      draft: { on: { ...cancel, SUBMIT: { target: 'awaitingOrder' } } },
      awaitingOrder: {
        meta: { tasks: ['T-MOVE-ORDER'] },
        entry: { type: 'openTask', params: ({ context }) => ({ kind: 'T-MOVE-ORDER', values: { person: context.personId, movement: context.movementId, number: context.number } }) },
        on: {
          ...cancel,
          // BR-16: without an order nothing changes; BR-12 is asked again when the day comes.
          ORDER_ATTACHED: {
            guard: and([orderFits, 'administratorRemains']),
            target: 'scheduled',
            // A day in the past begins at once.
            actions: [attachOrder, { type: 'setDeadline', params: ({ context }) => ({ name: 'TIMER_EFFECTIVE', rule: { at: context.effectiveAt } }) }],
          },
        },
      },
      scheduled: {
        meta: { deadlines: ['TIMER_EFFECTIVE'], tasks: ['T-MOVE-BLOCKED'] },
        on: {
          ...cancel,
          TIMER_EFFECTIVE: { target: 'platformWork' },
          ORDER_CANCELLED: { guard: 'movementOrderIsOurs', target: 'awaitingOrder', actions: assign({ orderId: null, blockedBy: null }) },
          RETRY: { guard: 'movementBlocked', target: 'platformWork' },
        },
      },
      platformWork: {
        meta: { deadlines: ['TIMER_STEPS_DUE', ...leaveDeadlines], tasks: ['T-MOVE-STEPS', 'T-MOVE-REORDER', ...leaveTasks] },
        entry: setUp.enqueueActions(({ context, enqueue }) => enqueue(job(context.begun ? 'checkMovement' : 'beginMovement'))),
        on: {
          ...work,
          ...orderAfterwards,
          ...leave,
          STEPS_PLANNED: { guard: 'planIsForward', actions: takePlan },
          BLOCKED: [
            { guard: 'orderIsGone', target: 'awaitingOrder', actions: assign({ orderId: null, orderCancelled: false }) },
            {
              target: 'scheduled',
              actions: [
              setUp.assign({ blockedBy: ({ event }) => (event.type === 'BLOCKED' ? event.reason : null) }),
              setUp.enqueueActions(({ context, event, enqueue }) => {
                if (event.type !== 'BLOCKED') return
                enqueue({
                  type: 'openTask',
                  params: { kind: 'T-MOVE-BLOCKED', urgent: urgent.includes(context.kind), values: { person: context.personId, movement: context.movementId, number: context.number, block: event.reason, other: event.number ?? null } },
                })
              }),
              ],
            },
          ],
          ALL_STEPS_DONE: { guard: and(['registerChanged', 'noWorkLeft']), target: 'completed' },
          CLOSE_PARTIAL: { guard: and(['registerChanged', 'workLeft']), target: 'partiallyDone', actions: closed },
          OVERTAKEN: [{ guard: and(['registerChanged', 'noWorkLeft']), target: 'completed' }, { target: 'partiallyDone', actions: closed }],
        },
      },
      completed: {
        meta: { deadlines: [RETENTION, ...leaveDeadlines], tasks: ['T-MOVE-REORDER', ...leaveTasks] },
        entry: forget,
        on: { ...orderAfterwards, ...leave, STEPS_PLANNED: lateAnswer },
      },
      partiallyDone: {
        meta: { deadlines: [RETENTION, ...leaveDeadlines], tasks: ['T-MOVE-REORDER', ...leaveTasks] },
        entry: forget,
        on: { ...orderAfterwards, ...leave, STEPS_PLANNED: lateAnswer, RETRY: { target: 'platformWork', actions: assign({ closeReason: null }) } },
      },
      reversing: {
        meta: { deadlines: ['TIMER_STEPS_DUE'], tasks: ['T-MOVE-STEPS'] },
        entry: [assign({ steps: ({ context }) => withoutOpen(context.steps), overdue: false }), { type: 'closeTask', params: { kind: 'T-MOVE-STEPS' } }, job('reverseMovement')],
        on: {
          ...work,
          STEPS_PLANNED: { guard: 'planIsBackward', actions: takePlan },
          BLOCKED: { target: 'partiallyDone', actions: assign({ reverseOrderId: null, closeReason: ({ event }) => event.reason }) },
          ALL_STEPS_DONE: { guard: and(['registerRestored', 'noWorkLeft']), target: 'reversed' },
          CLOSE_PARTIAL: { guard: and(['registerRestored', 'workLeft']), target: 'reversed', actions: closed },
          OVERTAKEN: { target: 'reversed', actions: closed },
        },
      },
      reversed: { type: 'final' },
      cancelled: { type: 'final' },
    },
  })
}

/** Movement of a pupil: enrolment, transfer, departure, return (domain.md 7.6). */
export const studentMovement: ProcessDefinition = { kind: 'studentMovement', version: 1, machine: movementMachine('studentMovement', ['students']), events: movementEvents }

/** Movement of staff: hire, change of load and classes, long leave, departure (domain.md 7.6). */
export const staffMovement: ProcessDefinition = { kind: 'staffMovement', version: 1, machine: movementMachine('staffMovement', ['staff', 'main']), events: { ...movementEvents, ...leaveEvents } }
