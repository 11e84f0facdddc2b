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
import { outcomeEventId } from '../machines/letter.ts'
import type { ProcessContext } from '../machines/process.ts'
import { anchorOf, type Deadline, type Instant } from '../machines/rule.ts'
import { Alarm } from './alarm.ts'
import { Answers } from './answers.ts'
import { contextOf, restoreInstance, stateOf, storedInstance, withDeadlines, type Instance } from './instance.ts'
import { ALL_REFUSED, cohortQuery, deliverUpdate, MOVING, type Actor, type CohortInput, type Errand, type EventResult, type IncomingEvent, type Job } from './messages.ts'
import { refusal } from './refusal.ts'
import { stepCohort, type StepOutcome } from './step.ts'

const { recordStep, endCohort } = proxyLocalActivities<CohortActivities>({
  startToCloseTimeout: '20 seconds',
  // Beyond this the server keeps the back-off, so an outage of PostgreSQL does not hold the workflow task.
  localRetryThreshold: '3 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds' },
})
const { sendLetters, deliverEvents, runJob, startSchedules } = proxyActivities<CohortActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '90 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
})

/** Temporal refuses more than 2,000 updates in one run. */
const updatesPerRun = 1_500

/**
 * Runs a cohort: the instances that belong together, each a machine of the catalogue, until the last has ended
 * (design.md, "The host"). Everything goes through one mailbox and one step at a time.
 */
export async function cohort(input: CohortInput): Promise<void> {
  const { orgId, cohortId, carried } = input
  const instances = new Map<string, Instance>((carried?.instances ?? []).map((stored) => [stored.id, restoreInstance(stored)]))
  const answers = new Answers(carried?.handled ?? [])
  const alarm = new Alarm()
  const errands = new Set<Errand>()
  let mailbox: IncomingEvent[] = []
  let seq = carried?.seq ?? 0
  /** The last step that PostgreSQL was seen to have: more than `seq` after a crash or a restore of Temporal's store. */
  let recorded = 0
  let mailAt: Instant | null = carried?.mailAt ?? null
  let mailing = false
  let updates = 0
  let begun = carried !== undefined
  let moving = false

  const nowIso = () => new Date().toISOString()
  const ownerOf = (instance: Instance | undefined) =>
    instance?.kind === 'humanTask' ? instances.get((instance.snapshot.context as HumanTaskContext).owner) : undefined
  const refusalOf = ({ id, to, event }: IncomingEvent): EventResult | null => {
    const why = refusal(instances.get(to), event, nowIso(), ownerOf(instances.get(to)))
    return why && { id, ...why }
  }

  setHandler(
    deliverUpdate,
    async (events: IncomingEvent[], standing = 0) => {
      updates += 1
      recorded = Math.max(recorded, standing)
      // What was answered before is read now: it may be forgotten while the rest is stepped.
      const known = new Map(events.flatMap(({ id }) => (answers.has(id) ? [[id, answers.get(id)!]] : [])))
      const fresh = events.filter(({ id }) => !known.has(id))
      mailbox.push(...fresh)
      await condition(() => begun && fresh.every(({ id }) => answers.has(id)))
      return events.map(({ id }) => known.get(id) ?? answers.get(id)!)
    },
    {
      validator: (events: IncomingEvent[], standing = 0) => {
        if (moving) throw refused(MOVING, 'the next run takes it')
        // Before the first step nothing lives here yet; what the cohort begins with decides about these events.
        if (!begun) return
        // Nor is anything refused for a state that PostgreSQL, which people read, has left: it is caught up with first.
        if (standing > seq) return
        if (events.length === 0 || events.some(({ id }) => answers.has(id))) return
        const refusals = events.map(refusalOf)
        if (refusals.every((found) => found !== null)) throw refused(ALL_REFUSED, 'no event is legal now', refusals)
      },
    },
  )
  setHandler(cohortQuery, () => ({
    seq,
    alive: [...instances.values()].map(({ id, kind, snapshot }) => ({ id, kind, state: stateOf(snapshot), deadlines: instantsOf(snapshot.context as ProcessContext) })),
    waitingFor: earliest(),
  }))

  if (!carried) {
    const actor: Actor = input.openedBy === undefined ? { kind: 'process' } : { kind: 'person', personId: input.openedBy }
    mailbox.unshift(...input.start.map((spawn) => ({ id: `start:${spawn.id}`, to: spawn.id, event: { type: 'SPAWN', ...spawn }, actor })), ...input.events)
  }

  for (const errand of carried?.errands ?? []) runErrand(errand)

  for (;;) {
    if (!begun || mailbox.length > 0 || dueTimers().length > 0 || recorded > seq) await step()
    begun = true
    if (mailIsDue()) void mail()
    const next = earliest()
    if (next !== null) alarm.set(next)
    if (isOver()) break
    if (workflowInfo().continueAsNewSuggested || updates >= updatesPerRun) await moveOn()
    await condition(() => alarm.rang || mailbox.length > 0 || recorded > seq || mailIsDue() || isOver())
    alarm.rang = false
  }
  await endCohort({ orgId, cohortId })
  await emptyHanded()

  /** Nothing lives, nothing waits, nothing is on its way. */
  function isOver(): boolean {
    return begun && instances.size === 0 && mailbox.length === 0 && mailAt === null && !mailing && errands.size === 0
  }

  /** Until nobody waits for an answer: events that came at the last moment are stepped too. */
  async function emptyHanded(): Promise<void> {
    do {
      if (mailbox.length > 0) await step()
      await condition(() => mailbox.length > 0 || allHandlersFinished())
    } while (mailbox.length > 0)
  }

  /**
   * Continues as new, carrying only what lives. Updates are turned away meanwhile, without a trace, to come again to the
   * next run; effects on their way are not waited for (minutes, with a slow mail server): the next run begins them
   * again, and every one of them is safe to repeat.
   */
  async function moveOn(): Promise<void> {
    moving = true
    await emptyHanded()
    await continueAsNew<typeof cohort>({
      orgId,
      cohortId,
      start: [],
      events: [],
      carried: { seq, instances: [...instances.values()].map(storedInstance), handled: answers.latest(), mailAt: mailing ? nowIso() : mailAt, errands: [...errands] },
    })
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

  /** Takes everything that waits as one step. */
  async function step(): Promise<void> {
    const inputs = [...mailbox, ...dueTimers()]
    mailbox = []
    await take(inputs)
  }

  /** Takes these events as one step, and one more for each step found to be there already. */
  async function take(events: IncomingEvent[]): Promise<void> {
    let inputs = events
    for (;;) {
      const seen = new Set<string>()
      inputs = inputs.filter(({ id }) => !answers.has(id) && !seen.has(id) && seen.add(id))
      if (inputs.length === 0 && recorded <= seq) return
      const at = nowIso()
      const outcome = stepCohort(orgId, instances, inputs, at)
      const answer = await recordStep(toRecord(outcome, inputs, at))
      switch (answer.outcome) {
        case 'recorded':
          return apply(outcome, inputs, answer.resolved)
        case 'adopt':
          apply(stepCohort(orgId, instances, answer.inputs, answer.at), answer.inputs, answer.resolved)
          break
        case 'handled':
          answers.keep(answer.results)
          break
        case 'conflict':
          // One of them is too many: each is taken alone, and the one that still breaks the rule is refused.
          if (inputs.length === 1) return answers.keep([{ id: inputs[0]!.id, accepted: false, reason: 'guard', state: null, allowed: [], guards: [answer.guard] }])
          for (const input of inputs) await take([input])
          return
      }
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
    const changed = outcome.changed.map((instance) => ({ ...storedInstance(instance), state: stateOf(instance.snapshot), ended: instance.ended }))
    const { results, timeline, deadlines, letters, cancelLetters, settleLetters } = outcome
    return { orgId, cohortId, seq: seq + 1, at, inputs, changed, results, timeline, deadlines, anchors, letters, cancelLetters, settleLetters }
  }

  /** The step stands: the cohort becomes what it decided, and its effects begin. */
  function apply(outcome: StepOutcome, inputs: IncomingEvent[], resolved: ResolvedDeadlines): void {
    seq += 1
    for (const instance of outcome.changed) {
      if (instance.ended) instances.delete(instance.id)
      else instances.set(instance.id, assign(instance, resolved[instance.id]))
    }
    answers.keep(outcome.results)
    for (const { id, actor } of inputs) if (actor.kind !== 'timer' && !answers.has(id)) throw new Error(`no result for event ${id}`)
    if (outcome.letters.length > 0 || outcome.settleLetters.some(({ decision }) => decision === 'sendAgain')) mailAt = nowIso()
    if (outcome.deliver.length > 0) runErrand({ deliver: outcome.deliver })
    for (const job of outcome.jobs) runErrand({ job })
    if (outcome.startSchedules) runErrand({ startSchedules: true })
  }

  /** One mail activity at a time; what it learned comes back as events to the letters' owners, in one batch. */
  async function mail(): Promise<void> {
    mailing = true
    mailAt = null
    const { outcomes, nextAt } = await sendLetters({ orgId, cohortId })
    mailing = false
    mailAt = sooner(mailAt, nextAt)
    for (const { letterId, processId, outcome, attempts } of outcomes) {
      mailbox.push({ id: outcomeEventId(letterId, outcome, attempts), to: processId, event: { type: `LETTER_${outcome.toUpperCase()}`, letterId }, actor: { kind: 'mail' } })
    }
  }

  function mailIsDue(): boolean {
    return !mailing && mailAt !== null && mailAt <= nowIso()
  }

  /** Does what goes beyond this cohort, beside its steps. */
  function runErrand(errand: Errand): void {
    errands.add(errand)
    const done = 'deliver' in errand ? deliverEvents(errand.deliver) : 'job' in errand ? work(errand.job) : startSchedules({ orgId })
    void done.then(() => errands.delete(errand))
  }

  /** What a job found out or did comes back as an event of its own. */
  async function work(job: Job): Promise<void> {
    const event = await runJob({ orgId, ...job })
    mailbox.push({ id: job.id, to: job.processId, event, actor: { kind: 'process' } })
  }
}

const refused = (type: string, message: string, ...details: unknown[]) => ApplicationFailure.create({ type, message, nonRetryable: true, details })

const sooner = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null || a < b ? a : b)

const instantsOf = ({ deadlines }: ProcessContext): Record<string, Instant> => Object.fromEntries(Object.entries(deadlines).map(([name, { at }]) => [name, at]))

/** The instance with the instants that its rules turned out to be. */
function assign(instance: Instance, resolved: Record<string, Deadline | null> | undefined): Instance {
  if (!resolved) return instance
  const deadlines = { ...contextOf(instance).deadlines }
  for (const [name, deadline] of Object.entries(resolved)) {
    if (deadline) deadlines[name] = deadline
    else delete deadlines[name]
  }
  return withDeadlines(instance, deadlines)
}
