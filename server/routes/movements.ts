import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { takeFoundMovement } from '../../db/import-movements.ts'
import { findMovement, insertMovement, listLiveMovements, listMovements } from '../../db/movements.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { findProcess } from '../../db/process-queries.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import type { MovementContext } from '../../machines/movement.ts'
import { reasonLabel } from '../../school/texts/labels.ts'
import { stepActionLabel, stepStateLabel } from '../../school/texts/movement-labels.ts'
import { sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { factsFor } from '../facts/index.ts'
import { inCommand } from '../idempotency.ts'
import { stepSubjects } from '../movement-steps.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, InstanceId, Name, OneOf, PageOf } from '../schemas/common.ts'
import { Movement, MovementCard, movementKinds, movementView, NewMovement, processKindOf } from '../schemas/movement.ts'
import { refuseIllegalStart } from '../starting/dry-run.ts'
import { checkMovement } from '../starting/movement-request.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const ListQuery = Type.Object({ ...PageQuery, kind: Type.Optional(OneOf(movementKinds)), state: Type.Optional(Name), personId: Type.Optional(Id), classId: Type.Optional(Id) }, closed)

/** Movement of pupils and staff (domain.md 7.6). What becomes of one goes through /processes like everything else. */
export function movementRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db } = deps
  const tags = ['Движение']

  app.get('/movements', { config: { right: 'read' }, schema: { tags, summary: 'Движение обучающихся и сотрудников', querystring: ListQuery, response: { 200: PageOf(Movement) } } }, async (request) => {
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    return inSchool(db, sessionOf(request).orgId, async (tx) => {
      const rows = await listMovements(tx, { ...filter, after, limit: limit + 1 })
      const names = await namesOf(tx, rows.map(({ personId }) => personId))
      return pageOf(rows, limit, (row) => movementView(row, names), ({ enteredAt, id }) => [enteredAt, id])
    })
  })

  app.get('/movements/:id', { config: { right: 'read' }, schema: { tags, summary: 'Движение и его шаги на платформе', params: IdParams, response: { 200: MovementCard } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const movement = await findMovement(tx, request.params.id)
      if (!movement) throw new Refusal('notFound')
      const process = await findProcess(tx, movement.processId)
      const { steps } = (process?.context ?? { steps: [] }) as unknown as Pick<MovementContext, 'steps'>
      const names = await namesOf(tx, [movement.personId, ...steps.map(({ person }) => person)])
      const subjects = await stepSubjects(tx, steps)
      return {
        ...movementView(movement, names),
        details: { ...movement.details },
        reverseOrderId: movement.reverseOrderId,
        begunAt: movement.begunAt && movement.begunAt.toISOString(),
        takenBackAt: movement.takenBackAt && movement.takenBackAt.toISOString(),
        steps: steps.map(({ id, action, person, state, reason, via }) => ({
          id,
          action,
          actionTitle: stepActionLabel(action),
          what: subjects.get(id)!,
          person: { id: person, name: names.get(person) ?? '' },
          state,
          stateTitle: stepStateLabel(state),
          reason: reason && reasonLabel(reason),
          via,
        })),
      }
    }),
  )

  app.post(
    '/movements',
    { config: { right: 'movements' }, schema: { tags, summary: 'Начать движение: зачисление, перевод, выбытие, приём, отпуск, увольнение', body: NewMovement, response: { 202: Type.Object({ id: Id, processId: InstanceId, number: Type.String() }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { body } = request
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const { fromClassId, details, effectiveAt } = await checkMovement(tx, session, body)
        const live = (await listLiveMovements(tx, body.personId)).find(({ kind, effectiveOn }) => kind === body.kind && effectiveOn === body.effectiveOn)
        if (live) throw new Refusal('alreadyLive', { params: { number: live.number }, extras: { id: live.id, processId: live.processId } })
        const id = newId('mov')
        const processId = `movement:${id}`
        const number = await nextPublicNumber(tx, session.orgId, 'ДВ')
        const { kind, personId, effectiveOn, toClassId, reason } = body
        await insertMovement(tx, session.orgId, { id, processId, number, kind, personId, effectiveOn, fromClassId, toClassId: toClassId ?? null, reason: reason ?? null, details, membershipId: newId('mem') })
        await takeFoundMovement(tx, { id, kind, personId })

        const input = { movementId: id, number, kind, personId, effectiveOn, effectiveAt, ...(fromClassId && { fromClassId }), ...(toClassId && { toClassId }), ...(reason && { reason }), details }
        const process = { id: processId, kind: processKindOf(kind), state: 'draft', context: input }
        const events: { type: string; [field: string]: unknown }[] = body.draft ? [] : [{ type: 'SUBMIT' }]
        if (body.orderId !== undefined) {
          const facts = await factsFor({ tx, session, process, fields: { orderId: body.orderId } }, 'ORDER_ATTACHED')
          events.push({ type: 'ORDER_ATTACHED', orderId: body.orderId, facts })
        }
        announced = await announce(tx, request, [{ id: processId, kind: process.kind, input }], events.map((event) => ({ to: processId, event })), processId)
        refuseIllegalStart(announced.input)
        return { id, processId, number }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}
