import type { AnyEvent } from '../../machines/effects.ts'
import type { HumanTaskContext } from '../../machines/human-task.ts'
import type { ProcessContext } from '../../machines/process.ts'
import { anchorOf, type Anchor, type Deadline, type Instant, type Rule } from '../../machines/rule.ts'
import type { Actor, EventResult, IncomingEvent, Job } from '../../workflows/messages.ts'
import { stateOf, withDeadlines, type Instance } from '../../workflows/instance.ts'
import { stepCohort, type QueuedLetter, type StepOutcome, type TimelineLine } from '../../workflows/step.ts'

const hour = 60 * 60 * 1000
const person: Actor = { kind: 'person', personId: 'p1' }

/**
 * A cohort without Temporal and PostgreSQL: the real step, deadlines by plain days, a clock that jumps. What a step
 * decided is kept for the rules to look at.
 */
export class SimulatedCohort {
  now: Instant = '2026-09-08T06:00:00.000Z'
  instances = new Map<string, Instance>()
  letters: QueuedLetter[] = []
  /** What was asked of others: work of activities, and events for instances of other cohorts. Theirs to answer. */
  jobs: Job[] = []
  outbound: IncomingEvent[] = []
  timeline: TimelineLine[] = []
  /** What the last step was made of. */
  last: { inputs: IncomingEvent[]; at: Instant; before: ReadonlyMap<string, Instance>; outcome: StepOutcome } | undefined
  /** Called after every step. */
  onStep: () => void = () => {}
  #sent = 0

  spawn(id: string, kind: string, input: Record<string, unknown>): void {
    this.#step([{ id: `spawn:${id}`, to: id, event: { type: 'SPAWN', id, kind, input }, actor: person }])
  }

  /** Sends events within one step; a person's carry `by`. */
  send(events: { to: string; event: AnyEvent; actor?: Actor }[]): EventResult[] {
    return this.#step(
      events.map(({ to, event, actor = person }) => ({ id: `event:${(this.#sent += 1)}`, to, event: actor.personId ? { by: actor.personId, ...event } : event, actor })),
    ).results
  }

  /** Instances of the kind that the last step changed, or whose tasks it did: what it left as it was keeps the rules it kept. */
  touched(kind: string): Instance[] {
    const ids = new Set(this.last?.outcome.changed.flatMap(({ id, kind, snapshot }) => (kind === 'humanTask' ? [id, (snapshot.context as HumanTaskContext).owner] : [id])))
    return [...ids].map((id) => this.instances.get(id)!).filter((instance) => instance.kind === kind)
  }

  pass(hours: number): void {
    this.now = new Date(Date.parse(this.now) + hours * hour).toISOString()
    this.#fireDue()
  }

  /** Jumps to the earliest deadline and lets everything due fire. */
  passToDeadline(): void {
    const [next] = this.#deadlines().map(({ at }) => at).sort()
    if (next && next > this.now) this.now = next
    this.#fireDue()
  }

  all(kind: string): Instance[] {
    return [...this.instances.values()].filter((instance) => instance.kind === kind)
  }

  alive(kind: string): Instance[] {
    return this.all(kind).filter(({ ended }) => !ended)
  }

  stateOf(id: string): string | undefined {
    const found = this.instances.get(id)
    return found && stateOf(found.snapshot)
  }

  tasksOf(owner: string): HumanTaskContext[] {
    return this.alive('humanTask').map(({ snapshot }) => snapshot.context as HumanTaskContext).filter((task) => task.owner === owner)
  }

  #deadlines(): { id: string; name: string; at: Instant }[] {
    return [...this.instances.values()].filter(({ ended }) => !ended).flatMap(({ id, snapshot }) => Object.entries((snapshot.context as ProcessContext).deadlines).map(([name, { at }]) => ({ id, name, at })))
  }

  #fireDue(): void {
    const due = this.#deadlines().filter(({ at }) => at <= this.now).sort((a, b) => (a.at < b.at ? -1 : 1))
    if (due.length > 0) this.#step(due.map(({ id, name, at }) => ({ id: `timer:${id}:${name}:${at}`, to: id, event: { type: name, due: at }, actor: { kind: 'timer' } })))
  }

  #step(inputs: IncomingEvent[]): StepOutcome {
    const before = this.instances
    const outcome = stepCohort('org1', before, inputs, this.now)
    this.last = { inputs, at: this.now, before, outcome }
    this.instances = new Map(before)
    for (const instance of outcome.changed) this.instances.set(instance.id, instance)
    this.#resolve(outcome)
    this.timeline.push(...outcome.timeline)
    this.letters.push(...outcome.letters)
    this.jobs.push(...outcome.jobs)
    this.outbound.push(...outcome.deliver)
    this.onStep()
    return outcome
  }

  #resolve({ deadlines }: StepOutcome): void {
    const wanted = new Map(deadlines.map((deadline) => [`${deadline.processId} ${deadline.name}`, deadline]))
    const found = new Map<string, Deadline | null>()
    const resolve = (key: string): Deadline | null | undefined => {
      const deadline = wanted.get(key)
      if (!deadline) {
        const [id, name] = key.split(' ') as [string, string]
        return (this.instances.get(id)?.snapshot.context as ProcessContext | undefined)?.deadlines[name]
      }
      if (!found.has(key)) found.set(key, count(deadline.rule, this.now, instantOf(anchorOf(deadline.rule), deadline.processId)))
      return found.get(key)
    }
    const instantOf = (anchor: Anchor | undefined, id: string): Instant | undefined =>
      anchor === undefined ? this.now : typeof anchor === 'string' ? anchor : resolve(`${anchor.of ?? id} ${anchor.deadline}`)?.at
    for (const [key, { processId, name }] of wanted) {
      const deadline = resolve(key)
      const instance = this.instances.get(processId)!
      const { [name]: _old, ...rest } = (instance.snapshot.context as ProcessContext).deadlines
      this.instances.set(processId, withDeadlines(instance, deadline ? { ...rest, [name]: deadline } : rest))
    }
  }
}

/** A rule by plain days of 24 hours: which day of the week it is does not matter here. Null: a reminder that is too late. */
function count(rule: Rule, now: Instant, from: Instant | undefined): Deadline | null {
  if ('at' in rule) return { at: rule.at, rule, from: now }
  if (from === undefined) return null
  const later = (hours: number): Deadline => ({ at: new Date(Date.parse(from) + hours * hour).toISOString(), rule, from })
  if ('termDays' in rule) return later(rule.termDays * 24)
  if ('workingDays' in rule) return later(rule.workingDays * 24)
  if ('workingHours' in rule) return later(rule.workingHours)
  if ('days' in rule) return later(rule.days * 24)
  const reminder = 'midwayTo' in rule ? { at: new Date((Date.parse(now) + Date.parse(from)) / 2).toISOString(), rule, from } : later(-24 * rule.workingDaysBefore)
  return reminder.at > now ? reminder : null
}

