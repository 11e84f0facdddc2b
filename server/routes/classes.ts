import { Type, type Static } from 'typebox'
import { countClassesByYear, ensureClasses, findClassIds, listClassCards, listPupils, updateClass, type NewClass } from '../../db/classes.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { findOrganization, lockOrganization } from '../../db/organizations.ts'
import { listSpaces } from '../../db/spaces.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import { checkClassName, checkCombinedClass } from '../../school/validation/class-name.ts'
import { plannedYears, yearOrCurrent } from '../academic-year.ts'
import { may, sessionOf, type Session } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal, type FieldProblem } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { namesOf } from '../people-names.ts'
import { wordedProblem } from '../problem-json.ts'
import { AcademicYear, closed, Id, IdParams, OneOf, Problem } from '../schemas/common.ts'
import { classView, SchoolClass, Space, spaceView } from '../schemas/structure.ts'

const Name = Type.String({ minLength: 1, maxLength: 40, description: '«5А», «10 ИТ», «5-1», «5»' })
const NewClasses = Type.Object(
  {
    academicYear: Type.Optional(AcademicYear),
    classes: Type.Array(
      Type.Object(
        { name: Type.Optional(Name), grades: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 11 }), { minItems: 2, maxItems: 11, description: 'Класс-комплект: параллели, которые учатся вместе' })) },
        closed,
      ),
      { minItems: 1, maxItems: 200 },
    ),
  },
  closed,
)
const Rows = Type.Object({
  academicYear: Type.String(),
  created: Type.Integer(),
  rows: Type.Array(
    Type.Object({ index: Type.Integer(), status: OneOf(['created', 'exists', 'refused']), id: Type.Optional(Id), name: Type.Optional(Type.String()), problem: Type.Optional(Problem) }),
  ),
})
const Card = Type.Interface([SchoolClass], {
  people: Type.Array(Type.Object({ membershipId: Id, personId: Id, name: Type.String(), platformStatus: Type.String() })),
  places: Type.Array(Space),
})
const Years = Type.Object({
  items: Type.Array(Type.Object({ key: Type.String(), title: Type.String(), startsOn: Type.String(), endsOn: Type.String(), current: Type.Boolean(), classes: Type.Integer() })),
})

/** Academic years and their classes (R2.1-05; domain.md 11). */
export function classRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db } = deps
  const tags = ['Структура']

  app.get('/academic-years', { schema: { tags, summary: 'Учебные годы: текущий, следующий и те, в которых есть классы', response: { 200: Years } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const classes = await countClassesByYear(tx)
      const planned = await plannedYears(tx)
      const keys = [...new Set([...classes.keys(), ...planned])].sort()
      return {
        items: keys.map((key) => ({ key, title: academicYearLabel(key), startsOn: `${key.slice(0, 4)}-09-01`, endsOn: `${key.slice(5)}-08-31`, current: key === planned[0], classes: classes.get(key) ?? 0 })),
      }
    }),
  )

  app.get(
    '/classes',
    { schema: { tags, summary: 'Классы учебного года; классному руководителю — свои', querystring: Type.Object({ academicYear: Type.Optional(AcademicYear) }, closed), response: { 200: Type.Object({ items: Type.Array(SchoolClass) }) } } },
    async (request) => {
      const session = sessionOf(request)
      return inSchool(db, session.orgId, async (tx) => {
        const classes = await listClassCards(tx, { academicYear: await yearOrCurrent(tx, request.query.academicYear), ...ownOnly(session) })
        const names = await namesOf(tx, classes.flatMap(({ classTeachers }) => classTeachers))
        return { items: classes.map((one) => classView(one, names)) }
      })
    },
  )

  app.get('/classes/:id', { schema: { tags, summary: 'Класс: обучающиеся, классный руководитель, класс и чаты на платформе', params: IdParams, response: { 200: Card } } }, async (request) => {
    const session = sessionOf(request)
    return inSchool(db, session.orgId, (tx) => card(tx, session, request.params.id))
  })

  app.post('/classes', { config: { right: 'structure' }, schema: { tags, summary: 'Завести классы: от одного до 200', body: NewClasses, response: { 201: Rows } } }, async (request, reply) => {
    const session = sessionOf(request)
    const lang = languageOf(request)
    return inCommand(deps, request, reply, 201, async (tx) => {
      await lockOrganization(tx, session.orgId)
      const academicYear = await yearOrCurrent(tx, request.body.academicYear)
      const { gradeMax } = (await findOrganization(tx, session.orgId))!
      const checked = checkRows(request.body.classes, gradeMax)
      const good = checked.flatMap(({ found }) => found ?? [])
      if (good.length === 0) throw new Refusal('invalid', { problems: checked.flatMap(({ problem }) => problem ?? []) })
      const before = await findClassIds(tx, academicYear, good.map(({ key }) => key))
      const ids = await ensureClasses(tx, session.orgId, academicYear, good)
      return {
        academicYear,
        created: good.filter(({ key }) => !before.has(key)).length,
        rows: checked.map(({ found, problem }, index) =>
          found
            ? { index, status: before.has(found.key) ? ('exists' as const) : ('created' as const), id: ids.get(found.key)!, name: found.name }
            : { index, status: 'refused' as const, problem: wordedProblem(problem!, lang) },
        ),
      }
    })
  })

  app.patch(
    '/classes/:id',
    { config: { right: 'structure' }, schema: { tags, summary: 'Переименовать класс, закрыть или открыть снова', params: IdParams, body: Type.Object({ name: Type.Optional(Name), closed: Type.Optional(Type.Boolean()) }, closed), response: { 200: Card } } },
    async (request) => {
      const session = sessionOf(request)
      const { name, closed: close } = request.body
      return inSchool(db, session.orgId, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const before = await known(tx, session, request.params.id)
        const { gradeMax } = (await findOrganization(tx, session.orgId))!
        const found = collectProblems()
        // A school whose last grade was lowered keeps the names it has.
        const named = found.take('name', checkClassName(name ?? before.name, name === undefined ? 11 : gradeMax))
        found.refuseAny()
        if (close && (before.pupils > 0 || before.spaces > 0)) throw new Refusal('classNotEmpty', { params: { pupils: before.pupils, spaces: before.spaces } })
        const open = close === undefined ? before.closedAt === null : !close
        const other = open ? (await findClassIds(tx, before.academicYear, [named!.key])).get(named!.key) : undefined
        if (other !== undefined && other !== before.id) throw invalidFields({ code: 'classTaken', path: 'name' })
        await updateClass(tx, before.id, { ...named!, grades: name === undefined ? before.grades : named!.grades }, open ? null : (before.closedAt ?? new Date()))
        return card(tx, session, before.id)
      })
    },
  )
}

/** Who does not read everything sees the classes they lead. */
const ownOnly = (session: Session) => (may(session, 'read') ? {} : { classTeacher: session.personId })

async function known(tx: Queryable, session: Session, id: string) {
  const [found] = await listClassCards(tx, { ids: [id], ...ownOnly(session) })
  if (!found) throw new Refusal('notFound')
  return found
}

async function card(tx: Queryable, session: Session, id: string): Promise<Static<typeof Card>> {
  const found = await known(tx, session, id)
  const pupils = await listPupils(tx, id)
  const spaces = await listSpaces(tx, { classId: id, limit: 200 })
  const names = await namesOf(tx, [...found.classTeachers, ...pupils.map(({ personId }) => personId), ...spaces.map(({ ownerId }) => ownerId)])
  return {
    ...classView(found, names),
    people: pupils.map((pupil) => ({ ...pupil, name: names.get(pupil.personId) ?? '' })),
    places: spaces.map((space) => spaceView(space, names)),
  }
}

/** Checks every row on its own: what is named well is opened, whatever stands beside it (domain.md 1, principle 7). */
function checkRows(rows: Static<typeof NewClasses>['classes'], gradeMax: number): { found?: NewClass; problem?: FieldProblem }[] {
  const firstAt = new Map<string, number>()
  return rows.map(({ name, grades }, index) => {
    const path = (field: string) => `classes.${index}.${field}`
    if (name === undefined && grades === undefined) return { problem: { code: 'fieldRequired', path: path('name') } }
    if (name !== undefined && grades !== undefined) return { problem: { code: 'fieldUnknown', path: path('grades') } }
    const { take, problems } = collectProblems()
    const found = name === undefined ? take(path('grades'), checkCombinedClass(grades!, gradeMax)) : take(path('name'), checkClassName(name, gradeMax))
    if (!found) return { problem: problems[0]! }
    const earlier = firstAt.get(found.key)
    if (earlier !== undefined) return { problem: { code: 'rowSame', path: path(name === undefined ? 'grades' : 'name'), params: { row: earlier + 1 } } }
    firstAt.set(found.key, index)
    return { found }
  })
}
