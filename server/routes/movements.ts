import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { findMovement, listMovements } from '../../db/movements.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { findProcess } from '../../db/process-queries.ts'
import type { MovementContext } from '../../machines/movement.ts'
import { reasonLabel } from '../../school/texts/labels.ts'
import { stepActionLabel, stepStateLabel } from '../../school/texts/movement-labels.ts'
import { sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { stepSubjects } from '../movement-steps.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, InstanceId, Name, OneOf, PageOf } from '../schemas/common.ts'
import { Movement, MovementCard, movementKinds, movementView, NewMovement } from '../schemas/movement.ts'
import { enterMovement } from '../starting/movement-rows.ts'
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
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const { id, processId, number, start, events } = await enterMovement(tx, session, request.body)
        announced = await announce(tx, request, [start], events, processId)
        return { id, processId, number }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}
