import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Queryable } from '../../db/connection.ts'
import { listFoundMovements } from '../../db/import-movements.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { departureReasons } from '../../machines/movement-kinds.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { closed, Id, InstanceId, OneOf, Problem } from '../schemas/common.ts'
import { NewMovement } from '../schemas/movement.ts'
import { enterMovements, rowProblems } from '../starting/movement-rows.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const maxRows = 200
const Entered = Type.Object({
  started: Type.Integer(),
  rows: Type.Array(
    Type.Object({
      index: Type.Integer(),
      personId: Id,
      status: OneOf(['started', 'refused']),
      id: Type.Optional(Id),
      processId: Type.Optional(InstanceId),
      number: Type.Optional(Type.String()),
      problems: Type.Optional(Type.Array(Problem)),
    }),
  ),
})
type Entered = Static<typeof Entered>

const FoundToEnter = Type.Object(
  {
    ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: maxRows, uniqueItems: true })),
    import: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: `Всё, что нашла эта загрузка и что ещё не оформлено; не больше ${maxRows} за раз` })),
    effectiveOn: Type.String({ format: 'date', description: 'С какого дня' }),
    orderId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Приказ, если он уже в реестре; без него движения ждут приказа' })),
    reason: Type.Optional(Type.Unsafe<(typeof departureReasons)[number]>({ type: 'string', enum: [...departureReasons], description: 'Причина выбытия; по умолчанию other' })),
    draft: Type.Optional(Type.Boolean({ description: 'Оставить черновиками' })),
  },
  closed,
)

/** Many movements in one request: a list (a class is merged or split, edge case 11), or what an import found. */
export function movementListRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const tags = ['Движение']

  app.post(
    '/movements/batch',
    {
      config: { right: 'movements' },
      schema: { tags, summary: `Начать много движений одним запросом: до ${maxRows}`, body: Type.Object({ movements: Type.Array(NewMovement, { minItems: 1, maxItems: maxRows }) }, closed), response: { 202: Entered } },
    },
    async (request, reply) => enterList(request, reply, 'movements', async () => request.body.movements),
  )

  app.post(
    '/found-movements',
    { config: { right: 'movements' }, schema: { tags, summary: 'Оформить переводы и выбытия, которые нашли загрузки: движения ждут приказа', body: FoundToEnter, response: { 202: Entered } } },
    async (request, reply) => {
      const { ids, import: importId, effectiveOn, orderId, reason = 'other', draft } = request.body
      if ((ids === undefined) === (importId === undefined)) throw invalidFields({ code: 'oneOfThese', path: '', params: { values: 'ids, import' } })
      return enterList(request, reply, 'found', async (tx) => {
        const found = await listFoundMovements(tx, { ids, importId, limit: maxRows })
        const missing = (ids ?? []).flatMap((id, index) => (found.some((one) => one.id === id) ? [] : [{ code: 'foundUnknown', path: `ids.${index}` } as const]))
        if (missing.length > 0) throw invalidFields(...missing)
        return found.map(({ kind, personId, toClassId }): NewMovement => ({
          kind, personId, effectiveOn, ...(draft && { draft }), ...(orderId !== undefined && { orderId }), ...(toClassId !== null && { toClassId }), ...(kind === 'departure' && { reason }),
        }))
      })
    },
  )

  /** One request, one cohort, a result for each row. */
  async function enterList(request: FastifyRequest, reply: FastifyReply, path: string, rowsOf: (tx: Queryable) => Promise<NewMovement[]>): Promise<Entered> {
    const session = sessionOf(request)
    let announced: Announced | undefined
    const answer = await inCommand(deps, request, reply, 202, async (tx): Promise<Entered> => {
      await lockOrganization(tx, session.orgId)
      const rows = await rowsOf(tx)
      const results = await enterMovements(tx, session, rows)
      const entered = results.flatMap((result) => ('entered' in result ? [result.entered] : []))
      if (entered.length > 0) announced = await announce(tx, request, entered.map(({ start }) => start), entered.flatMap(({ events }) => events))
      return {
        started: entered.length,
        rows: results.map((result, index) => {
          const { personId } = rows[index]!
          if ('refusal' in result) return { index, personId, status: 'refused', problems: rowProblems(request, result.refusal, `${path}.${index}`) }
          const { id, processId, number } = result.entered
          return { index, personId, status: 'started', id, processId, number }
        }),
      }
    })
    if (announced) await startAnnounced(deps, request, announced)
    return answer
  }
}
