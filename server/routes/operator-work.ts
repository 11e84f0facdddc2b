import { Type } from 'typebox'
import { asOperator, asService, inSchool } from '../../db/connection.ts'
import { findCohort, findSchoolOfLetter, hastenLetter, letterLists, listOperatorLetters, listStuck, readSchoolNames, type LetterList } from '../../db/operator-work.ts'
import { readStep } from '../../db/steps.ts'
import { letterLabel, processLabel, stateLabel } from '../../school/texts/labels.ts'
import type { CohortInput, IncomingEvent } from '../../workflows/messages.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { closed, Id, IdParams, InstanceId, Nullable, OneOf, PageOf } from '../schemas/common.ts'
import { Ready, readiness } from './status.ts'

const lists = Object.keys(letterLists) as LetterList[]
const School = Type.Object({ id: Id, shortName: Type.String() })

export const OperatorLetterLine = Type.Object({
  id: InstanceId,
  school: School,
  code: Type.String(),
  title: Type.String(),
  state: Type.String(),
  stateTitle: Type.String(),
  attempts: Type.Integer(),
  lastError: Nullable(Type.String()),
  queuedAt: Type.String(),
  nextAttemptAt: Nullable(Type.String()),
})
export const StuckLine = Type.Object({ cohortId: Id, school: School, trouble: OneOf(['notStarted', 'late']), since: Type.String(), titles: Type.Array(Type.String()) })

/** A start is made up for after seconds, a deadline within half a minute (activities/make-up.ts): what is older than this needs a look, s. */
const startedWithin = 60
const actedWithin = 120
/** As many as anybody goes through in one sitting. */
const shown = 100

/** What the operator looks after: the parts of the service, letters that do not get out, processes that stand still. No personal data. */
export function operatorWorkRoutes(app: App, { db, dispatcher, ready }: Pick<AppDeps, 'db' | 'dispatcher' | 'ready'>): void {
  const config = { right: 'operate' } as const
  const again = { ...config, ownKey: true } as const
  const tags = ['Оператор']
  const named = async (ids: readonly string[]) => {
    const names = await asService(db, (tx) => readSchoolNames(tx, [...new Set(ids)]))
    return (id: string) => ({ id, shortName: names.get(id) ?? '' })
  }

  app.get('/operator/health', { config, schema: { tags, summary: 'Части службы: то же, что /ready, всегда с ответом 200', response: { 200: Ready } } }, () => readiness(ready))

  app.get(
    '/operator/letters',
    { config, schema: { tags, summary: 'Письма всех школ, которые ждут или не ушли (без адресов и текста)', querystring: Type.Object({ ...PageQuery, list: OneOf(lists) }, closed), response: { 200: PageOf(OperatorLetterLine) } } },
    async (request) => {
      const { limit, cursor, list } = request.query
      const letters = await asOperator(db, (tx) => listOperatorLetters(tx, { list, after: decodeCursor(cursor, ['instant', 'text']), limit: limit + 1 }))
      const school = await named(letters.map(({ orgId }) => orgId))
      return pageOf(
        letters,
        limit,
        ({ id, orgId, code, state, attempts, lastError, queuedAt, nextAttemptAt, settledAt }) => ({
          id, school: school(orgId), code, title: letterLabel(code), state, stateTitle: stateLabel('letter', state), attempts, lastError, queuedAt: queuedAt.toISOString(), nextAttemptAt: settledAt ? null : nextAttemptAt.toISOString(),
        }),
        ({ queuedAt, id }) => [queuedAt.toISOString(), id],
      )
    },
  )

  app.post('/operator/letters/:id/hasten', { config: again, schema: { tags, summary: 'Отправить ждущее письмо со следующим заходом, не дожидаясь его времени (Idempotency-Key не нужен)', params: IdParams, response: { 200: Type.Object({ id: InstanceId }) } } }, async (request) => {
    const { id } = request.params
    const orgId = await asService(db, (tx) => findSchoolOfLetter(tx, id))
    if (orgId === undefined || !(await inSchool(db, orgId, (tx) => hastenLetter(tx, id)))) throw new Refusal('notFound')
    return { id }
  })

  app.get('/operator/stuck', { config, schema: { tags, summary: 'Процессы, которые стоят, хотя не должны', response: { 200: Type.Object({ items: Type.Array(StuckLine) }) } } }, async () => {
    const stuck = await asOperator(db, (tx) => listStuck(tx, { startedWithin, actedWithin, limit: shown }))
    const school = await named(stuck.map(({ orgId }) => orgId))
    return { items: stuck.map(({ cohortId, orgId, trouble, since, kinds }) => ({ cohortId, school: school(orgId), trouble, since: since.toISOString(), titles: kinds.map(processLabel) })) }
  })

  app.post('/operator/stuck/:id/retry', { config: again, schema: { tags, summary: 'Запустить или продолжить такой процесс; повтор ничего не меняет (Idempotency-Key не нужен)', params: IdParams, response: { 200: Type.Object({ id: Id }) } } }, async (request) => {
    const { id } = request.params
    const cohort = await asService(db, (tx) => findCohort<CohortInput>(tx, id))
    if (!cohort || cohort.status === 'ended') throw new Refusal('notFound')
    const { orgId, workflowId, input, recorded } = cohort
    const first = await inSchool(db, orgId, (tx) => readStep(tx, id, 1))
    // As activities/resume-cohort.ts does by itself.
    if (first) await dispatcher.resume(workflowId, { orgId, cohortId: id, start: [], events: first.inputs as IncomingEvent[] }, recorded)
    else if (input) await dispatcher.start(workflowId, input)
    return { id }
  })
}
