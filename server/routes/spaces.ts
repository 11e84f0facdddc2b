import { Type, type Static } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { insertJournal } from '../../db/journal.ts'
import { findOrganization, lockOrganization } from '../../db/organizations.ts'
import { open } from '../../db/sealed.ts'
import { readSpacePlan } from '../../db/space-plan.ts'
import { findSpace, findSpaceUrl, listPlaces, listSpaces, type SpaceRow } from '../../db/spaces.ts'
import { findSubjects } from '../../db/subjects.ts'
import { listClasses } from '../../db/classes.ts'
import { spaceInstance } from '../../machines/instance-id.ts'
import { spaceKinds, spaceKindTable, spaceKindTitle } from '../../school/space-kinds.ts'
import type { PlannedSpace } from '../../school/space-plan.ts'
import { clauseLabel } from '../../school/texts/clause.ts'
import { yearOrCurrent } from '../academic-year.ts'
import { may, sessionOf, type Session } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { namesOf } from '../people-names.ts'
import { wordedProblem } from '../problem-json.ts'
import { AcademicYear, closed, Id, IdParams, InstanceId, Name, Nullable, OneOf, PageOf, Problem } from '../schemas/common.ts'
import { Space, spaceView } from '../schemas/structure.ts'
import { refuseIllegalStart } from '../starting/dry-run.ts'
import { checkSpaceRows } from '../starting/space-rows.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const kind = 'communicationSpace'
const maxRows = 500

const Planned = Type.Object({
  kind: OneOf(spaceKinds),
  kindTitle: Type.String(),
  classId: Nullable(Id),
  className: Nullable(Type.String()),
  subjectId: Nullable(Id),
  subjectName: Nullable(Type.String()),
  classGroup: Type.String(),
  name: Type.String(),
  owner: Nullable(Type.Object({ id: Id, name: Type.String() })),
  audience: Type.Array(Type.String()),
  clause: Type.String(),
})
const NewSpaces = Type.Object(
  {
    spaces: Type.Array(
      Type.Object(
        {
          kind: OneOf(spaceKinds),
          classId: Type.Optional(Id),
          subjectId: Type.Optional(Id),
          classGroup: Type.Optional(Type.String({ maxLength: 40 })),
          name: Type.Optional(Type.String({ maxLength: 200, description: 'По умолчанию — как в плане' })),
          ownerId: Type.Optional(Id),
        },
        closed,
      ),
      { minItems: 1, maxItems: maxRows },
    ),
  },
  closed,
)
const Started = Type.Object({
  started: Type.Integer(),
  rows: Type.Array(
    Type.Object({ index: Type.Integer(), status: OneOf(['started', 'refused']), id: Type.Optional(Id), processId: Type.Optional(InstanceId), name: Type.Optional(Type.String()), problem: Type.Optional(Problem) }),
  ),
})
const Card = Type.Interface([Space], {
  members: Type.Array(Type.Object({ personId: Id, name: Type.String(), standing: OneOf(['expected', 'there']), since: Type.String() })),
})
const PlanQuery = Type.Object({ academicYear: Type.Optional(AcademicYear) }, closed)
const ListQuery = Type.Object(
  { ...PageQuery, academicYear: Type.Optional(AcademicYear), kind: Type.Optional(OneOf(spaceKinds)), classId: Type.Optional(Id), ownerId: Type.Optional(Id), state: Type.Optional(Name) },
  closed,
)

/** The plan of classes and chats on the platform, and what has become of it (domain.md 7.7). */
export function spaceRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const { db, keys } = deps
  const tags = ['Чаты и каналы']

  app.get(
    '/space-plan',
    { schema: { tags, summary: 'Каких классов и чатов не хватает на платформе; сотруднику — его', querystring: PlanQuery, response: { 200: Type.Object({ academicYear: Type.String(), items: Type.Array(Planned) }) } } },
    async (request) => {
      const session = sessionOf(request)
      return inSchool(db, session.orgId, async (tx) => {
        const academicYear = await yearOrCurrent(tx, request.query.academicYear)
        const plan = (await readSpacePlan(tx, academicYear)).filter(({ ownerId }) => may(session, 'read') || ownerId === session.personId)
        return { academicYear, items: await planView(tx, academicYear, plan) }
      })
    },
  )

  app.get('/spaces', { schema: { tags, summary: 'Классы, чаты и каналы; сотруднику — его', querystring: ListQuery, response: { 200: PageOf(Space) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['text', 'text'])
    return inSchool(db, session.orgId, async (tx) => {
      const spaces = await listSpaces(tx, { ...filter, ...(may(session, 'read') ? {} : { ownerId: session.personId }), after, limit: limit + 1 })
      const names = await namesOf(tx, spaces.map(({ ownerId }) => ownerId))
      return pageOf(spaces, limit, (space) => spaceView(space, names), ({ name, id }) => [name, id])
    })
  })

  app.get('/spaces/:id', { schema: { tags, summary: 'Класс или чат и кто в нём', params: IdParams, response: { 200: Card } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const space = await known(tx, sessionOf(request), request.params.id)
      const places = await listPlaces(tx, space.id)
      const names = await namesOf(tx, [space.ownerId, ...places.map(({ personId }) => personId)])
      return { ...spaceView(space, names), members: places.map(({ since, ...place }) => ({ ...place, name: names.get(place.personId) ?? '', since: since.toISOString() })) }
    }),
  )

  app.post('/spaces/:id/reveal', { schema: { tags, summary: 'Показать ссылку на чат (записывается в журнал)', params: IdParams, response: { 200: Type.Object({ url: Type.String() }) } } }, async (request, reply) => {
    const session = sessionOf(request)
    return inCommand(deps, request, reply, 200, async (tx) => {
      const { id, ownerId } = await known(tx, session, request.params.id)
      if (!may(session, 'reveal') && ownerId !== session.personId) throw new Refusal('forbidden')
      const sealed = await findSpaceUrl(tx, id)
      if (sealed === undefined) throw new Refusal('urlErased')
      await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: 'linkShown', object: id })
      return { url: open(keys, sealed, 'linkUrl') }
    })
  })

  app.post(
    '/spaces',
    { config: { right: 'work' }, schema: { tags, summary: 'Подтвердить план: создать классы и чаты, до 500', body: NewSpaces, response: { 202: Started } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const lang = languageOf(request)
      let announced: Announced | undefined
      const answer = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const staffRoomExists = (await findOrganization(tx, session.orgId))!.staffRoomOn !== null
        const checked = await checkSpaceRows(tx, session, request.body.spaces)
        const spaces = checked.flatMap((row) => ('space' in row ? [row.space] : []))
        if (spaces.length === 0) throw new Refusal('invalid', { problems: checked.flatMap((row) => ('problem' in row ? [row.problem] : [])) })
        announced = await announce(
          tx,
          request,
          spaces.map((space) => ({ id: spaceInstance(space.id), kind, input: inputOf(space) })),
          spaces.map(({ id }) => ({ to: spaceInstance(id), event: { type: 'CONFIRM_PLAN', facts: { staffRoomExists } } })),
        )
        refuseIllegalStart(announced.input)
        return {
          started: spaces.length,
          rows: checked.map((row, index) =>
            'space' in row
              ? { index, status: 'started' as const, id: row.space.id, processId: spaceInstance(row.space.id), name: row.space.name }
              : { index, status: 'refused' as const, problem: wordedProblem(row.problem, lang) },
          ),
        }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return answer
    },
  )
}

async function known(tx: Queryable, session: Session, id: string): Promise<SpaceRow> {
  const space = await findSpace(tx, id)
  if (!space || (!may(session, 'read') && space.ownerId !== session.personId)) throw new Refusal('notFound')
  return space
}

/** What the machine begins with: only what is there. */
function inputOf({ id, kind: of, classId, subjectId, classGroup, name, ownerId }: PlannedSpace & { id: string }) {
  return { spaceId: id, kind: of, ...(classId && { classId }), ...(subjectId && { subjectId }), ...(classGroup && { classGroup }), name, ...(ownerId && { ownerId }) }
}

async function planView(tx: Queryable, academicYear: string, plan: readonly PlannedSpace[]): Promise<Static<typeof Planned>[]> {
  const classes = new Map((await listClasses(tx, academicYear)).map(({ id, name }) => [id, name]))
  const subjects = await findSubjects(tx, plan.flatMap(({ subjectId }) => subjectId ?? []))
  const names = await namesOf(tx, plan.map(({ ownerId }) => ownerId))
  return plan.map(({ ownerId, ...space }) => ({
    ...space,
    kindTitle: spaceKindTitle(space.kind),
    className: classes.get(space.classId ?? '') ?? null,
    subjectName: subjects.get(space.subjectId ?? '')?.name ?? null,
    owner: ownerId === null ? null : { id: ownerId, name: names.get(ownerId) ?? '' },
    audience: [...spaceKindTable[space.kind].audience],
    clause: clauseLabel(spaceKindTable[space.kind].clause),
  }))
}
