import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { CohortActivities, ResolvedDeadlines } from '../activities/contract.ts'
import type { HumanTaskContext } from '../machines/human-task.ts'
import { definitionOf } from '../machines/catalogue.ts'
import type { ProcessContext } from '../machines/process.ts'
import { anchorOf, type Deadline, type Instant } from '../machines/rule.ts'
import { Alarm } from './alarm.ts'
import { ALL_REFUSED, cohortQuery, deliverUpdate, type CohortInput, type EventResult, type IncomingEvent } from './messages.ts'
import { refusal, restoreInstance, stateOf, stepCohort, withDeadlines, type Instance, type StepOutcome } from './step.ts'

const { recordStep, endCohort } = proxyLocalActivities<CohortActivities>({
  startToCloseTimeout: '20 seconds',
  // Beyond this the server keeps the back-off, so an outage of PostgreSQL does not hold the workflow task.
  localRetryThreshold: '3 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds' },
})
const { sendLetters, deliverEvents, startSchedules } = proxyActivities<CohortActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '90 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
})

/** Answers kept within a run: more than one step can hold. */
const remembered = 2_000
/** Answers carried over: Temporal forgets update ids at continue-as-new. Older ones PostgreSQL knows. */
const carriedOver = 500
/** Temporal refuses more than 2,000 updates in one run. */
const updatesPerRun = 1_500

/**
 * Runs a cohort: the instances that belong together, each a machine of the catalogue, until the last has ended
 * (design.md, "The host"). Everything goes through one mailbox and one step at a time.
 */
export async function cohort(input: CohortInput): Promise<void> {
  const { orgId, cohortId, carried } = input
  const instances = new Map<string, Instance>((carried?.instances ?? []).map((stored) => [stored.id, restoreInstance(stored)]))
  const handled = new Map<string, EventResult>((carried?.handled ?? []).map((result) => [result.id, result]))
  const alarm = new Alarm()
  let mailbox: IncomingEvent[] = []
  let seq = carried?.seq ?? 0
  let mailAt: Instant | null = carried?.mailAt ?? null
  let mailing = false
  let effectsInFlight = 0
  let updates = 0
  let begun = carried !== undefined

  const nowIso = () => new Date().toISOString()
  const ownerOf = (instance: Instance | undefined) =>
    instance?.kind === 'humanTask' ? instances.get((instance.snapshot.context as HumanTaskContext).owner) : undefined
  const refusalOf = ({ id, to, event }: IncomingEvent): EventResult | null => {
    const why = refusal(instances.get(to), event, nowIso(), ownerOf(instances.get(to)))
    return why && { id, ...why }
  }

  setHandler(
    deliverUpdate,
    async (events: IncomingEvent[]) => {
      updates += 1
      mailbox.push(...events)
      await condition(() => begun && events.every(({ id }) => handled.has(id)))
      return events.map(({ id }) => handled.get(id)!)
    },
    {
      validator: (events: IncomingEvent[]) => {
        // Before the first step nothing lives here yet; what the cohort begins with decides about these events.
        if (!begun) return
        if (events.length === 0 || events.some(({ id }) => handled.has(id))) return
        const refusals = events.map(refusalOf)
        if (refusals.every((refused) => refused !== null)) {
          throw ApplicationFailure.create({ type: ALL_REFUSED, message: 'no event is legal now', nonRetryable: true, details: [refusals] })
        }
      },
    },
  )
  setHandler(cohortQuery, () => ({
    seq,
    alive: [...instances.values()].map(({ id, kind, snapshot }) => ({ id, kind, state: stateOf(snapshot), deadlines: instantsOf(snapshot.context as ProcessContext) })),
    waitingFor: earliest(),
  }))

  if (!carried) {
    mailbox.unshift(...input.start.map((spawn) => ({ id: `start:${spawn.id}`, to: spawn.id, event: { type: 'SPAWN', ...spawn }, actor: { kind: 'process' } as const })), ...input.events)
  }

  for (;;) {
    if (!begun || mailbox.length > 0 || dueTimers().length > 0) await step()
    begun = true
    if (mailIsDue()) inBackground(mail)
    const next = earliest()
    if (next !== null) alarm.set(next)
    if (isOver()) break
    if (workflowInfo().continueAsNewSuggested || updates >= updatesPerRun) await moveOn()
    await condition(() => alarm.rang || mailbox.length > 0 || mailIsDue() || isOver())
    alarm.rang = false
  }
  await endCohort({ orgId, cohortId })
  await condition(allHandlersFinished)

  /** Nothing lives, nothing waits, nothing is on its way. */
  function isOver(): boolean {
    return begun && instances.size === 0 && mailbox.length === 0 && mailAt === null && effectsInFlight === 0
  }

  /** Continues as new, carrying only what lives, as soon as nothing is in flight. */
  async function moveOn(): Promise<void> {
    if (mailbox.length > 0 || effectsInFlight > 0) return
    await condition(allHandlersFinished)
    // A handler that ended meanwhile may have left an event: it is stepped first.
    if (mailbox.length > 0) return
    await continueAsNew<typeof cohort>({ orgId, cohortId, start: [], events: [], carried: { seq, instances: [...instances.values()].map(stored), handled: [...handled.values()].slice(-carriedOver), mailAt } })
  }

  function earliest(): Instant | null {
    let found: Instant | null = mailing ? null : mailAt
    for (const { snapshot } of instances.values()) {
      for (const { at } of Object.values((snapshot.context as ProcessContext).deadlines)) if (found === null || at < found) found = at
    }
    return found
  }

  /** Deadlines whose moment has come, in the order of their instants (domain.md 6.3). */
  function dueTimers(): IncomingEvent[] {
    const now = nowIso()
    const due: { at: Instant; event: IncomingEvent }[] = []
    for (const { id, snapshot } of instances.values()) {
      for (const [name, { at }] of Object.entries((snapshot.context as ProcessContext).deadlines)) {
        if (at <= now) due.push({ at, event: { id: `timer:${id}:${name}:${at}`, to: id, event: { type: name, due: at }, actor: { kind: 'timer' } } })
      }
    }
    return due.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.event.id < b.event.id ? -1 : 1)).map(({ event }) => event)
  }

  /** Takes everything that waits as one step, and one more for each step found to be there already. */
  async function step(): Promise<void> {
    let inputs = [...mailbox, ...dueTimers()]
    mailbox = []
    for (;;) {
      const seen = new Set(handled.keys())
      inputs = inputs.filter(({ id }) => !seen.has(id) && seen.add(id))
      if (inputs.length === 0) return
      const at = nowIso()
      const outcome = stepCohort(orgId, instances, inputs, at)
      const answer = await recordStep(toRecord(outcome, inputs, at))
      if (answer.outcome === 'recorded') return apply(outcome, inputs, answer.resolved)
      if (answer.outcome === 'adopt') {
        const found = stepCohort(orgId, instances, answer.inputs, answer.at)
        apply(found, answer.inputs, answer.resolved)
      } else for (const result of answer.results) remember(result)
    }
  }

  function toRecord(outcome: StepOutcome, inputs: IncomingEvent[], at: Instant) {
    const anchors: Record<string, Record<string, Instant>> = {}
    for (const { processId, rule } of outcome.deadlines) {
      const anchor = anchorOf(rule)
      if (typeof anchor !== 'object') continue
      const of = anchor.of ?? processId
      const instance = outcome.changed.find(({ id }) => id === of) ?? instances.get(of)
      if (instance) anchors[of] = instantsOf(instance.snapshot.context as ProcessContext)
    }
    const changed = outcome.changed.map((instance) => ({ ...stored(instance), state: stateOf(instance.snapshot), ended: instance.ended }))
    const { results, timeline, deadlines, letters, cancelLetters } = outcome
    return { orgId, cohortId, seq: seq + 1, at, inputs, changed, results, timeline, deadlines, anchors, letters, cancelLetters }
  }

  /** The step stands: the cohort becomes what it decided, and its effects begin. */
  function apply(outcome: StepOutcome, inputs: IncomingEvent[], resolved: ResolvedDeadlines): void {
    seq += 1
    for (const instance of outcome.changed) {
      if (instance.ended) instances.delete(instance.id)
      else instances.set(instance.id, assign(instance, resolved[instance.id]))
    }
    outcome.results.forEach(remember)
    for (const { id, actor } of inputs) if (actor.kind !== 'timer' && !handled.has(id)) throw new Error(`no result for event ${id}`)
    if (outcome.letters.length > 0) mailAt = nowIso()
    if (outcome.deliver.length > 0) inBackground(() => deliverEvents(outcome.deliver))
    if (outcome.startSchedules) inBackground(() => startSchedules({ orgId }))
  }

  function remember(result: EventResult): void {
    handled.set(result.id, result)
    if (handled.size <= remembered) return
    for (const id of handled.keys()) {
      if (handled.size <= remembered) break
      handled.delete(id)
    }
  }

  /** One mail activity at a time; what it learned comes back as events to the letters' owners, in one batch. */
  async function mail(): Promise<void> {
    mailing = true
    mailAt = null
    const { outcomes, nextAt } = await sendLetters({ orgId, cohortId })
    mailing = false
    mailAt = sooner(mailAt, nextAt)
    for (const { letterId, processId, outcome } of outcomes) {
      mailbox.push({ id: `${letterId}:${outcome}`, to: processId, event: { type: `LETTER_${outcome.toUpperCase()}`, letterId }, actor: { kind: 'mail' } })
    }
  }

  function mailIsDue(): boolean {
    return !mailing && mailAt !== null && mailAt <= nowIso()
  }

  function inBackground(effect: () => Promise<void>): void {
    effectsInFlight += 1
    void effect().finally(() => (effectsInFlight -= 1))
  }
}

const sooner = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null || a < b ? a : b)

const instantsOf = ({ deadlines }: ProcessContext): Record<string, Instant> => Object.fromEntries(Object.entries(deadlines).map(([name, { at }]) => [name, at]))

const stored = ({ id, kind, snapshot, seq }: Instance) => ({
  id,
  kind,
  version: definitionOf(kind).version,
  value: snapshot.value as unknown,
  context: snapshot.context as Record<string, unknown>,
  seq,
})

/** The instance with the instants that its rules turned out to be. */
function assign(instance: Instance, resolved: Record<string, Deadline | null> | undefined): Instance {
  if (!resolved) return instance
  const deadlines = { ...(instance.snapshot.context as ProcessContext).deadlines }
  for (const [name, deadline] of Object.entries(resolved)) {
    if (deadline) deadlines[name] = deadline
    else delete deadlines[name]
  }
  return withDeadlines(instance, deadlines)
}
