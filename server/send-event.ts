import type { FastifyRequest } from 'fastify'
import { inSchool, type Queryable } from '../db/connection.ts'
import { findProcess, type ProcessRow } from '../db/process-queries.ts'
import { readHandled } from '../db/steps.ts'
import type { TaskRow } from '../db/task-queries.ts'
import { definitionOf } from '../machines/catalogue.ts'
import type { AnyEvent } from '../machines/effects.ts'
import type { EventResult, IncomingEvent } from '../workflows/messages.ts'
import { allowedEvents, bodyOf } from './allowed-events.ts'
import { may, sessionOf, type Session } from './authentication.ts'
import type { AppDeps } from './deps.ts'
import { Refusal } from './failures.ts'
import { factsFor } from './facts/index.ts'
import { fieldRules, refuseMisfit } from './field-rules.ts'
import { eventIdOf } from './idempotency.ts'
import { languageOf } from './language.ts'
import { ownedBy } from './owned-by.ts'
import { prepareFields } from './prepare-fields.ts'
import { endedRefusal, refusalOf } from './refusals.ts'
import { seenProcess } from './seen-process.ts'
import { eventsMeantBy, isConcerned, mayDo } from './task-rights.ts'

type Accepted = Extract<EventResult, { accepted: true }>

/** A person sends an event to a process. Refused before it leaves the server: unknown events, wrong fields, missing rights. */
export async function sendEvent({ db, keys, dispatcher }: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>, request: FastifyRequest, processId: string, { type, ...fields }: AnyEvent): Promise<Accepted & { kind: string }> {
  const session = sessionOf(request)
  const id = eventIdOf(request)
  const { kind, event, earlier } = await inSchool(db, session.orgId, async (tx) => {
    const { process, tasks } = await seenProcess(tx, session, processId)
    // An earlier request with this key sent the event and died before it could answer (F3).
    const [earlier] = await readHandled<EventResult>(tx, process.cohortId, [id])
    if (earlier) return { kind: process.kind, earlier }
    const spec = definitionOf(process.kind).events[type]
    if (!spec?.from.includes('person')) throw new Refusal('unknownEvent', { params: { event: type }, extras: { state: process.state, allowed: allowedEvents(process) } })
    const why = whyNotSent(session, process, tasks, type)
    if (why) throw new Refusal(why)
    if (process.endedAt) throw endedRefusal(process.kind, process.state)
    const body = bodyOf(spec)
    refuseMisfit(body, fields, '', languageOf(request))
    const prepared = prepareFields(body, fields, '', await fieldRules(tx, session.orgId, keys))
    return { kind: process.kind, event: await withFacts(tx, session, process, { type, ...prepared }) }
  })
  if (earlier) return { ...delivered(earlier, kind, type), kind }
  const incoming = { id, to: processId, event: { ...event, by: session.personId }, actor: { kind: 'person', personId: session.personId } } as const
  const result = await deliverOne(dispatcher, incoming)
  if (!result.accepted && result.reason === 'notHere') {
    // It ended while the event was on its way.
    const ended = await inSchool(db, session.orgId, (tx) => findProcess(tx, processId))
    if (ended) throw endedRefusal(kind, ended.state)
  }
  return { ...delivered(result, kind, type), kind }
}

/** The event with the facts its guards ask for. */
export async function withFacts(tx: Queryable, session: Session, process: ProcessRow, { type, ...fields }: AnyEvent): Promise<AnyEvent> {
  const facts = await factsFor({ tx, session, process, fields }, type)
  return { type, ...fields, ...(facts && { facts }) }
}

/** Candidates of the task that leads to the event, whose thing it is, the platform administrator and the head; four eyes above all (design.md, answer 11). */
function whyNotSent(session: Session, process: ProcessRow, tasks: readonly TaskRow[], type: string): 'fourEyes' | 'forbidden' | undefined {
  const leading = tasks.filter((task) => !task.closedAt && eventsMeantBy(task.kind).has(type))
  if (leading.some((task) => isConcerned(session, task))) return 'fourEyes'
  return may(session, 'run') || ownedBy(session, process) || leading.some((task) => mayDo(session, task)) ? undefined : 'forbidden'
}

/** Whether the person may send this event to the process, if it takes it. */
export const maySend = (session: Session, process: ProcessRow, tasks: readonly TaskRow[], type: string): boolean => may(session, 'work') && whyNotSent(session, process, tasks, type) === undefined

/** Sends one event and returns what became of it. */
export async function deliverOne(dispatcher: AppDeps['dispatcher'], event: IncomingEvent): Promise<EventResult> {
  const [result] = await dispatcher.deliver([event])
  return result!
}

/** The result of an accepted event, or the refusal that explains the other. */
export function delivered(result: EventResult, kind: string, type: string): Accepted {
  if (!result.accepted) throw refusalOf(result, kind, type)
  return result
}
