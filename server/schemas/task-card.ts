import { Type, type Static } from 'typebox'
import { failReasons, taskKind } from '../../machines/task-catalogue.ts'
import { reasonLabel, taskText, taskTitle } from '../../school/texts/labels.ts'
import { Id, Nullable } from './common.ts'
import { TaskLine } from './task.ts'

export const TaskValue = Type.Object({ name: Type.String(), title: Type.String(), value: Type.String(), hidden: Type.Boolean({ description: 'Показано не целиком; целиком — POST /tasks/{id}/reveal' }) })

/** What is the same for every task of a kind. */
const TaskWords = Type.Object({
  steps: Type.Array(Type.String(), { description: 'Что сделать, по шагам' }),
  copy: Type.Array(Type.String(), { description: 'Что взять с собой' }),
  afterDone: Type.String({ description: 'Что будет после «Выполнено»' }),
  afterFailed: Type.String({ description: 'Что будет после «Не удалось»' }),
  evidence: Type.Unsafe<object>({ type: 'object', additionalProperties: true, description: 'JSON Schema ответа' }),
  reasons: Type.Array(Type.Object({ reason: Type.String(), title: Type.String() }), { description: 'Причины для «Не удалось»' }),
})

export const TaskKindCard = Type.Interface([TaskWords], { kind: Type.String(), title: Type.String() })

/** A task in a list, with what is to be copied where that was asked for. */
export const TaskListLine = Type.Interface([TaskLine], { values: Type.Optional(Type.Array(TaskValue)) })

export const TaskCard = Type.Interface([TaskLine, TaskWords], {
  values: Type.Array(TaskValue),
  mine: Type.Boolean({ description: 'Может ли выполнить тот, кто спрашивает' }),
  outcome: Nullable(Type.Object({ by: Nullable(Type.Object({ id: Id, name: Type.String() })), reason: Nullable(Type.String()), comment: Nullable(Type.String()) })),
})

/** The words of a kind of task, and what is to be brought back. */
export function taskWords(kind: string): Static<typeof TaskWords> {
  const { steps, copy, done, failed } = taskText(kind)!
  return {
    steps: [...steps],
    copy: [...copy],
    afterDone: done,
    afterFailed: failed,
    evidence: taskKind(kind).evidence,
    reasons: failReasons.map((reason) => ({ reason, title: reasonLabel(reason) })),
  }
}

export const taskKindCard = (kind: string): Static<typeof TaskKindCard> => ({ kind, title: taskTitle(kind), ...taskWords(kind) })
