import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { insertJournal } from '../../db/journal.ts'
import { listTasks, taskStates, type TaskRow, type TaskState } from '../../db/task-queries.ts'
import { taskCatalogue } from '../../machines/task-catalogue.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { inCommand } from '../idempotency.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, Instant, InstanceId, Name, OneOf, PageOf } from '../schemas/common.ts'
import { taskLine } from '../schemas/task.ts'
import { TaskCard, TaskKindCard, taskKindCard, TaskListLine, TaskValue, taskWords } from '../schemas/task-card.ts'
import { isConcerned, mayDo } from '../task-rights.ts'
import { taskValues } from '../task-values.ts'
import type { TaskValue as Value } from '../task-values/value.ts'
import { seenTask } from '../task-work.ts'
import { reasonLabel } from '../../school/texts/labels.ts'
import { Refusal } from '../failures.ts'

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
    values: Type.Boolean({ default: false, description: 'С тем, что копируют на платформу' }),
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

  app.get('/tasks', { config: { right: 'read' }, schema: { tags, summary: 'Задачи школы', querystring: ListQuery, response: { 200: PageOf(TaskListLine) } } }, (request) => list(request, request.query.mine ?? false))

  app.get('/my-tasks', { config: { right: 'work' }, schema: { tags, summary: 'Мои задачи', querystring: ListQuery, response: { 200: PageOf(TaskListLine) } } }, (request) => list(request, true))

  app.get('/task-kinds', { schema: { tags, summary: 'Виды задач: что сделать, что взять, что принести', response: { 200: Type.Object({ items: Type.Array(TaskKindCard) }) } } }, () => ({ items: Object.keys(taskCatalogue).map(taskKindCard) }))

  const list = async (request: Parameters<typeof sessionOf>[0] & { query: { limit: number; cursor?: string; closed: boolean; state?: TaskState; kind?: string; process?: string; assignee?: string; overdue?: boolean; dueBefore?: string; values: boolean } }, mine: boolean) => {
    const session = sessionOf(request)
    const { limit, cursor, process, closed, state, kind, assignee, overdue, dueBefore, values } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    return inSchool(db, session.orgId, async (tx) => {
      const tasks = await listTasks(tx, { closed, state, kind, assignee, overdue, dueBefore, owner: process, after, limit: limit + 1, ...(mine && { mine: session }) })
      const names = await namesOf(tx, tasks.map((task) => task.assignee))
      const valuesOf = new Map<string, Value[]>()
      if (values) for (const task of tasks) valuesOf.set(task.id, await taskValues({ tx, keys, orgId: session.orgId, task }, false))
      return pageOf(tasks, limit, (task) => ({ ...taskLine(task, names), ...(values && { values: valuesOf.get(task.id)! }) }), ({ sortKey, id }) => [sortKey, id])
    })
  }

  app.get('/tasks/:id', { schema: { tags, summary: 'Задача: что сделать, что взять, что принести', params: IdParams, response: { 200: TaskCard } } }, async (request) => {
    const session = sessionOf(request)
    return inSchool(db, session.orgId, async (tx) => {
      const task = await seenTask(tx, session, request.params.id)
      const names = await namesOf(tx, [task.assignee, task.outcome?.by])
      return {
        ...taskLine(task, names),
        ...taskWords(task.kind),
        values: await taskValues({ tx, keys, orgId: session.orgId, task }, false),
        mine: !task.closedAt && mayDo(session, task) && !isConcerned(session, task),
        outcome: outcomeOf(task, names),
      }
    })
  })

  app.post('/tasks/:id/reveal', { schema: { tags, summary: 'Показать телефон, адрес или ссылку целиком (записывается в журнал)', params: IdParams, response: { 200: Type.Object({ values: Type.Array(TaskValue) }) } } }, async (request, reply) => {
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
