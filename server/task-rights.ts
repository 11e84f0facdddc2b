import type { TaskRow } from '../db/task-queries.ts'
import { taskKind } from '../machines/task-catalogue.ts'
import type { TObject, TSchema } from 'typebox'
import { may, type Session } from './authentication.ts'

/**
 * Whether the person may take and do the task: a candidate, its assignee, or one who may do any (design.md, answer 11).
 * One that is escalated waits for nobody: it is every candidate's, whoever has it (domain.md 6.1).
 */
export function mayDo(session: Session, task: Pick<TaskRow, 'roles' | 'assignee' | 'escalated'>): boolean {
  return may(session, 'run') || task.assignee === session.personId || isOpenTo(session, task)
}

/** Whether the task waits for whoever of its candidates comes first, this person among them. */
export const isOpenTo = (session: Session, task: Pick<TaskRow, 'roles' | 'assignee' | 'escalated'>): boolean => (task.assignee === null || task.escalated) && isCandidate(session, task)

/** Whether the task is open to a role of the person, whoever has it now. */
export const isCandidate = ({ roles }: Session, task: Pick<TaskRow, 'roles'>): boolean => task.roles.some((role) => roles.includes(role))

/** Whether the task is about this person's own rights: then somebody else confirms it, whatever the roles (domain.md 4). */
export function isConcerned({ personId }: Pick<Session, 'personId'>, task: Pick<TaskRow, 'kind' | 'values'>): boolean {
  const { notBy } = taskKind(task.kind)
  return notBy !== undefined && task.values[notBy] === personId
}

const meantBy = new Map<string, ReadonlySet<string>>()

/** Every event of the owner that an outcome of this kind of task can mean, read off the catalogue. */
export function eventsMeantBy(kind: string): ReadonlySet<string> {
  const known = meantBy.get(kind)
  if (known) return known
  const { evidence, event, failed } = taskKind(kind)
  const events = new Set(samples(evidence).map((sample) => event(sample as never, {}).type))
  if (failed) events.add(failed)
  meantBy.set(kind, events)
  return events
}

/** One sample of evidence for every combination of choices; texts and dates do not choose between events. */
function samples(schema: TObject): Record<string, unknown>[] {
  const choices = Object.entries(schema.properties as Record<string, TSchema>).map(([name, member]) => [name, choicesOf(member)] as const)
  return choices.reduce<Record<string, unknown>[]>((rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))), [{}])
}

function choicesOf(schema: TSchema): unknown[] {
  const { type, enum: values, const: only } = schema as { type?: string; enum?: unknown[]; const?: unknown }
  if (only !== undefined) return [only]
  return values ?? (type === 'boolean' ? [true, false] : [''])
}
