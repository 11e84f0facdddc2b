import { initialTransition, transition } from 'xstate'
import { calendarOf, definitionOf } from '../machines/catalogue.ts'
import type { AnyEvent, Effect, OpenTask, QueueLetter, SettleLetter } from '../machines/effects.ts'
import type { HumanTaskContext } from '../machines/human-task.ts'
import { BEGAN, RETENTION } from '../machines/process.ts'
import type { Instant, Rule } from '../machines/rule.ts'
import { byHand, countedFrom, isByHand } from './by-hand.ts'
import { contextOf, liveIn, stateOf, withDeadlines, type Instance } from './instance.ts'
import type { Actor, EventResult, IncomingEvent, Job } from './messages.ts'
import { refusal } from './refusal.ts'

/** What goes into a step: events from outside, and timers that are due. Ids are unique within the cohort. */
export type StepInput = IncomingEvent

/** A line of the timeline: every accepted event, and events between instances that were not allowed. */
export interface TimelineLine {
  processId: string
  /** For a task: the instance it belongs to. */
  ownerId: string | null
  seq: number
  actor: Actor
  event: string
  from: string | null
  to: string
  applied: boolean
  clause: string | null
  note: Record<string, unknown> | null
}

/** A deadline to be counted; one that only reminds is too late a working day after its moment. */
export interface WantedDeadline {
  processId: string
  name: string
  rule: Rule
  reminder?: true
  /** It reminds pupils or guardians: school breaks stop it. */
  families?: true
  /** Set in summer it is twice as long. */
  summer?: true
}

export interface QueuedLetter extends QueueLetter {
  id: string
  processId: string
}

/** Everything a step decided, as data. Nothing has happened yet. */
export interface StepOutcome {
  /** Instances that changed, as they are now. The rest of the cohort is untouched. */
  changed: Instance[]
  results: EventResult[]
  timeline: TimelineLine[]
  deadlines: WantedDeadline[]
  letters: QueuedLetter[]
  cancelLetters: { processId: string; code: string | null }[]
  settleLetters: SettleLetter[]
  deliver: IncomingEvent[]
  jobs: Job[]
  startSchedules: boolean
}

interface Pending {
  to: string
  event: AnyEvent
  actor: Actor
  /** Present for what came from outside: it gets a result. */
  input?: StepInput
}

/**
 * One step of a cohort: takes events in order, lets the machines decide, and returns what follows from it. Pure:
 * the same cohort, inputs and instant give the same outcome, so a step can be taken again (replay, adoption of a
 * step that another worker recorded). `instances` is not changed.
 */
export function stepCohort(orgId: string, instances: ReadonlyMap<string, Instance>, inputs: readonly StepInput[], at: Instant): StepOutcome {
  const changed = new Map<string, Instance>()
  const outcome: StepOutcome = { changed: [], results: [], timeline: [], deadlines: [], letters: [], cancelLetters: [], settleLetters: [], deliver: [], jobs: [], startSchedules: false }
  const find = (id: string) => changed.get(id) ?? instances.get(id)
  const queue: Pending[] = []
  let lettersQueued = 0

  const put = (instance: Instance) => changed.set(instance.id, instance)

  // Built when first asked: most steps of a large cohort concern few of its tasks.
  let tasksByOwner: Map<string, Set<string>> | undefined
  const index = (task: Instance) => {
    const { owner } = task.snapshot.context as HumanTaskContext
    const of = tasksByOwner!.get(owner)
    if (of) of.add(task.id)
    else tasksByOwner!.set(owner, new Set([task.id]))
  }
  const tasksOf = (owner: string): Instance[] => {
    if (!tasksByOwner) {
      tasksByOwner = new Map()
      for (const instance of [...instances.values(), ...changed.values()]) if (instance.kind === 'humanTask') index(instance)
    }
    return [...(tasksByOwner.get(owner) ?? [])].map((id) => find(id)!).filter((task) => !task.ended)
  }

  const spawn = (id: string, kind: string, input: Record<string, unknown>, actor: Actor) => {
    if (find(id)) return
    const { machine } = definitionOf(kind)
    const [snapshot, actions] = initialTransition(machine, { orgId, ...input })
    const instance: Instance = { id, kind, snapshot, seq: 1, ended: snapshot.status === 'done' }
    put(instance)
    if (kind === 'humanTask' && tasksByOwner) index(instance)
    outcome.timeline.push(lineFor(instance, BEGAN, null, actor, true, null, null))
    perform(instance, actions as unknown as Effect[], actor)
  }

  const openTask = (opener: Instance, params: OpenTask, actor: Actor) => {
    const owner = params.owner ?? opener.id
    const same = (task: Instance) => {
      const context = task.snapshot.context as HumanTaskContext
      return context.kind === params.kind && context.key === (params.key ?? '')
    }
    if (tasksOf(owner).some(same)) return
    // Named after the step that opened it: the same on every replay, never twice. A task opened again keeps its name.
    const attempt = params.attempt ?? 1
    const id = attempt > 1 ? `${opener.id.replace(/~\d+$/, '')}~${attempt}` : `task:${opener.id}:${opener.seq}:${params.kind}${params.key ? `:${params.key}` : ''}`
    spawn(id, 'humanTask', { ...params, owner }, actor)
  }

  const perform = (instance: Instance, actions: readonly Effect[], actor: Actor) => {
    for (const effect of actions) {
      switch (effect.type) {
        case 'setDeadline':
          want(instance, effect.params.name, effect.params.rule)
          break
        case 'clearDeadline':
          dropDeadlines(instance.id, (name) => name === effect.params.name)
          break
        case 'openTask':
          openTask(instance, effect.params, actor)
          break
        case 'closeTask':
          cancelTasks(instance.id, (task) => task.kind === effect.params.kind && (effect.params.key === undefined || task.key === effect.params.key))
          break
        case 'reassignTask':
          for (const task of tasksOf(instance.id)) {
            if ((task.snapshot.context as HumanTaskContext).kind === effect.params.kind) take({ to: task.id, event: { type: 'REASSIGN', to: effect.params.to }, actor: { kind: 'process' } })
          }
          break
        case 'queueLetter':
          outcome.letters.push({ ...effect.params, id: `letter.${instance.id.replaceAll(':', '.')}.${instance.seq}.${lettersQueued++}`, processId: instance.id })
          break
        case 'cancelLetters':
          takeLettersBack(instance.id, effect.params.code ?? null)
          break
        case 'settleLetter':
          outcome.settleLetters.push(effect.params)
          break
        case 'tell':
          for (const to of [effect.params.to].flat()) queue.push({ to, event: effect.params.event, actor: speakerOf(effect.params.event, actor) })
          break
        case 'deliver':
          outcome.deliver.push({
            id: `${instance.id}:${instance.seq}:${outcome.deliver.length}`,
            to: effect.params.to,
            event: effect.params.event,
            actor: { kind: 'process' },
          })
          break
        case 'spawn':
          spawn(effect.params.id, effect.params.kind, effect.params.input, actor)
          break
        case 'runJob':
          outcome.jobs.push({ id: `${instance.id}:${instance.seq}:${effect.params.job}`, processId: instance.id, job: effect.params.job, params: effect.params.params ?? {} })
          break
        case 'startSchedules':
          outcome.startSchedules = true
          break
      }
    }
  }

  const want = ({ id, kind, snapshot }: Instance, name: string, rule: Rule) => outcome.deadlines.push({ processId: id, name, rule, ...calendarOf(kind, name, snapshot.context) })

  /** Takes a deadline away, whether it stands in the context or was set earlier in this step. */
  const dropDeadlines = (id: string, which: (name: string) => boolean) => {
    outcome.deadlines = outcome.deadlines.filter((deadline) => deadline.processId !== id || !which(deadline.name))
    const instance = find(id)!
    const { deadlines } = contextOf(instance)
    if (!Object.keys(deadlines).some(which)) return
    put(withDeadlines(instance, Object.fromEntries(Object.entries(deadlines).filter(([name]) => !which(name)))))
  }

  /** Takes letters back, those of earlier steps and those this one has queued: after an outage a reminder and the end it speaks of fall together. */
  const takeLettersBack = (processId: string, code: string | null) => {
    outcome.letters = outcome.letters.filter((letter) => letter.processId !== processId || (code !== null && letter.code !== code))
    outcome.cancelLetters.push({ processId, code })
  }

  const cancelTasks = (owner: string, which: (task: HumanTaskContext) => boolean) => {
    for (const task of tasksOf(owner)) {
      if (which(task.snapshot.context as HumanTaskContext)) take({ to: task.id, event: { type: 'CANCEL' }, actor: { kind: 'process' } })
    }
  }

  const lineFor = (instance: Instance, event: string, from: string | null, actor: Actor, applied: boolean, clause: string | null, note: Record<string, unknown> | null): TimelineLine => ({
    processId: instance.id,
    ownerId: instance.kind === 'humanTask' ? (instance.snapshot.context as HumanTaskContext).owner : null,
    seq: instance.seq,
    actor,
    event,
    from,
    to: stateOf(instance.snapshot),
    applied,
    clause,
    note,
  })

  /** A line for what came at the wrong time and changes nothing. */
  const noteOnly = (instance: Instance, event: string, actor: Actor) => {
    const noted = { ...instance, seq: instance.seq + 1 }
    put(noted)
    outcome.timeline.push(lineFor(noted, event, stateOf(instance.snapshot), actor, false, null, null))
  }

  const ownerOf = (instance: Instance | undefined) => (instance?.kind === 'humanTask' ? find((instance.snapshot.context as HumanTaskContext).owner) : undefined)

  /** Ends what the state does not declare as live: deadlines and open tasks. */
  const settle = (id: string) => {
    const instance = find(id)!
    const live = instance.ended ? { deadlines: new Set<string>(), tasks: new Set<string>() } : liveIn(instance.snapshot)
    dropDeadlines(id, (name) => !live.deadlines.has(name))
    cancelTasks(id, (task) => !live.tasks.has(task.kind))
  }

  const take = ({ to, event, actor, input }: Pending): void => {
    const instance = find(to)
    const why = refusal(instance, event, at, input && ownerOf(instance))
    if (why) {
      if (input) outcome.results.push({ id: input.id, ...why })
      // Events between instances that are not allowed are noted and dropped (design.md, answer 9).
      else if (instance && event.type !== 'LETTER_ACCEPTED') noteOnly(instance, event.type, actor)
      return
    }
    const before = instance!
    const definition = definitionOf(before.kind)
    // The line comes before those of what follows from it: tasks opened, others told.
    const note = (next: Instance) => {
      put(next)
      outcome.timeline.push(lineFor(next, event.type, stateOf(before.snapshot), actor, true, definition.events[event.type]?.clause ?? null, noteOf(event)))
      if (input) outcome.results.push({ id: input.id, accepted: true, state: stateOf(next.snapshot), seq: next.seq })
    }
    if (isByHand(event)) {
      note({ ...before, seq: before.seq + 1 })
      // What a person moves or stops is not set again by what came before in this step.
      if (event.type !== 'CALENDAR_CHANGED') dropDeadlines(to, (name) => name === event.name)
      const after = withDeadlines(find(to)!, byHand(before, event, at))
      put(after)
      // An escalation never comes before what it escalates.
      if (event.type === 'MOVE_DEADLINE') for (const name of countedFrom(after, String(event.name))) want(after, name, contextOf(after).deadlines[name]!.rule)
    } else {
      const [snapshot, actions] = transition(definition.machine, before.snapshot, { ...event, now: at })
      const next: Instance = { ...before, snapshot, seq: before.seq + 1, ended: snapshot.status === 'done' }
      note(next)
      perform(next, actions as unknown as Effect[], actor)
    }
    settle(to)
  }

  for (const input of inputs) {
    if (input.event.type === 'SPAWN') {
      const { id, kind, input: given } = input.event as unknown as { id: string; kind: string; input: Record<string, unknown> }
      spawn(id, kind, given, input.actor)
      outcome.results.push({ id: input.id, accepted: true, state: stateOf(find(id)!.snapshot), seq: find(id)!.seq })
    } else if (input.actor.kind === 'timer') {
      fire(input)
    } else take({ to: input.to, event: input.event, actor: input.actor, input })
    // What the machines say to each other belongs to the same step, in the order it was said.
    for (let next = queue.shift(); next; next = queue.shift()) take(next)
  }

  /** A due deadline: it is taken out of the context first, so it fires once. */
  function fire(input: StepInput): void {
    const instance = find(input.to)
    const name = input.event.type
    const deadline = instance && contextOf(instance).deadlines[name]
    // Moved, stopped, set anew or gone with its state since it was found due: it does not fire.
    if (!deadline || instance.ended || deadline.at !== input.event.due) return
    if (outcome.deadlines.some((wanted) => wanted.processId === instance.id && wanted.name === name)) return
    dropDeadlines(instance.id, (other) => other === name)
    if (deadline.staleAt !== undefined && deadline.staleAt < at) noteOnly(find(input.to)!, name, input.actor)
    else if (name === RETENTION) {
      const ended = { ...find(input.to)!, ended: true, seq: instance.seq + 1 }
      put(ended)
      outcome.timeline.push(lineFor(ended, name, stateOf(ended.snapshot), input.actor, true, null, null))
      settle(input.to)
    } else take({ to: input.to, event: input.event, actor: input.actor })
  }

  outcome.changed = [...changed.values()]
  return outcome
}

/** Who stands behind an event between instances: the person who acted (a completed task names them), the invited person, else the process. */
function speakerOf({ by }: AnyEvent, cause: Actor): Actor {
  if (typeof by === 'string') return { kind: 'person', personId: by }
  return cause.kind === 'recipient' ? cause : { kind: 'process' }
}

/** What a timeline line keeps of an event beside its name: the reason and references, never sealed texts. */
function noteOf(event: AnyEvent): Record<string, unknown> | null {
  const { type: _type, facts: _facts, by: _by, now: _now, due: _due, url: _url, evidence, ...rest } = event
  const note = { ...rest, ...(evidence && typeof evidence === 'object' ? withoutUrl(evidence as Record<string, unknown>) : {}) }
  return Object.keys(note).length > 0 ? note : null
}

function withoutUrl({ url: _url, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest
}
