import { Type, type Static } from 'typebox'
import type { DeadlineRow, ProcessRow } from '../../db/process-queries.ts'
import type { TaskRow } from '../../db/task-queries.ts'
import { definitionOf } from '../../machines/catalogue.ts'
import { allowedEvents } from '../allowed-events.ts'
import { eventLabel, processLabel, stateLabel } from '../../school/texts/labels.ts'
import { Id, InstanceId, Nullable } from './common.ts'
import { TaskLine, taskLine } from './task.ts'

export const AllowedEvent = Type.Object({
  type: Type.String(),
  title: Type.String(),
  schema: Type.Unsafe<object>({ type: 'object', additionalProperties: true, description: 'JSON Schema полей события' }),
  mine: Type.Optional(Type.Boolean({ description: 'Может ли сообщить тот, кто спрашивает' })),
})

const Deadline = Type.Object({
  name: Type.String(),
  title: Type.String(),
  at: Type.String(),
  provisional: Type.Boolean({ description: 'Предварительно: календарь года ещё не окончательный' }),
  movable: Type.Boolean(),
})

const Who = Nullable(Type.Object({ id: Id, name: Type.String() }))

export const ProcessLine = Type.Object({
  id: InstanceId,
  kind: Type.String(),
  title: Type.String(),
  number: Nullable(Type.String()),
  state: Type.String(),
  stateTitle: Type.String(),
  person: Who,
  openedAt: Type.String(),
  changedAt: Type.String(),
  endedAt: Nullable(Type.String()),
})

export const Process = Type.Interface([ProcessLine], {
  openedBy: Who,
  allowed: Type.Array(AllowedEvent),
  deadlines: Type.Array(Deadline),
  tasks: Type.Array(TaskLine),
})

type Names = ReadonlyMap<string, string>
const who = (id: unknown, names: Names) => (typeof id === 'string' && names.has(id) ? { id, name: names.get(id)! } : null)

/** A process in a list. */
export function processLine({ id, kind, number, state, context, openedAt, changedAt, endedAt }: ProcessRow, names: Names): Static<typeof ProcessLine> {
  return {
    id,
    kind,
    title: processLabel(kind),
    number: number ?? (typeof context.number === 'string' ? context.number : null),
    state,
    stateTitle: stateLabel(kind, state),
    person: who(context.personId, names),
    openedAt: openedAt.toISOString(),
    changedAt: changedAt.toISOString(),
    endedAt: endedAt && endedAt.toISOString(),
  }
}

/** The whole of a process: what can be sent to it now, what it waits for, what people have to do. */
export function processView(process: ProcessRow, deadlines: readonly DeadlineRow[], tasks: readonly TaskRow[], names: Names, mine: (type: string) => boolean): Static<typeof Process> {
  const { fixedDeadlines = [] } = definitionOf(process.kind)
  return {
    ...processLine(process, names),
    openedBy: who(process.openedBy, names),
    allowed: allowedEvents(process).map((event) => ({ ...event, mine: mine(event.type) })),
    deadlines: deadlines.map(({ name, at, provisional }) => ({ name, title: eventLabel(process.kind, name), at: at.toISOString(), provisional, movable: !fixedDeadlines.includes(name) })),
    tasks: tasks.map((task) => taskLine(task, names)),
  }
}
