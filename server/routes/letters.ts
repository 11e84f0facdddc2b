import { Type, type Static } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { settleByPerson } from '../../db/letter-decision.ts'
import { findLetter, listLetters, type LetterLine } from '../../db/letter-queries.ts'
import { openLetter } from '../../db/letters.ts'
import { tellsOwner } from '../../machines/letter-catalogue.ts'
import { letterLabel, stateLabel } from '../../school/texts/labels.ts'
import { maskEmail } from '../../school/texts/mask-email.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { closed, IdParams, InstanceId, Name, Nullable, OneOf, PageOf } from '../schemas/common.ts'

export const Line = Type.Object({
  id: InstanceId,
  processId: InstanceId,
  code: Type.String(),
  title: Type.String(),
  state: Type.String(),
  stateTitle: Type.String(),
  outside: Type.Boolean({ description: 'Письмо платформе, а не своим' }),
  urgent: Type.Boolean(),
  attempts: Type.Integer(),
  lastError: Nullable(Type.String()),
  queuedAt: Type.String(),
  nextAttemptAt: Nullable(Type.String()),
  settledAt: Nullable(Type.String()),
})
export const Letter = Type.Interface([Line], { to: Nullable(Type.String()), subject: Nullable(Type.String()), body: Nullable(Type.String({ description: 'Личная ссылка скрыта' })) })

const ListQuery = Type.Object({ ...PageQuery, state: Type.Optional(Name), code: Type.Optional(Name), process: Type.Optional(InstanceId) }, closed)

const view = ({ id, processId, code, state, outside, urgent, attempts, lastError, queuedAt, nextAttemptAt, settledAt }: LetterLine): Static<typeof Line> => ({
  id,
  processId,
  code,
  title: letterLabel(code),
  state,
  stateTitle: stateLabel('letter', state),
  outside,
  urgent,
  attempts,
  lastError,
  queuedAt: queuedAt.toISOString(),
  nextAttemptAt: settledAt ? null : nextAttemptAt.toISOString(),
  settledAt: settledAt && settledAt.toISOString(),
})

/** The outbox (domain.md 6.2). */
export function letterRoutes(app: App, { db, keys, dispatcher }: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const tags = ['Письма']

  app.get('/letters', { config: { right: 'read' }, schema: { tags, summary: 'Исходящие письма', querystring: ListQuery, response: { 200: PageOf(Line) } } }, async (request) => {
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    const letters = await inSchool(db, sessionOf(request).orgId, (tx) => listLetters(tx, { ...filter, after, limit: limit + 1 }))
    return pageOf(letters, limit, view, ({ queuedAt, id }) => [queuedAt.toISOString(), id])
  })

  app.get('/letters/:id', { config: { right: 'read' }, schema: { tags, summary: 'Письмо целиком', params: IdParams, response: { 200: Letter } } }, async (request) => {
    const session = sessionOf(request)
    const letter = await inSchool(db, session.orgId, (tx) => findLetter(tx, request.params.id))
    if (!letter) throw new Refusal('notFound')
    const opened = (column: 'address' | 'subject' | 'body') => (letter[column] === null ? null : openLetter(keys, letter.id, column, letter[column]))
    const to = opened('address')
    return { ...view(letter), to: to && (letter.outside || may(session, 'contacts') ? to : maskEmail(to)), subject: opened('subject'), body: opened('body') }
  })

  app.post(
    '/letters/:id/outcome',
    {
      config: { right: 'run' },
      schema: { tags, summary: 'Решить судьбу письма, исход которого неизвестен', params: IdParams, body: Type.Object({ outcome: OneOf(['arrived', 'sendAgain']) }, closed), response: { 200: Line } },
    },
    async (request) => {
      const { orgId, personId } = sessionOf(request)
      const { id } = request.params
      const { outcome } = request.body
      const decided = await inSchool(db, orgId, (tx) => settleByPerson(tx, id, outcome, personId, new Date()))
      if (!decided) throw new Refusal('notFound')
      // A repeat after a crash finds the letter settled and still has to tell its owner.
      if (!decided.decided && !(outcome === 'arrived' && decided.state === 'accepted')) throw new Refusal('letterSettled', { extras: { state: decided.state } })
      const letter = (await inSchool(db, orgId, (tx) => findLetter(tx, id)))!
      if (outcome === 'arrived' && tellsOwner(letter.code)) {
        const event = { type: 'LETTER_ACCEPTED', letterId: id, by: personId }
        await dispatcher.deliver([{ id: `letterArrived:${id}`, to: letter.processId, event, actor: { kind: 'person', personId } }])
      }
      return view(letter)
    },
  )
}
