/**
 * What a step does, in the order of the work: rights first (BR-17), then what adds, so that nobody is left without a
 * class, then chats change hands, and last what removes (domain.md 7.6).
 */
export const stepActions = ['rights', 'add', 'handover', 'remove'] as const
export type StepAction = (typeof stepActions)[number]

export const stepStates = ['open', 'done', 'alreadyDone', 'failed', 'void'] as const
export type StepState = (typeof stepStates)[number]

/** One thing to be done on the platform for one person. */
export interface MovementStep {
  /** Names what is done to whom: the same work has the same id. */
  id: string
  action: StepAction
  person: string
  space: string | null
  /** The class it is about, where there is no space. */
  class: string | null
  /** The instance whose own work it is (an assignment, a chat): it says when it is done. */
  via: string | null
  state: StepState
  /** Why it failed. */
  reason: string | null
}

/** What a person says of a step. */
export interface StepResult {
  step: string
  result: 'done' | 'alreadyDone' | 'failed'
  reason?: string
}

const isOpen = ({ state }: MovementStep) => state === 'open' || state === 'failed'

/** The part of the work that is at hand: the first with something left to do, failed steps included. Null when all is done. */
export function phaseOf(steps: readonly MovementStep[]): StepAction | null {
  return stepActions.find((action) => steps.some((step) => step.action === action && isOpen(step))) ?? null
}

/** Whether people have something to do themselves in this part of the work. */
export const needsHands = (steps: readonly MovementStep[], phase: StepAction): boolean => steps.some((step) => step.action === phase && isOpen(step) && step.via === null)

/** The step, if it waits to be done. */
export const openStep = (steps: readonly MovementStep[], id: string): MovementStep | undefined => steps.find((step) => step.id === id && isOpen(step))

/** Whether it may be said of the step now that it is done: it belongs to the part at hand, or another instance looks after it and began when it was planned. */
export function isDue(steps: readonly MovementStep[], id: string): boolean {
  const step = openStep(steps, id)
  return step !== undefined && (step.via !== null || step.action === phaseOf(steps))
}

/** The list after what was said of some of its steps. */
export function withResults(steps: readonly MovementStep[], results: readonly StepResult[]): MovementStep[] {
  const said = new Map(results.map((result) => [result.step, result]))
  return steps.map((step) => {
    const found = isOpen(step) ? said.get(step.id) : undefined
    return found ? { ...step, state: found.result, reason: found.reason ?? null } : step
  })
}

/** A plan on top of what has been done: what is settled stays, what was open and is no longer asked for is void. */
export function withPlan(steps: readonly MovementStep[], planned: readonly Omit<MovementStep, 'state' | 'reason'>[]): MovementStep[] {
  const wanted = new Set(planned.map(({ id }) => id))
  const failed = new Map(steps.filter(({ state }) => state === 'failed').map((step) => [step.id, step]))
  return [...withoutOpen(steps.filter(({ id }) => !wanted.has(id))), ...planned.map((step): MovementStep => failed.get(step.id) ?? { ...step, state: 'open', reason: null })]
}

/** The list with what is left of it (all of it, or the named steps) void. */
export const withoutOpen = (steps: readonly MovementStep[], ids?: readonly string[]): MovementStep[] =>
  steps.map((step) => (isOpen(step) && (ids === undefined || ids.includes(step.id)) ? { ...step, state: 'void' } : step))
