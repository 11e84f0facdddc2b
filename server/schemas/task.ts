import { Type, type Static } from 'typebox'
import type { TaskRow } from '../../db/task-queries.ts'
import { roles } from '../../machines/role.ts'
import { taskKind } from '../../machines/task-catalogue.ts'
import { clauseLabel } from '../../school/texts/clause.ts'
import { taskTitle } from '../../school/texts/labels.ts'
import { Id, InstanceId, Nullable, OneOf } from './common.ts'

export const TaskLine = Type.Object({
  id: InstanceId,
  kind: Type.String(),
  title: Type.String(),
  state: OneOf(['open', 'claimed', 'completed', 'failed', 'cancelled']),
  processId: InstanceId,
  roles: Type.Array(OneOf(roles)),
  assignee: Nullable(Type.Object({ id: Id, name: Type.String() })),
  dueAt: Nullable(Type.String()),
  urgent: Type.Boolean(),
  overdue: Type.Boolean(),
  escalated: Type.Boolean(),
  snoozedUntil: Nullable(Type.String()),
  attempt: Type.Integer({ description: 'Которая попытка: после «Не удалось» задача открывается снова' }),
  clause: Nullable(Type.String()),
  openedAt: Type.String(),
  closedAt: Nullable(Type.String()),
})

/** A task in a list. */
export function taskLine(task: TaskRow, names: ReadonlyMap<string, string>): Static<typeof TaskLine> {
  const { clause } = taskKind(task.kind)
  return {
    id: task.id,
    kind: task.kind,
    title: taskTitle(task.kind),
    state: task.state,
    processId: task.ownerId,
    roles: task.roles,
    assignee: task.assignee === null ? null : { id: task.assignee, name: names.get(task.assignee) ?? '' },
    dueAt: task.dueAt && task.dueAt.toISOString(),
    urgent: task.urgent,
    overdue: task.overdue,
    escalated: task.escalated,
    snoozedUntil: task.snoozedUntil && task.snoozedUntil.toISOString(),
    attempt: task.attempt,
    clause: clause === undefined ? null : clauseLabel(clause),
    openedAt: task.openedAt.toISOString(),
    closedAt: task.closedAt && task.closedAt.toISOString(),
  }
}
