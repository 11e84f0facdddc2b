import { tellChange } from '../../db/changes.ts'
import { inSchool, violatedRule, type Database, type Queryable } from '../../db/connection.ts'
import { settleByPerson } from '../../db/letter-decision.ts'
import * as recording from '../../db/recording.ts'
import { insertHandled, insertStep, lockCohort, readHandled, readStep, type StoredStep } from '../../db/steps.ts'
import type { HumanTaskContext } from '../../machines/human-task.ts'
import { tellsOwner } from '../../machines/letter-catalogue.ts'
import type { ProcessContext } from '../../machines/process.ts'
import { taskKind } from '../../machines/task-catalogue.ts'
import type { EventResult, IncomingEvent } from '../../workflows/messages.ts'
import type { RecordedInstance, RecordStep, ResolvedDeadlines, StepRecorded } from '../contract.ts'
import { schoolCalendar } from '../school-calendar.ts'
import { projections } from './projections.ts'
import { resolveDeadlines } from './resolve-deadlines.ts'

/**
 * Records one step of a cohort in one transaction: what went in, what every instance became, its deadlines as
 * instants, tasks, letters, the timeline. Safe to repeat: the step's number is its key, and a repeat is answered
 * with what stands (docs/decisions/0001-step-log.md).
 */
export async function recordStep(db: Database, step: RecordStep): Promise<StepRecorded> {
  try {
    return await record(db, step)
  } catch (error) {
    const guard = guardOf[violatedRule(error) ?? '']
    if (guard === undefined) throw error
    return { outcome: 'conflict', guard }
  }
}

/** Rules kept by unique indexes, and the guards that asked before: two cohorts can ask at once. */
const guardOf: Readonly<Record<string, string>> = { invitations_live: 'noLiveInvitation', processes_one_registration: 'noLiveRegistration', spaces_one: 'spaceIsNew' }

function record(db: Database, step: RecordStep): Promise<StepRecorded> {
  return inSchool(db, step.orgId, async (tx) => {
    const inputKey = keyOf(step)
    // Two workers may record for one cohort while one of them is being given up: the second sees all of the first.
    await lockCohort(tx, step.cohortId)
    const standing = await readStep(tx, step.cohortId, step.seq)
    if (standing) return answerWith(standing, inputKey)
    const handled = await readHandled<EventResult>(tx, step.cohortId, step.inputs.map(({ id }) => id))
    if (handled.length > 0) return { outcome: 'handled', results: handled }

    const resolved = step.deadlines.length > 0 ? resolveDeadlines(await schoolCalendar(tx), step.at, step.deadlines, step.anchors) : {}
    await insertStep(tx, { ...step, inputKey, resolved })
    await write(tx, step, step.changed.map((instance) => withResolved(instance, resolved)))
    await tellChange(tx, step.orgId, [...new Set(step.changed.map(({ id, kind, context }) => (kind === 'humanTask' ? (context as unknown as HumanTaskContext).owner : id)))])
    return { outcome: 'recorded', resolved }
  })
}

/** Same inputs at the same instant: the same step, for everything in it follows from them. */
const keyOf = ({ at, inputs }: RecordStep): string => [at, ...inputs.map(({ id }) => id)].join('\n')

function answerWith({ inputKey, inputs, at, resolved }: StoredStep, wanted: string): StepRecorded {
  if (inputKey === wanted) return { outcome: 'recorded', resolved: resolved as ResolvedDeadlines }
  return { outcome: 'adopt', inputs: inputs as IncomingEvent[], at: at.toISOString(), resolved: resolved as ResolvedDeadlines }
}

function withResolved(instance: RecordedInstance, resolved: ResolvedDeadlines): RecordedInstance {
  const context = instance.context as unknown as ProcessContext
  const deadlines = { ...context.deadlines }
  for (const [name, deadline] of Object.entries(resolved[instance.id] ?? {})) {
    if (deadline) deadlines[name] = deadline
    else delete deadlines[name]
  }
  return { ...instance, context: { ...instance.context, deadlines: instance.ended ? {} : deadlines } }
}

async function write(tx: Queryable, step: RecordStep, changed: RecordedInstance[]): Promise<void> {
  const { orgId, cohortId, at } = step
  const openedBy = step.inputs.find(({ actor }) => actor.personId)?.actor.personId ?? null
  const tasks = changed.filter(({ kind }) => kind === 'humanTask')
  const processes = changed.filter(({ kind }) => kind !== 'humanTask')

  await recording.upsertProcesses(tx, orgId, cohortId, at, processes.map((instance) => ({ ...instance, number: numberOf(instance), openedBy })))
  await recording.upsertTasks(tx, orgId, cohortId, at, tasks.map(taskRow))
  await recording.replaceDeadlines(tx, orgId, changed.map(({ id }) => id), changed.flatMap(deadlineRows))
  await recording.insertTimeline(tx, orgId, cohortId, at, step.timeline.map(({ actor, ...line }) => ({ ...line, actor: actor.kind, personId: actor.personId ?? null })))
  for (const { processId, code } of step.cancelLetters) await recording.cancelLetters(tx, at, processId, code)
  await recording.insertLetters(
    tx,
    orgId,
    cohortId,
    at,
    step.letters.map(({ to, values, urgent, ...letter }) => ({ ...letter, recipient: to, values: values ?? {}, urgent: urgent ?? false, outside: 'platform' in to, tells: tellsOwner(letter.code) })),
  )
  for (const [kind, project] of projections) {
    const instances = processes.filter((instance) => instance.kind === kind)
    if (instances.length > 0) await project(tx, { orgId, at, inputs: step.inputs }, instances)
  }
  await insertHandled(tx, orgId, cohortId, step.results)
  const told = step.inputs.flatMap(({ actor, event }) => (actor.kind === 'mail' && typeof event.letterId === 'string' ? [event.letterId] : []))
  if (told.length > 0) await recording.markTold(tx, at, told)
  // After that: a letter that goes out again is told of again.
  for (const { letterId, decision, by } of step.settleLetters) await settleByPerson(tx, letterId, decision, by, new Date(at))
  if (step.seq === 1) await recording.markRunning(tx, cohortId)
}

const numberOf = ({ context }: RecordedInstance): string | null => (typeof context.number === 'string' ? context.number : null)

function deadlineRows({ id, context }: RecordedInstance): recording.DeadlineRow[] {
  return Object.entries((context as unknown as ProcessContext).deadlines).map(([name, { at, rule, from, provisional }]) => ({ processId: id, name, at, rule, countedFrom: from, provisional: provisional ?? false }))
}

function taskRow({ id, state, seq, ended, context }: RecordedInstance): recording.TaskRow {
  const task = context as unknown as HumanTaskContext
  const { roles } = taskKind(task.kind)
  return {
    id,
    ownerId: task.owner,
    kind: task.kind,
    key: task.key,
    state,
    roles: [...new Set([...roles, ...task.extraRoles])],
    assignee: task.assignee,
    dueAt: task.deadlines.TIMER_DUE?.at ?? null,
    urgent: task.urgent,
    overdue: task.overdue,
    escalated: task.escalated,
    snoozedUntil: task.snoozedUntil,
    values: task.values,
    attempt: task.attempt,
    outcome: task.outcome,
    seq,
    ended,
  }
}
