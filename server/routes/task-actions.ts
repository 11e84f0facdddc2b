import { Type } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { inSchool } from '../../db/connection.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { failReasons } from '../../machines/task-catalogue.ts'
import type { EventResult } from '../../workflows/messages.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { problemOf } from '../problem-json.ts'
import { closed, Id, IdParams, Instant, InstanceId, OneOf, Reason } from '../schemas/common.ts'
import { deliverOne } from '../send-event.ts'
import { taskEvent, taskRefusal, type Prepared } from '../task-work.ts'
import { stateLabel } from '../../school/texts/labels.ts'

/** What the evidence must be depends on the kind of task; /openapi.json and GET /tasks/{id} say it. */
const Evidence = Type.Record(Type.String(), Type.Unknown())
const Done = Type.Object({ id: InstanceId, state: Type.String(), stateTitle: Type.String() })
const Failure = Type.Unsafe<object>({ type: 'object', additionalProperties: true })
const ManyDone = Type.Object({
  completed: Type.Integer(),
  rows: Type.Array(Type.Object({ index: Type.Integer(), id: InstanceId, status: OneOf(['completed', 'refused']), problem: Type.Optional(Failure) })),
})

/** What people do with tasks: take, give back, hand over, put off, complete, fail. */
export function taskActionRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const tags = ['Задачи']

  async function act(request: FastifyRequest, id: string, event: AnyEvent) {
    const session = sessionOf(request)
    const prepared = await inSchool(deps.db, session.orgId, (tx) => taskEvent(deps, request, tx, id, event))
    const result = 'result' in prepared ? prepared.result : await deliverOne(deps.dispatcher, prepared.event)
    if (!result.accepted) throw await taskRefusal(deps, session, id, result, event.type)
    return { id, state: result.state, stateTitle: stateLabel('humanTask', result.state) }
  }

  const routes = [
    ['claim', 'CLAIM', 'Взять в работу', Type.Object({}, closed)],
    ['release', 'RELEASE', 'Вернуть', Type.Object({}, closed)],
    ['reassign', 'REASSIGN', 'Передать другому', Type.Object({ to: Id, reason: Type.Optional(Reason) }, closed)],
    ['snooze', 'SNOOZE', 'Отложить напоминание', Type.Object({ until: Instant }, closed)],
    ['complete', 'COMPLETE', 'Выполнено: приложить ответ', Type.Object({ evidence: Evidence }, closed)],
    ['fail', 'FAIL', 'Не удалось: причина', Type.Object({ reason: OneOf(failReasons), comment: Reason }, closed)],
  ] as const
  for (const [path, type, summary, body] of routes) {
    app.post(`/tasks/:id/${path}`, { config: { right: 'work' }, schema: { tags, summary, params: IdParams, body, response: { 200: Done } } }, (request) => act(request, request.params.id, { type, ...request.body }))
  }

  app.post(
    '/tasks/complete',
    {
      config: { right: 'work' },
      schema: { tags, summary: 'Выполнить много задач сразу: ответ по каждой', body: Type.Object({ items: Type.Array(Type.Object({ id: InstanceId, evidence: Evidence }, closed), { minItems: 1, maxItems: 500 }) }, closed), response: { 200: ManyDone } },
    },
    async (request) => {
      const session = sessionOf(request)
      const { items } = request.body
      const prepared: (Prepared | Refusal)[] = await inSchool(deps.db, session.orgId, async (tx) => {
        const rows: (Prepared | Refusal)[] = []
        for (const [index, { id, evidence }] of items.entries()) {
          const repeated = items.findIndex((other) => other.id === id)
          rows.push(repeated < index ? new Refusal('invalid', { problems: [{ code: 'rowRepeated', path: `items.${index}`, params: { row: repeated + 1 } }] }) : await taskEvent(deps, request, tx, id, { type: 'COMPLETE', evidence }, `items.${index}`).catch(refusalOnly))
        }
        return rows
      })
      const sent = await deps.dispatcher.deliver(prepared.flatMap((row) => ('event' in row ? [row.event] : [])))
      const byEvent = new Map(sent.map((result) => [result.id, result]))
      const resultOf = (row: Prepared) => ('result' in row ? row.result : byEvent.get(row.event.id))
      const rows = await Promise.all(
        prepared.map(async (row, index) => {
          const { id } = items[index]!
          const refusal = row instanceof Refusal ? row : await refused(resultOf(row), id)
          return refusal ? { index, id, status: 'refused' as const, problem: problemOf(request, refusal) } : { index, id, status: 'completed' as const }
        }),
      )
      return { completed: rows.filter(({ status }) => status === 'completed').length, rows }

      async function refused(result: EventResult | undefined, id: string): Promise<Refusal | undefined> {
        return result && !result.accepted ? taskRefusal(deps, session, id, result, 'COMPLETE') : undefined
      }
    },
  )
}

/** A row that the server refuses is a result; anything else is a failure of the request. */
function refusalOnly(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
