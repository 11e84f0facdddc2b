import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { lockOrganization } from '../../db/organizations.ts'
import { ensureSubjects, listSubjects } from '../../db/subjects.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { checkText } from '../../school/validation/text.ts'
import { sessionOf } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal, type FieldProblem } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { wordedProblem } from '../problem-json.ts'
import { closed, Id, OneOf, Problem } from '../schemas/common.ts'

const maxName = 100
const NewSubjects = Type.Object({ subjects: Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 200 }) }, closed), { minItems: 1, maxItems: 200 }) }, closed)
const Rows = Type.Object({
  created: Type.Integer(),
  rows: Type.Array(Type.Object({ index: Type.Integer(), status: OneOf(['created', 'exists', 'refused']), id: Type.Optional(Id), name: Type.Optional(Type.String()), problem: Type.Optional(Problem) })),
})

/** What is taught at the school. */
export function subjectRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const tags = ['Структура']

  app.get('/subjects', { schema: { tags, summary: 'Предметы', response: { 200: Type.Object({ items: Type.Array(Type.Object({ id: Id, name: Type.String() })) }) } } }, async (request) =>
    inSchool(deps.db, sessionOf(request).orgId, async (tx) => ({ items: await listSubjects(tx) })),
  )

  app.post('/subjects', { config: { right: 'structure' }, schema: { tags, summary: 'Завести предметы: от одного до 200', body: NewSubjects, response: { 201: Rows } } }, async (request, reply) => {
    const session = sessionOf(request)
    const lang = languageOf(request)
    return inCommand(deps, request, reply, 201, async (tx) => {
      await lockOrganization(tx, session.orgId)
      const checked = checkRows(request.body.subjects)
      const good = checked.flatMap(({ found }) => found ?? [])
      if (good.length === 0) throw new Refusal('invalid', { problems: checked.flatMap(({ problem }) => problem ?? []) })
      const stored = await ensureSubjects(tx, session.orgId, good)
      return {
        created: [...stored.values()].filter(({ created }) => created).length,
        rows: checked.map(({ found, problem }, index) => {
          const subject = found && stored.get(found.key)
          return subject
            ? { index, status: subject.created ? ('created' as const) : ('exists' as const), id: subject.id, name: subject.name }
            : { index, status: 'refused' as const, problem: wordedProblem(problem!, lang) }
        }),
      }
    })
  })
}

/** Every row by itself; е and ё, capitals and spaces make no other subject. */
function checkRows(rows: readonly { name: string }[]): { found?: { name: string; key: string }; problem?: FieldProblem }[] {
  const firstAt = new Map<string, number>()
  return rows.map(({ name }, index) => {
    const path = `subjects.${index}.name`
    const { take, problems } = collectProblems()
    const checked = take(path, checkText(name, { max: maxName }))
    if (checked === undefined) return { problem: problems[0]! }
    const key = searchKey(checked)
    const earlier = firstAt.get(key)
    if (earlier !== undefined) return { problem: { code: 'rowSame', path, params: { row: earlier + 1 } } }
    firstAt.set(key, index)
    return { found: { name: checked, key } }
  })
}
