import { Type, type Static } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { insertJournal } from '../../db/journal.ts'
import { findDeclinedGuardians } from '../../db/joinings.ts'
import { findLink, findLinkUrl, listLinks, listRecipients, type LinkRow } from '../../db/link-queries.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { findPeople } from '../../db/people.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import { open } from '../../db/sealed.ts'
import { linkInstance } from '../../machines/instance-id.ts'
import { platformRoles } from '../../machines/link-term.ts'
import type { Audience } from '../../school/space-kinds.ts'
import { may, sessionOf, type Session } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal, type FieldProblem } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { audienceProblem, checkPlace } from '../inviting.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, Instant, InstanceId, Name, Nullable, OneOf, PageOf } from '../schemas/common.ts'
import { checkTerm } from '../starting/link-term.ts'
import { findInvited } from '../starting/starting-invitations.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'
import { closeReasonLabel, deliveryLabel, stateLabel } from '../../school/texts/labels.ts'

const targets = ['staffRoom', 'class', 'chat'] as const

export const Link = Type.Object({
  id: Id,
  processId: InstanceId,
  number: Type.String(),
  target: OneOf(targets),
  targetId: Type.String(),
  targetName: Type.String({ description: 'Название класса или чата' }),
  owner: Nullable(Type.Object({ id: Id, name: Type.String() })),
  platformRole: OneOf(platformRoles),
  scope: OneOf(['group', 'personal']),
  state: Type.String(),
  stateTitle: Type.String({ description: '«Срок истёк» вычисляется по часам базы, даже если таймер ещё не сработал' }),
  platformState: OneOf(['none', 'live', 'revoked']),
  issuedAt: Nullable(Type.String()),
  expiresAt: Nullable(Type.String()),
  closeReason: Nullable(Type.String()),
  termOver: Type.Boolean({ description: 'Срок истёк, а процесс этого ещё не отметил' }),
  annulSince: Nullable(Type.String({ description: 'С какого времени её нужно аннулировать на платформе' })),
  recipients: Type.Integer(),
  joined: Type.Integer(),
})

export const LinkCard = Type.Interface([Link], {
  people: Type.Array(Type.Object({ invitationId: Id, processId: InstanceId, personId: Id, name: Type.String(), state: Type.String(), stateTitle: Type.String(), delivery: Type.String(), deliveryTitle: Type.String() })),
})

const NewLink = Type.Object(
  {
    target: OneOf(targets),
    targetId: Type.Optional(Type.String({ maxLength: 64, description: 'Класс или чат: id из /classes или /spaces' })),
    platformRole: OneOf(platformRoles),
    recipients: Type.Array(Type.Object({ personId: Id }, closed), { maxItems: 500 }),
    closedList: Type.Optional(Type.Boolean({ description: 'Больше никого не добавят: ссылка закроется, когда ждать некого' })),
    expiresAt: Type.Optional(Instant),
  },
  closed,
)

const ListQuery = Type.Object({ ...PageQuery, targetId: Type.Optional(Id), state: Type.Optional(Name), platformState: Type.Optional(OneOf(['none', 'live', 'revoked'])), target: Type.Optional(OneOf(targets)), toAnnul: Type.Optional(Type.Boolean({ description: 'true — только те, которые нужно аннулировать на платформе' })) }, closed)

const view = ({ issuedAt, expiresAt, annulSince, closeReason, ownerId, ...link }: LinkRow, names: ReadonlyMap<string, string>): Static<typeof Link> => ({
  ...link,
  owner: ownerId === null ? null : { id: ownerId, name: names.get(ownerId) ?? '' },
  issuedAt: issuedAt && issuedAt.toISOString(),
  expiresAt: expiresAt && expiresAt.toISOString(),
  annulSince: annulSince && annulSince.toISOString(),
  closeReason: closeReason && closeReasonLabel(closeReason),
  stateTitle: link.termOver ? 'Срок истёк' : stateLabel('inviteLink', link.state),
})

/** The register of invite links (domain.md 7.3). */
export function linkRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db, keys } = deps
  const tags = ['Ссылки']

  app.get('/links', { schema: { tags, summary: 'Реестр ссылок-приглашений; владельцу чата — свои', querystring: ListQuery, response: { 200: PageOf(Link) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['text', 'text'])
    return inSchool(db, session.orgId, async (tx) => {
      const links = await listLinks(tx, { ...filter, ...ownOnly(session), after, limit: limit + 1 })
      const names = await namesOf(tx, links.map(({ ownerId }) => ownerId))
      return pageOf(links, limit, (link) => view(link, names), ({ number, id }) => [number, id])
    })
  })

  app.get('/links/:id', { schema: { tags, summary: 'Ссылка и её адресаты', params: IdParams, response: { 200: LinkCard } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const link = await known(tx, sessionOf(request), request.params.id)
      const recipients = await listRecipients(tx, link.id)
      const names = await namesOf(tx, [link.ownerId, ...recipients.map(({ personId }) => personId)])
      return { ...view(link, names), people: recipients.map((recipient) => ({ ...recipient, name: names.get(recipient.personId) ?? '', stateTitle: stateLabel('invitation', recipient.state), deliveryTitle: deliveryLabel(recipient.delivery) })) }
    }),
  )

  app.post('/links/:id/reveal', { config: { right: 'reveal' }, schema: { tags, summary: 'Показать адрес ссылки (записывается в журнал)', params: IdParams, response: { 200: Type.Object({ url: Type.String() }) } } }, async (request, reply) => {
    const session = sessionOf(request)
    return inCommand(deps, request, reply, 200, async (tx) => {
      const { id } = await known(tx, session, request.params.id)
      const sealed = await findLinkUrl(tx, id)
      if (sealed === undefined) throw new Refusal('urlErased')
      await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: 'linkShown', object: id })
      return { url: open(keys, sealed, 'linkUrl') }
    })
  })

  app.post(
    '/links',
    { config: { right: 'work' }, schema: { tags, summary: 'Завести ссылку с адресатами: администратору или владельцу чата', body: NewLink, response: { 202: Type.Object({ id: Id, processId: InstanceId, number: Type.String() }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const expiresAt = checkTerm(request.body.expiresAt, 'expiresAt')
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const { target, platformRole, closedList, recipients } = request.body
        const { targetId, ownerId } = await checkPlace(tx, session, request.body)
        const people = await checkRecipients(tx, recipients, { target, targetId, platformRole })
        const id = newId('lnk')
        const number = await nextPublicNumber(tx, session.orgId, 'ПР')
        const processId = linkInstance(id)
        const input = { linkId: id, number, target, targetId, platformRole, scope: 'group', ...(ownerId && { ownerId }), ...(closedList && { closedList }), ...(expiresAt && { expiresAt }) }
        const events = people.map(({ id: personId, email }) => ({
          to: processId,
          event: { type: 'PERSON_ADDED', personId, facts: { invitationId: newId('inv'), email: email !== null, liveInvitation: false, staffRoomExists: true } },
        }))
        const first = events.length > 0 ? events : [{ to: processId, event: { type: 'TASK_ISSUED', facts: { staffRoomExists: true } } }]
        announced = await announce(tx, request, [{ id: processId, kind: 'inviteLink', input }], first)
        return { id, processId, number }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}

/** Who does not read everything sees links into chats of their own. */
const ownOnly = (session: Session) => (may(session, 'read') ? {} : { ownerId: session.personId })

async function known(tx: Queryable, session: Session, id: string): Promise<LinkRow> {
  const link = await findLink(tx, id)
  if (!link || (!may(session, 'read') && link.ownerId !== session.personId)) throw new Refusal('notFound')
  return link
}

/** Everybody is known, named once, at the school in the role, without a live invitation to the same place, and has not said no for good (BR-06, BR-09, BR-19). */
async function checkRecipients(tx: Queryable, recipients: readonly { personId: string }[], place: { target: string; targetId: string; platformRole: Audience }) {
  const ids = recipients.map(({ personId }) => personId)
  const people = new Map((await findPeople(tx, ids)).map((person) => [person.id, person]))
  const live = await findInvited(tx, ids, place)
  const declined = place.platformRole === 'guardian' ? await findDeclinedGuardians(tx, ids, place) : new Set<string>()
  const problems = ids.flatMap((personId, index): FieldProblem[] => {
    const path = `recipients.${index}.personId`
    const person = people.get(personId)
    if (!person) return [{ code: 'personUnknown', path }]
    if (ids.indexOf(personId) !== index) return [{ code: 'rowRepeated', path, params: { row: ids.indexOf(personId) + 1 } }]
    if (declined.has(personId)) return [{ code: 'guardianDeclined', path }]
    const number = live.get(personId)
    if (number !== undefined) return [{ code: 'invitationLive', path, params: { number } }]
    const problem = audienceProblem(person, place.platformRole, path)
    return problem ? [problem] : []
  })
  const [first] = problems
  if (first && problems.every(({ code }) => code === 'invitationLive')) throw new Refusal('alreadyLive', { params: { number: first.params!.number! }, problems })
  if (first) throw new Refusal('invalid', { problems })
  return ids.map((id) => people.get(id)!)
}
