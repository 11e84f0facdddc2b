import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { listJoinings, type JoiningRow } from '../../db/joinings.ts'
import { definitionOf } from '../../machines/catalogue.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { linkInstance } from '../../machines/instance-id.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import { bodyOf } from '../allowed-events.ts'
import { may, sessionOf, type Session } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields } from '../failures.ts'
import { fieldRules } from '../field-rules.ts'
import { eventIdOf } from '../idempotency.ts'
import { looksAfter } from '../joining-seen.ts'
import { languageOf } from '../language.ts'
import { prepareFields } from '../prepare-fields.ts'
import { problemOf, wordedProblem } from '../problem-json.ts'
import { refusalOf } from '../refusals.ts'
import { closed, Id, Instant, OneOf, Problem, Reason } from '../schemas/common.ts'
import { audiences } from '../schemas/joining.ts'
import { checkTerm } from '../starting/link-term.ts'

const which = {
  joiningIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 200 })),
  classIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100, description: 'Все идущие вступления этих классов' })),
  audience: Type.Optional(OneOf(audiences)),
}
const Extension = Type.Object({ ...which, expiresAt: Type.Optional(Instant), reason: Reason }, closed)
const Revocation = Type.Object({ ...which, reason: Type.Optional(OneOf(['unclaimed', 'wrongRole', 'personLeft', 'superseded'])), comment: Type.Optional(Reason) }, closed)
const Done = Type.Object({
  done: Type.Integer(),
  rows: Type.Array(Type.Object({ id: Id, className: Type.String(), audience: OneOf(audiences), number: Type.String(), status: OneOf(['done', 'refused']), problem: Type.Optional(Problem) })),
})

/** Links that are not there yet are called off. */
const notYet = ['requested', 'creating', 'creationFailed']

interface Which {
  joiningIds?: readonly string[]
  classIds?: readonly string[]
  audience?: string
}

/** Links of whole classes extended or revoked at once, each row with its result (domain.md 1, principle 7). */
export function joiningTermRoutes(app: App, { db, dispatcher, keys }: Pick<AppDeps, 'db' | 'dispatcher' | 'keys'>): void {
  const tags = ['Ученики и родители']

  async function tellAll(request: FastifyRequest, asked: Which, eventFor: (joining: JoiningRow) => AnyEvent) {
    const session = sessionOf(request)
    const { joinings, rules } = await inSchool(db, session.orgId, async (tx) => ({
      joinings: await chosen(session, asked, (filter) => listJoinings(tx, filter)),
      rules: await fieldRules(tx, session.orgId, keys),
    }))
    const allowed = joinings.filter((joining) => looksAfter(session, joining))
    const events = allowed.map((joining): IncomingEvent => {
      const { type, ...fields } = eventFor(joining)
      const event = { type, ...prepareFields(bodyOf(definitionOf('inviteLink').events[type]), fields, '', rules), by: session.personId }
      return { id: eventIdOf(request, joining.linkId), to: linkInstance(joining.linkId), event, actor: { kind: 'person', personId: session.personId } }
    })
    const results = events.length > 0 ? await dispatcher.deliver(events) : []
    const rows = joinings.map((joining) => {
      const { id, className, audience, number } = joining
      const row = { id, className, audience, number }
      const at = allowed.indexOf(joining)
      if (at < 0) return { ...row, status: 'refused' as const, problem: wordedProblem({ code: 'chatNotYours', path: '' }, languageOf(request)) }
      const result = results[at]!
      if (result.accepted) return { ...row, status: 'done' as const }
      const { problems, detail, type } = problemOf(request, refusalOf(result, 'inviteLink', events[at]!.event.type))
      return { ...row, status: 'refused' as const, problem: problems?.[0] ?? { code: type.split(':').at(-1)!, path: '', message: detail } }
    })
    return { done: rows.filter(({ status }) => status === 'done').length, rows }
  }

  app.post('/joinings/extend', { config: { right: 'work' }, schema: { tags, summary: 'Продлить ссылки классов', body: Extension, response: { 200: Done } } }, async (request) => {
    const { expiresAt: until, reason, ...asked } = request.body
    const expiresAt = checkTerm(until, 'expiresAt')
    return tellAll(request, asked, () => ({ type: 'EXTEND', reason, ...(expiresAt && { expiresAt }) }))
  })

  app.post('/joinings/revoke', { config: { right: 'work' }, schema: { tags, summary: 'Закрыть ссылки классов', body: Revocation, response: { 200: Done } } }, async (request) => {
    const { reason, comment, ...asked } = request.body
    return tellAll(request, asked, ({ linkState }) =>
      notYet.includes(linkState) ? { type: 'CANCEL', ...(comment && { reason: comment }) } : { type: 'REVOKE', ...(reason && { reason }), ...(comment && { comment }) },
    )
  })
}

/** The joinings asked for: those named, all known to the person; or all that go on in the classes, as far as they see them. */
async function chosen(session: Session, { joiningIds, classIds, audience }: Which, list: (filter: Parameters<typeof listJoinings>[1]) => Promise<JoiningRow[]>): Promise<JoiningRow[]> {
  if ((joiningIds === undefined) === (classIds === undefined)) throw invalidFields({ code: 'oneOfThese', path: '', params: { values: 'joiningIds, classIds' } })
  const found = await list({ ids: joiningIds, classIds, audience, ...(classIds && { live: true }), ...(may(session, 'read') ? {} : { ownerId: session.personId }) })
  const missing = (joiningIds ?? []).flatMap((id, index) => (found.some((joining) => joining.id === id) ? [] : [{ code: 'joiningUnknown', path: `joiningIds.${index}` } as const]))
  if (missing.length > 0) throw invalidFields(...missing)
  return found
}
