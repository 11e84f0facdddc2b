import type { FastifyRequest } from 'fastify'
import { readCalendarSettings } from '../db/calendar-settings.ts'
import { inSchool, type Queryable } from '../db/connection.ts'
import { findPerson } from '../db/people.ts'
import { findProcess } from '../db/process-queries.ts'
import { readHandled } from '../db/steps.ts'
import { findTask, type TaskRow } from '../db/task-queries.ts'
import { humanTask } from '../machines/human-task.ts'
import { taskKind } from '../machines/task-catalogue.ts'
import type { AnyEvent } from '../machines/effects.ts'
import { shortDateTime } from '../school/texts/format.ts'
import type { EventResult, IncomingEvent } from '../workflows/messages.ts'
import { bodyOf } from './allowed-events.ts'
import { may, sessionOf, type Session } from './authentication.ts'
import type { AppDeps } from './deps.ts'
import { invalidFields, Refusal } from './failures.ts'
import { factsFor } from './facts/index.ts'
import { fieldRules, refuseMisfit } from './field-rules.ts'
import { eventIdOf } from './idempotency.ts'
import { languageOf } from './language.ts'
import { namesOf } from './people-names.ts'
import { prepareFields } from './prepare-fields.ts'
import { refusalOf } from './refusals.ts'
import { isCandidate, isConcerned, isOpenTo, mayDo } from './task-rights.ts'

type Deps = Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>

/** A task the person may see: one who reads all, its assignee, a candidate. */
export async function seenTask(tx: Queryable, session: Session, id: string): Promise<TaskRow> {
  const task = await findTask(tx, id)
  const seen = task && (may(session, 'read') || task.assignee === session.personId || task.outcome?.by === session.personId || isOpenTo(session, task))
  if (!seen) throw new Refusal('notFound')
  return task
}

/** An event ready to be sent, or what became of it when an earlier request with this key sent it and died (F3). */
export type Prepared = { event: IncomingEvent } | { result: EventResult }

/** What a person does with one task; refused where the server knows better than the machine. */
export async function taskEvent(deps: Deps, request: FastifyRequest, tx: Queryable, id: string, { type, ...fields }: AnyEvent, path = ''): Promise<Prepared> {
  const session = sessionOf(request)
  const task = await seenTask(tx, session, id)
  const eventId = eventIdOf(request, id)
  const [result] = await readHandled<EventResult>(tx, task.cohortId, [eventId])
  if (result) return { result }
  if (task.closedAt) throw await closedRefusal(tx, task)
  if (isConcerned(session, task) && type !== 'REASSIGN') throw new Refusal('fourEyes')
  if (!mayDo(session, task)) {
    if (!isCandidate(session, task) || task.state !== 'claimed') throw new Refusal('forbidden')
    throw new Refusal('taskTaken', { params: { who: await nameOf(tx, task.assignee) } })
  }
  const body = bodyOf(humanTask.events[type])
  refuseMisfit(body, fields, path, languageOf(request))
  const rules = await fieldRules(tx, session.orgId, deps.keys)
  const event: AnyEvent = { type, ...prepareFields(body, fields, path, rules), by: session.personId }
  if (type === 'COMPLETE') Object.assign(event, await completion(deps, request, tx, task, fields.evidence as Record<string, unknown>, [path, 'evidence'].filter(Boolean).join('.')))
  if (type === 'REASSIGN') await refuseAssignee(tx, task, String(fields.to))
  return { event: { id: eventId, to: task.id, event, actor: { kind: 'person', personId: session.personId } } }
}

/** Evidence as it is stored, and the facts that the owner's guards will ask for. */
async function completion({ keys }: Deps, request: FastifyRequest, tx: Queryable, task: TaskRow, given: Record<string, unknown>, path: string) {
  const session = sessionOf(request)
  const spec = taskKind(task.kind)
  refuseMisfit(spec.evidence, given, path, languageOf(request))
  const evidence = prepareFields(spec.evidence, given, path, await fieldRules(tx, session.orgId, keys))
  const { type, ...fields } = spec.event(evidence as never, task.values)
  const owner = await findProcess(tx, task.ownerId)
  // As the owner hears it: with the key that tells several tasks of one kind apart.
  const facts = owner && (await factsFor({ tx, session, process: owner, fields: { ...fields, ...(task.key && { key: task.key }) } }, type))
  return { evidence, ...(facts && { facts }) }
}

/** The new assignee works here and is not the one the task is about. */
async function refuseAssignee(tx: Queryable, task: TaskRow, personId: string): Promise<void> {
  const person = await findPerson(tx, personId)
  if (!person) throw invalidFields({ code: 'personUnknown', path: 'to' })
  if (!person.memberships.some(({ kind, endedAt }) => kind === 'staff' && !endedAt)) throw invalidFields({ code: 'personNotStaff', path: 'to' })
  if (isConcerned({ personId }, task)) throw new Refusal('fourEyes')
}

/** What the second of two people hears: who closed the task and when (domain.md 6.1). */
async function closedRefusal(tx: Queryable, task: TaskRow): Promise<Refusal> {
  const by = task.outcome?.by
  const who = by ? await nameOf(tx, by) : 'служба'
  const { timezone } = await readCalendarSettings(tx)
  const when = shortDateTime(task.closedAt!, timezone)
  return new Refusal('taskClosed', { params: { who, when }, extras: { state: task.state, closedBy: by ? { id: by, name: who } : null, closedAt: task.closedAt!.toISOString() } })
}

const nameOf = async (tx: Queryable, id: string | null) => (await namesOf(tx, [id])).get(id ?? '') ?? 'другой сотрудник'

/** The refusal for a task event that the cohort did not take: a race that somebody else won is told with their name. */
export async function taskRefusal({ db }: Deps, session: Session, taskId: string, result: Extract<EventResult, { accepted: false }>, type: string): Promise<Refusal> {
  return inSchool(db, session.orgId, async (tx) => {
    const task = await findTask(tx, taskId)
    if (task?.closedAt) return closedRefusal(tx, task)
    if (task && type === 'CLAIM' && task.assignee) return new Refusal('taskTaken', { params: { who: await nameOf(tx, task.assignee) } })
    const owner = task && result.reason !== 'notHere' ? await findProcess(tx, task.ownerId) : undefined
    const ownersState = owner && result.state === owner.state
    return refusalOf(result, ownersState ? owner.kind : 'humanTask', type)
  })
}
