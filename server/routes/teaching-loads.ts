import { Type, type Static } from 'typebox'
import { findOpenClasses } from '../../db/classes.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { findPeople } from '../../db/people.ts'
import { findSubjects } from '../../db/subjects.ts'
import { endLoads, insertLoads, listLoads, type NewLoad } from '../../db/teaching-loads.ts'
import { checkText } from '../../school/validation/text.ts'
import { yearOrCurrent } from '../academic-year.ts'
import { may, sessionOf } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal, type FieldProblem } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { namesOf } from '../people-names.ts'
import { wordedProblem } from '../problem-json.ts'
import { AcademicYear, closed, Id, OneOf, PageOf, Problem } from '../schemas/common.ts'

const maxRows = 1000
const Load = Type.Object({
  id: Id,
  classId: Id,
  className: Type.String(),
  academicYear: Type.String(),
  subjectId: Id,
  subjectName: Type.String(),
  personId: Id,
  personName: Type.String(),
  classGroup: Type.String(),
})
const NewRow = Type.Object({ classId: Id, subjectId: Id, personId: Id, classGroup: Type.Optional(Type.String({ maxLength: 40, description: 'Часть класса: «1-я группа»' })) }, closed)
type NewRow = Static<typeof NewRow>
const ListQuery = Type.Object({ ...PageQuery, academicYear: Type.Optional(AcademicYear), classId: Type.Optional(Id), personId: Type.Optional(Id) }, closed)
const Entered = Type.Object({
  created: Type.Integer(),
  rows: Type.Array(Type.Object({ index: Type.Integer(), status: OneOf(['created', 'exists', 'refused']), id: Type.Optional(Id), problem: Type.Optional(Problem) })),
})
const Removed = Type.Object({ removed: Type.Integer(), rows: Type.Array(Type.Object({ index: Type.Integer(), id: Id, status: OneOf(['removed', 'notThere']) })) })

/** Who teaches what to which class: chats by subject and teachers' places follow from it (R2.T-03). */
export function teachingLoadRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db } = deps
  const tags = ['Структура']

  app.get('/teaching-loads', { schema: { tags, summary: 'Нагрузка учебного года; педагогу — своя', querystring: ListQuery, response: { 200: PageOf(Load) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, academicYear, classId, personId } = request.query
    const [after] = decodeCursor(cursor, ['text']) ?? []
    return inSchool(db, session.orgId, async (tx) => {
      const whose = may(session, 'read') ? personId : session.personId
      const loads = await listLoads(tx, { academicYear: await yearOrCurrent(tx, academicYear), classId, personId: whose, after, limit: limit + 1 })
      const names = await namesOf(tx, loads.map((load) => load.personId))
      return pageOf(loads, limit, (load) => ({ ...load, personName: names.get(load.personId) ?? '' }), ({ id }) => [id])
    })
  })

  app.post(
    '/teaching-loads',
    { config: { right: 'structure' }, schema: { tags, summary: 'Внести нагрузку: до 1000 строк', body: Type.Object({ loads: Type.Array(NewRow, { minItems: 1, maxItems: maxRows }) }, closed), response: { 201: Entered } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const lang = languageOf(request)
      return inCommand(deps, request, reply, 201, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const checked = await checkRows(tx, request.body.loads)
        const good = checked.flatMap(({ load }) => load ?? [])
        if (good.length === 0) throw new Refusal('invalid', { problems: checked.flatMap(({ problem }) => problem ?? []) })
        const created = await insertLoads(tx, session.orgId, good)
        return {
          created: created.size,
          rows: checked.map(({ load, problem }, index) => {
            if (!load) return { index, status: 'refused' as const, problem: wordedProblem(problem!, lang) }
            return created.has(load.id) ? { index, status: 'created' as const, id: load.id } : { index, status: 'exists' as const }
          }),
        }
      })
    },
  )

  app.post(
    '/teaching-loads/remove',
    { config: { right: 'structure' }, schema: { tags, summary: 'Снять нагрузку: до 1000 строк', body: Type.Object({ ids: Type.Array(Id, { minItems: 1, maxItems: maxRows }) }, closed), response: { 200: Removed } } },
    async (request, reply) =>
      inCommand(deps, request, reply, 200, async (tx) => {
        const ended = await endLoads(tx, request.body.ids)
        return { removed: ended.size, rows: request.body.ids.map((id, index) => ({ index, id, status: ended.has(id) ? ('removed' as const) : ('notThere' as const) })) }
      }),
  )
}

/** Every row by itself: a class that is open, a subject of the school, somebody on its staff. */
async function checkRows(tx: Queryable, rows: readonly NewRow[]): Promise<{ load?: NewLoad; problem?: FieldProblem }[]> {
  const classes = await findOpenClasses(tx, rows.map(({ classId }) => classId))
  const subjects = await findSubjects(tx, rows.map(({ subjectId }) => subjectId))
  const people = new Map((await findPeople(tx, rows.map(({ personId }) => personId))).map((person) => [person.id, person]))
  const firstAt = new Map<string, number>()
  return rows.map(({ classId, subjectId, personId, classGroup }, index) => {
    const refuse = (code: FieldProblem['code'], field: string, params?: FieldProblem['params']) => ({ problem: { code, path: `loads.${index}.${field}`, ...(params && { params }) } })
    if (!classes.has(classId)) return refuse('classUnknown', 'classId')
    if (!subjects.has(subjectId)) return refuse('subjectUnknown', 'subjectId')
    const person = people.get(personId)
    if (!person) return refuse('personUnknown', 'personId')
    if (!person.memberships.some(({ kind, endedAt }) => kind === 'staff' && !endedAt)) return refuse('personNotStaff', 'personId')
    const { take, problems } = collectProblems()
    const group = classGroup ? take(`loads.${index}.classGroup`, checkText(classGroup, { max: 40 })) : ''
    if (group === undefined) return { problem: problems[0]! }
    const key = JSON.stringify([classId, subjectId, personId, group])
    const earlier = firstAt.get(key)
    if (earlier !== undefined) return refuse('rowSame', 'personId', { row: earlier + 1 })
    firstAt.set(key, index)
    return { load: { id: newId('lod'), classId, subjectId, personId, classGroup: group } }
  })
}
