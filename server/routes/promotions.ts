import { Type, type Static } from 'typebox'
import { findClass } from '../../db/classes.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { countDecisions, decide, findPromotion, findPromotionOfYear, insertPromotion, listDecisions, listPromotions, type PromotionRow } from '../../db/promotions.ts'
import { lockPromotion } from '../../db/promotion-work.ts'
import { countWorkflows } from '../../db/start-queries.ts'
import { promotionDecisions, staysInSchool, type PromotionDecision } from '../../machines/promotion-decision.ts'
import { academicYearAfter, academicYearLabel } from '../../school/calendar/academic-year.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import { promotionDecisionLabel } from '../../school/texts/promotion-labels.ts'
import { yearOrCurrent } from '../academic-year.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal, type FieldProblem } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { AcademicYear, closed, Id, IdParams, InstanceId, Nullable, OneOf, PageOf, Reason } from '../schemas/common.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const kind = 'yearEndPromotion'

export const Promotion = Type.Object({ id: Id, processId: Nullable(InstanceId), fromYear: AcademicYear, toYear: AcademicYear, title: Type.String(), state: Type.String(), stateTitle: Type.String() })
/** The year that ends; absent: the current one. */
const NewPromotion = Type.Object({ fromYear: Type.Optional(AcademicYear) }, closed)
export const PromotionSummary = Type.Interface([Promotion], {
  classes: Type.Array(Type.Object({ classId: Id, className: Type.String(), decision: OneOf(promotionDecisions), decisionTitle: Type.String(), pupils: Type.Integer() })),
})

export const PromotionChoice = Type.Object({
  membershipId: Id,
  personId: Id,
  name: Type.String(),
  classId: Id,
  className: Type.String(),
  decision: OneOf(promotionDecisions),
  decisionTitle: Type.String(),
  targetClassId: Nullable(Id),
  targetClassName: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  decidedBy: Nullable(Id),
})
const NewDecisions = Type.Object(
  {
    decisions: Type.Array(
      Type.Object({ membershipId: Id, decision: OneOf(promotionDecisions), targetClassId: Type.Optional(Id), reason: Type.Optional(Reason) }, closed),
      { minItems: 1, maxItems: 500 },
    ),
  },
  closed,
)
const ListQuery = Type.Object({ ...PageQuery, classId: Type.Optional(Id), decision: Type.Optional(OneOf(promotionDecisions)) }, closed)

const view = ({ id, processId, fromYear, toYear, state }: PromotionRow): Static<typeof Promotion> => ({
  id,
  processId,
  fromYear,
  toYear,
  title: `Перевод на ${academicYearLabel(toYear)} учебный год`,
  state,
  stateTitle: stateLabel(kind, state),
})

/** The year's end of a school (domain.md 7.11). What it does goes through /processes like everything else. */
export function promotionRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db } = deps
  const tags = ['Конец года']

  app.get('/promotions', { config: { right: 'read' }, schema: { tags, summary: 'Переводы на следующий год', response: { 200: Type.Object({ items: Type.Array(Promotion) }) } } }, async (request) => ({
    items: (await inSchool(db, sessionOf(request).orgId, listPromotions)).map(view),
  }))

  app.get('/promotions/:id', { config: { right: 'read' }, schema: { tags, summary: 'Перевод: сколько каких решений по классам', params: IdParams, response: { 200: PromotionSummary } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => ({
      ...view(await known(tx, request.params.id)),
      classes: (await countDecisions(tx, request.params.id)).map((row) => ({ ...row, decisionTitle: promotionDecisionLabel(row.decision) })),
    })),
  )

  app.post(
    '/promotions',
    { config: { right: 'run' }, schema: { tags, summary: 'Начать перевод на следующий учебный год', body: NewPromotion, response: { 202: Type.Object({ id: Id, processId: InstanceId }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const fromYear = await yearOrCurrent(tx, request.body.fromYear, 'fromYear')
        const live = await findPromotionOfYear(tx, fromYear)
        if (live) throw new Refusal('alreadyLive', { params: { number: academicYearLabel(fromYear) }, extras: { id: live.id, processId: live.processId } })
        const id = newId('prm')
        const toYear = academicYearAfter(fromYear)
        await insertPromotion(tx, session.orgId, { id, fromYear, toYear })
        const key = `promotion:${session.orgId}:${fromYear}`
        const before = await countWorkflows(tx, key)
        const processId = before === 0 ? key : `${key}:${before + 1}`
        announced = await announce(tx, request, [{ id: processId, kind, input: { promotionId: id, fromYear, toYear } }], [], processId)
        return { id, processId }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )

  app.get('/promotions/:id/decisions', { schema: { tags, summary: 'Решения по ученикам; классному руководителю — его класса', params: IdParams, querystring: ListQuery, response: { 200: PageOf(PromotionChoice) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, ...filter } = request.query
    const [after] = decodeCursor(cursor, ['text']) ?? []
    const rows = await inSchool(db, session.orgId, async (tx) => {
      await known(tx, request.params.id)
      const classTeacher = may(session, 'read') ? undefined : session.personId
      return listDecisions(tx, request.params.id, { ...filter, classTeacher, after, limit: limit + 1 })
    })
    return pageOf(rows, limit, (row) => ({ ...row, decisionTitle: promotionDecisionLabel(row.decision) }), ({ membershipId }) => [membershipId])
  })

  app.post(
    '/promotions/:id/decisions',
    { config: { right: 'run' }, schema: { tags, summary: 'Изменить решения: от одного до 500', params: IdParams, body: NewDecisions, response: { 200: Type.Object({ changed: Type.Integer() }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      return inCommand(deps, request, reply, 200, async (tx) => {
        const promotion = await known(tx, request.params.id)
        await lockPromotion(tx, promotion.id)
        // The list that people confirm does not change under their hands: it is returned first.
        const { state } = await known(tx, promotion.id)
        if (state !== 'drafting') throw new Refusal('promotionClosed', { params: { state: stateLabel(kind, state) } })
        const rows = request.body.decisions.map(({ membershipId, decision, targetClassId, reason }) => ({ membershipId, decision, targetClassId: targetClassId ?? null, reason: reason ?? null }))
        await refuseWrongTargets(tx, promotion, rows)
        const written = new Set(await decide(tx, promotion.id, session.personId, rows))
        const unknown = rows.flatMap(({ membershipId }, index): FieldProblem[] => (written.has(membershipId) ? [] : [{ code: 'pupilNotInList', path: `decisions.${index}.membershipId` }]))
        if (unknown.length > 0) throw invalidFields(...unknown)
        return { changed: written.size }
      })
    },
  )
}

async function known(tx: Queryable, id: string): Promise<PromotionRow> {
  const promotion = await findPromotion(tx, id)
  if (!promotion) throw new Refusal('notFound')
  return promotion
}

/** Who stays has a class of the next year; who does not has none. */
async function refuseWrongTargets(tx: Queryable, { toYear }: PromotionRow, rows: readonly { decision: PromotionDecision; targetClassId: string | null }[]): Promise<void> {
  const problems: FieldProblem[] = []
  const known = new Map<string, boolean>()
  for (const [index, { decision, targetClassId }] of rows.entries()) {
    const path = `decisions.${index}.targetClassId`
    const stays = staysInSchool.includes(decision)
    if (targetClassId === null) {
      if (stays) problems.push({ code: 'fieldRequired', path })
    } else if (!stays) problems.push({ code: 'fieldUnknown', path })
    else {
      if (!known.has(targetClassId)) {
        const found = await findClass(tx, targetClassId)
        known.set(targetClassId, found?.academicYear === toYear && found.closedAt === null)
      }
      if (!known.get(targetClassId)) problems.push({ code: 'classNotOfNextYear', path })
    }
  }
  if (problems.length > 0) throw new Refusal('invalid', { problems })
}
