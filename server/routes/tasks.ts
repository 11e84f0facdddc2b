import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { insertJournal } from '../../db/journal.ts'
import { listTasks, taskStates, type TaskRow, type TaskState } from '../../db/task-queries.ts'
import { failReasons, taskKind } from '../../machines/task-catalogue.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { inCommand } from '../idempotency.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, Instant, InstanceId, Name, Nullable, OneOf, PageOf } from '../schemas/common.ts'
import { TaskLine, taskLine } from '../schemas/task.ts'
import { isConcerned, mayDo } from '../task-rights.ts'
import { taskValues } from '../task-values.ts'
import { seenTask } from '../task-work.ts'
import { reasonLabel, taskText } from '../../school/texts/labels.ts'
import { Refusal } from '../failures.ts'

const Value = Type.Object({ name: Type.String(), title: Type.String(), value: Type.String(), hidden: Type.Boolean({ description: 'Показано не целиком; целиком — POST /tasks/{id}/reveal' }) })

const Task = Type.Interface([TaskLine], {
  steps: Type.Array(Type.String(), { description: 'Что сделать, по шагам' }),
  copy: Type.Array(Type.String(), { description: 'Что взять с собой' }),
  afterDone: Type.String({ description: 'Что будет после «Выполнено»' }),
  afterFailed: Type.String({ description: 'Что будет после «Не удалось»' }),
  values: Type.Array(Value),
  evidence: Type.Unsafe<object>({ type: 'object', additionalProperties: true, description: 'JSON Schema ответа' }),
  reasons: Type.Array(Type.Object({ reason: Type.String(), title: Type.String() }), { description: 'Причины для «Не удалось»' }),
  mine: Type.Boolean({ description: 'Может ли выполнить тот, кто спрашивает' }),
  outcome: Nullable(Type.Object({ by: Nullable(Type.Object({ id: Id, name: Type.String() })), reason: Nullable(Type.String()), comment: Nullable(Type.String()) })),
})

const ListQuery = Type.Object(
  {
    ...PageQuery,
    mine: Type.Optional(Type.Boolean({ description: 'Только те, что может выполнить тот, кто спрашивает' })),
    closed: Type.Boolean({ default: false, description: 'Закрытые вместо открытых; state важнее' }),
    state: Type.Optional(OneOf(taskStates)),
    kind: Type.Optional(Name),
    process: Type.Optional(InstanceId),
    assignee: Type.Optional(Id),
    overdue: Type.Optional(Type.Boolean()),
    dueBefore: Type.Optional(Instant),
  },
  closed,
)

function outcomeOf({ outcome }: TaskRow, names: ReadonlyMap<string, string>) {
  if (!outcome) return null
  const { by, reason, comment } = outcome
  return { by: by ? { id: by, name: names.get(by) ?? '' } : null, reason: reason ? reasonLabel(reason) : null, comment: comment ?? null }
}

/** What people have to do (domain.md 6.1, 8). */
export function taskRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db, keys } = deps
  const tags = ['Задачи']

  app.get('/tasks', { config: { right: 'read' }, schema: { tags, summary: 'Задачи школы', querystring: ListQuery, response: { 200: PageOf(TaskLine) } } }, (request) => list(request, request.query.mine ?? false))

  app.get('/my-tasks', { config: { right: 'work' }, schema: { tags, summary: 'Мои задачи', querystring: ListQuery, response: { 200: PageOf(TaskLine) } } }, (request) => list(request, true))

  const list = async (request: Parameters<typeof sessionOf>[0] & { query: { limit: number; cursor?: string; closed: boolean; state?: TaskState; kind?: string; process?: string; assignee?: string; overdue?: boolean; dueBefore?: string } }, mine: boolean) => {
    const session = sessionOf(request)
    const { limit, cursor, process, closed, state, kind, assignee, overdue, dueBefore } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    return inSchool(db, session.orgId, async (tx) => {
      const tasks = await listTasks(tx, { closed, state, kind, assignee, overdue, dueBefore, owner: process, after, limit: limit + 1, ...(mine && { mine: session }) })
      const names = await namesOf(tx, tasks.map((task) => task.assignee))
      return pageOf(tasks, limit, (task) => taskLine(task, names), ({ sortKey, id }) => [sortKey, id])
    })
  }

  app.get('/tasks/:id', { schema: { tags, summary: 'Задача: что сделать, что взять, что принести', params: IdParams, response: { 200: Task } } }, async (request) => {
    const session = sessionOf(request)
    return inSchool(db, session.orgId, async (tx) => {
      const task = await seenTask(tx, session, request.params.id)
      const names = await namesOf(tx, [task.assignee, task.outcome?.by])
      const { steps, copy, done, failed } = taskText(task.kind)!
      return {
        ...taskLine(task, names),
        steps: [...steps],
        copy: [...copy],
        afterDone: done,
        afterFailed: failed,
        values: await taskValues({ tx, keys, orgId: session.orgId, task }, false),
        evidence: taskKind(task.kind).evidence,
        reasons: failReasons.map((reason) => ({ reason, title: reasonLabel(reason) })),
        mine: !task.closedAt && mayDo(session, task) && !isConcerned(session, task),
        outcome: outcomeOf(task, names),
      }
    })
  })

  app.post('/tasks/:id/reveal', { schema: { tags, summary: 'Показать телефон, адрес или ссылку целиком (записывается в журнал)', params: IdParams, response: { 200: Type.Object({ values: Type.Array(Value) }) } } }, async (request, reply) => {
    const session = sessionOf(request)
    return inCommand(deps, request, reply, 200, async (tx) => {
      const task = await seenTask(tx, session, request.params.id)
      if (!mayDo(session, task) || (task.closedAt && !may(session, 'reveal'))) throw new Refusal('forbidden')
      const values = await taskValues({ tx, keys, orgId: session.orgId, task }, true)
      for (const { name, hidden } of values) {
        if (hidden) await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: `${name}Shown`, object: task.id })
      }
      return { values }
    })
  })
}
