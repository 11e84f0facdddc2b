import type { FastifyRequest } from 'fastify'
import type { Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { takeFoundMovement } from '../../db/import-movements.ts'
import { insertMovement, listLiveMovements } from '../../db/movements.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import type { AnyEvent, SpawnInstance } from '../../machines/effects.ts'
import type { Session } from '../authentication.ts'
import { factsFor } from '../facts/index.ts'
import { Refusal } from '../failures.ts'
import { problemOf } from '../problem-json.ts'
import { processKindOf, type NewMovement } from '../schemas/movement.ts'
import { refuseIllegalStart } from './dry-run.ts'
import { checkMovement } from './movement-request.ts'

/** A movement that stands in the register and can begin. */
export interface EnteredMovement {
  id: string
  processId: string
  number: string
  start: SpawnInstance
  events: { to: string; event: AnyEvent }[]
}

/** Enters one movement. Throws the refusal that says why not; then nothing of it is there. */
export async function enterMovement(tx: Queryable, session: Session, body: NewMovement): Promise<EnteredMovement> {
  const { fromClassId, details, effectiveAt } = await checkMovement(tx, session, body)
  const { kind, personId, effectiveOn, toClassId, reason } = body
  const live = (await listLiveMovements(tx, personId)).find((other) => other.kind === kind && other.effectiveOn === effectiveOn)
  if (live) throw new Refusal('alreadyLive', { params: { number: live.number }, extras: { id: live.id, processId: live.processId } })
  const id = newId('mov')
  const processId = `movement:${id}`
  const input = { movementId: id, kind, personId, effectiveOn, effectiveAt, ...(fromClassId && { fromClassId }), ...(toClassId && { toClassId }), ...(reason && { reason }), details }
  const start = { id: processId, kind: processKindOf(kind), input }
  const events: AnyEvent[] = body.draft ? [] : [{ type: 'SUBMIT' }]
  if (body.orderId !== undefined) {
    const process = { id: processId, kind: start.kind, state: 'draft', context: input }
    events.push({ type: 'ORDER_ATTACHED', orderId: body.orderId, facts: await factsFor({ tx, session, process, fields: { orderId: body.orderId } }, 'ORDER_ATTACHED') })
  }
  const addressed = events.map((event) => ({ to: processId, event }))
  const actor = { kind: 'person', personId: session.personId } as const
  refuseIllegalStart({ orgId: session.orgId, cohortId: '', openedBy: session.personId, start: [start], events: addressed.map(({ to, event }, at) => ({ id: String(at), to, event: { ...event, by: session.personId }, actor })) })

  const number = await nextPublicNumber(tx, session.orgId, 'ДВ')
  await insertMovement(tx, session.orgId, { id, processId, number, kind, personId, effectiveOn, fromClassId, toClassId: toClassId ?? null, reason: reason ?? null, details, membershipId: newId('mem') })
  await takeFoundMovement(tx, { id, kind, personId })
  return { id, processId, number, start: { ...start, input: { ...input, number } }, events: addressed }
}

/** What became of a row of a list. */
export type MovementRowResult = { entered: EnteredMovement } | { refusal: Refusal }

/** Enters every row on its own: what is right is entered, whatever stands beside it (domain.md 1, principle 7). */
export async function enterMovements(tx: Queryable, session: Session, rows: readonly NewMovement[]): Promise<MovementRowResult[]> {
  const results: MovementRowResult[] = []
  for (const row of rows) {
    try {
      results.push({ entered: await enterMovement(tx, session, row) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      results.push({ refusal: error })
    }
  }
  return results
}

/** Why a row was refused, field by field, with the place of the row in the list. */
export function rowProblems(request: FastifyRequest, refusal: Refusal, path: string) {
  const { problems, detail, type } = problemOf(request, refusal)
  const said = problems ?? [{ code: type.split(':').at(-1)!, path: '', message: detail }]
  return said.map((problem) => ({ ...problem, path: [path, problem.path].filter(Boolean).join('.') }))
}
