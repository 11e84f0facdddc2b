import { Type } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { listImportedPeople } from '../../db/import-rows.ts'
import { findImport } from '../../db/imports.ts'
import { listJoiningPeople, listJoinings } from '../../db/joinings.ts'
import { findOrganization, lockOrganization } from '../../db/organizations.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import { joiningInstance } from '../../machines/instance-id.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { deliveryLabel, stateLabel } from '../../school/texts/labels.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { seenJoining } from '../joining-seen.ts'
import { languageOf } from '../language.ts'
import { namesOf } from '../people-names.ts'
import { wordedProblem } from '../problem-json.ts'
import { closed, Id, IdParams, Instant, InstanceId, Nullable, OneOf, PageOf, Problem } from '../schemas/common.ts'
import { audiences, Joining, joiningView } from '../schemas/joining.ts'
import { sortJoiningRows, type JoiningRowResult } from '../starting/joining-rows.ts'
import { checkTerm } from '../starting/link-term.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const lists = ['classIds', 'spaceIds', 'personIds', 'importId'] as const
/** One cohort holds an invitation for each (workflows/cohort.ts). */
const maxByName = 500

const NewJoinings = Type.Object(
  {
    audience: OneOf(audiences),
    classIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100, description: 'Классы целиком: в чат класса' })),
    spaceIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100, description: 'Чаты одного класса, и по предмету тоже' })),
    personIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 2000, description: 'Выбранные люди: каждый в чат своего класса' })),
    importId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Все, кто стоит в загруженном списке: каждый в чат своего класса' })),
    letters: Type.Optional(Type.Boolean({ description: 'Кому можно — письмом; остальным, а без этого всем — листом или ссылкой' })),
    expiresAt: Type.Optional(Instant),
  },
  closed,
)
const Started = Type.Object({
  started: Type.Integer(),
  rows: Type.Array(
    Type.Object({
      index: Type.Integer(),
      classId: Nullable(Id),
      status: OneOf(['started', 'refused']),
      id: Type.Optional(Id),
      processId: Type.Optional(InstanceId),
      number: Type.Optional(Type.String({ description: 'Номер ссылки' })),
      people: Type.Optional(Type.Integer()),
      byLetter: Type.Optional(Type.Integer()),
      problem: Type.Optional(Problem),
    }),
  ),
  leftOut: Type.Array(Type.Object({ personId: Id, problem: Problem }), { description: 'Кого не пригласили и почему' }),
})
const Preview = Type.Object({
  rows: Type.Array(Type.Object({ index: Type.Integer(), classId: Nullable(Id), space: Type.Optional(Type.String({ description: 'Чат' })), people: Type.Integer(), byLetter: Type.Integer(), problem: Type.Optional(Problem) })),
  leftOut: Type.Array(Type.Object({ personId: Id, problem: Problem })),
})
const Card = Type.Interface([Joining], {
  members: Type.Optional(
    Type.Array(Type.Object({ personId: Id, name: Type.String(), invitationId: Nullable(Id), processId: Nullable(InstanceId), state: Nullable(Type.String()), stateTitle: Nullable(Type.String()), delivery: Nullable(Type.String()) }), {
      description: 'Только там, где школа ведёт список поимённо',
    }),
  ),
})
const ListQuery = Type.Object({ ...PageQuery, classId: Type.Optional(Id), audience: Type.Optional(OneOf(audiences)), live: Type.Optional(Type.Boolean({ description: 'true — только идущие' })) }, closed)

/** Pupils and guardians of classes join their chats: one request, one cohort (domain.md 7.5). */
export function joiningRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db } = deps
  const tags = ['Ученики и родители']

  app.get('/joinings', { schema: { tags, summary: 'Кто из классов вступает в чаты: количество; владельцу чата — свои', querystring: ListQuery, response: { 200: PageOf(Joining) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, classId, ...filter } = request.query
    const after = decodeCursor(cursor, ['text', 'text'])
    return inSchool(db, session.orgId, async (tx) => {
      const joinings = await listJoinings(tx, { ...filter, classIds: classId === undefined ? undefined : [classId], ...(may(session, 'read') ? {} : { ownerId: session.personId }), after, limit: limit + 1 })
      const names = await namesOf(tx, joinings.map(({ ownerId }) => ownerId))
      return pageOf(joinings, limit, (joining) => joiningView(joining, names), ({ number, id }) => [number, id])
    })
  })

  app.get('/joinings/:id', { schema: { tags, summary: 'Сколько вступило; поимённо — если школа так решила', params: IdParams, response: { 200: Card } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const joining = await seenJoining(tx, sessionOf(request), request.params.id)
      const view = joiningView(joining, await namesOf(tx, [joining.ownerId]))
      if (!joining.byName) return view
      const members = await listJoiningPeople(tx, joining.id)
      return {
        ...view,
        members: members.map(({ personId, invitationId, processId, state, delivery, ...name }) => ({
          personId, name: fullName(name), invitationId, processId, state, stateTitle: state && stateLabel('invitation', state), delivery: delivery && deliveryLabel(delivery),
        })),
      }
    }),
  )

  app.post(
    '/joinings/preview',
    { config: { right: 'work', ownKey: true }, schema: { tags, summary: 'Кого пригласит такой запрос и кого нет (ничего не меняет, Idempotency-Key не нужен)', body: NewJoinings, response: { 200: Preview } } },
    async (request) => {
      const session = sessionOf(request)
      const { audience, letters = false, expiresAt, ...given } = request.body
      if (lists.filter((list) => given[list] !== undefined).length !== 1) throw invalidFields({ code: 'oneOfThese', path: '', params: { values: lists.join(', ') } })
      checkTerm(expiresAt, 'expiresAt')
      const lang = languageOf(request)
      return inSchool(db, session.orgId, async (tx) => {
        const byName = (await findOrganization(tx, session.orgId))!.settings.joiningByName ?? false
        const { rows, leftOut } = await sortJoiningRows(tx, session, { audience, ...given }, { byName, letters })
        return {
          rows: rows.map((row, index) =>
            'space' in row
              ? { index, classId: row.classId, space: row.space.name, people: row.people.length, byLetter: row.people.filter(({ byLetter }) => byLetter).length }
              : { index, classId: row.classId, people: 0, byLetter: 0, problem: wordedProblem(row.problem, lang) },
          ),
          leftOut: leftOut.map(({ personId, problem }) => ({ personId, problem: wordedProblem(problem, lang) })),
        }
      })
    },
  )

  app.post(
    '/joinings',
    { config: { right: 'work' }, schema: { tags, summary: 'Пригласить учеников или родителей в чаты: классами, чатами или списком людей', body: NewJoinings, response: { 202: Started } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { audience, letters = false, importId, ...given } = request.body
      if (lists.filter((list) => request.body[list] !== undefined).length !== 1) throw invalidFields({ code: 'oneOfThese', path: '', params: { values: lists.join(', ') } })
      const expiresAt = checkTerm(request.body.expiresAt, 'expiresAt')
      const lang = languageOf(request)
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const { settings } = (await findOrganization(tx, session.orgId))!
        const byName = settings.joiningByName ?? false
        const reviewed = byName && audience === 'student' && settings.pupilRequests === true
        const listed = importId === undefined ? {} : { personIds: await peopleOf(tx, importId, audience) }
        const { rows, leftOut } = await sortJoiningRows(tx, session, { audience, ...given, ...listed }, { byName, letters })
        const ready = rows.flatMap((row) => ('space' in row ? [row] : []))
        if (ready.length === 0) throw refusalOfAll(rows, leftOut.map(({ problem }) => problem))
        if (byName && ready.reduce((sum, { people }) => sum + people.length, 0) > maxByName) throw invalidFields({ code: 'listTooLong', path: lists.find((list) => request.body[list])!, params: { limit: maxByName } })
        const started = new Map<JoiningRowResult, { id: string; linkId: string; number: string }>()
        for (const row of ready) started.set(row, { id: newId('joi'), linkId: newId('lnk'), number: await nextPublicNumber(tx, session.orgId, 'ПР') })
        const start = ready.map((row) => {
          const { id, linkId, number } = started.get(row)!
          const input = { joiningId: id, spaceId: row.space.id, classId: row.classId, audience, ownerId: row.space.ownerId, byName, linkId, number, ...(expiresAt && { expiresAt }), ...(reviewed && { reviewed }), people: row.people }
          return { id: joiningInstance(id), kind: 'chatJoining', input }
        })
        announced = await announce(tx, request, start, [])
        return {
          started: ready.length,
          rows: rows.map((row, index) => {
            if (!('space' in row)) return { index, classId: row.classId, status: 'refused' as const, problem: wordedProblem(row.problem, lang) }
            const { id, number } = started.get(row)!
            return { index, classId: row.classId, status: 'started' as const, id, processId: joiningInstance(id), number, people: row.people.length, byLetter: row.people.filter(({ byLetter }) => byLetter).length }
          }),
          leftOut: leftOut.map(({ personId, problem }) => ({ personId, problem: wordedProblem(problem, lang) })),
        }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}

/** Who stands in a file that was brought in, by file (R2.S-01, R2.7-01): its rows are kept for a month. */
async function peopleOf(tx: Queryable, importId: string, audience: 'student' | 'guardian'): Promise<string[]> {
  const found = await findImport(tx, importId)
  if (found?.state !== 'committed') throw invalidFields({ code: 'importUnknown', path: 'importId' })
  const people = await listImportedPeople(tx, importId, audience)
  if (people.length === 0) throw invalidFields({ code: 'nobodyLeft', path: 'importId' })
  return people
}

/** Nothing can start: who may not invite into any of them is not asked about the rest. */
function refusalOfAll(rows: readonly JoiningRowResult[], leftOut: Parameters<typeof invalidFields>): Refusal {
  const problems = rows.flatMap((row) => ('problem' in row ? [row.problem] : []))
  if (problems.length > 0 && problems.every(({ code }) => code === 'chatNotYours')) return new Refusal('notOwner')
  const live = problems.find(({ code }) => code === 'joiningLive')
  if (live && problems.every(({ code }) => code === 'joiningLive')) return new Refusal('alreadyLive', { params: { number: live.params!.number! }, problems })
  return invalidFields(...problems, ...leftOut)
}
