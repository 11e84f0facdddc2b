import { Type } from 'typebox'
import { insertApiKey } from '../../db/api-keys.ts'
import { asOperator, asService, enterSchool } from '../../db/connection.ts'
import { countLetters, countProcesses, countTasks, listSchools, readBacklog } from '../../db/counts.ts'
import { newId } from '../../db/ids.ts'
import { readSchoolNames } from '../../db/operator-work.ts'
import { insertOrganization, organizationTypes } from '../../db/organizations.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { checkEmail } from '../../school/validation/email.ts'
import { checkInn } from '../../school/validation/inn.ts'
import { checkKpp } from '../../school/validation/kpp.ts'
import { checkOgrn } from '../../school/validation/ogrn.ts'
import { checkPersonName, fullName } from '../../school/validation/person-name.ts'
import { checkSchoolPhone } from '../../school/validation/phone.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { checkText } from '../../school/validation/text.ts'
import { checkTimezone } from '../../school/validation/timezone.ts'
import { newApiKey } from '../api-key.ts'
import { secretHash } from '../../db/secret-hash.ts'
import { collectProblems } from '../collect-problems.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { keepInside } from '../idempotency.ts'
import { closed, Id, Nullable, OneOf, PageOf } from '../schemas/common.ts'

const Text = Type.String({ maxLength: 1000 })
export const NewSchool = Type.Object(
  {
    fullName: Text,
    shortName: Text,
    type: OneOf(organizationTypes),
    gradeMax: Type.Integer({ minimum: 0, maximum: 11 }),
    inn: Text,
    ogrn: Text,
    kpp: Type.Optional(Nullable(Text)),
    region: Text,
    address: Text,
    timezone: Text,
    schoolWeek: Type.Union([Type.Literal(5), Type.Literal(6)]),
    email: Text,
    phone: Text,
    head: Type.Object({ lastName: Text, firstName: Text, patronymic: Type.Optional(Nullable(Text)), email: Type.Optional(Nullable(Text)) }, closed),
  },
  closed,
)

export const SchoolLine = Type.Object({ id: Id, shortName: Type.String(), createdAt: Type.String(), registeredAt: Nullable(Type.String()), processes: Type.Integer(), tasksOverdue: Type.Integer() })
const Counts = Type.Array(Type.Object({ kind: Type.String(), state: Type.String(), count: Type.Integer() }))
export const State = Type.Object({ processes: Counts, tasks: Counts, letters: Counts, backlog: Type.Object({ timersOverdue: Type.Integer(), lettersWaiting: Type.Integer(), cohortsStarting: Type.Integer(), tasksOverdue: Type.Integer() }) })

/** Technical operation: schools are opened, states are counted; personal data stays out of sight. */
export function operatorRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db } = deps
  const config = { right: 'operate' } as const
  const tags = ['Оператор']

  app.post(
    '/operator/organizations',
    { config, schema: { tags, summary: 'Завести школу; в ответе — первый ключ, он принадлежит руководителю', body: NewSchool, response: { 201: Type.Object({ id: Id, key: Type.String() }) } } },
    async (request, reply) => {
      const { body } = request
      const found = collectProblems()
      const school = {
        fullName: found.take('fullName', checkText(body.fullName, { max: 500 })),
        shortName: found.take('shortName', checkText(body.shortName, { max: 200 })),
        inn: found.take('inn', checkInn(body.inn)),
        ogrn: found.take('ogrn', checkOgrn(body.ogrn)),
        kpp: body.kpp ? found.take('kpp', checkKpp(body.kpp)) : null,
        region: found.take('region', checkText(body.region, { max: 200 })),
        address: found.take('address', checkText(body.address, { max: 500 })),
        timezone: found.take('timezone', checkTimezone(body.timezone)),
        email: found.take('email', checkEmail(body.email)),
        phone: found.take('phone', checkSchoolPhone(body.phone)),
      }
      const head = found.take('head', checkPersonName(body.head))
      const headEmail = body.head.email ? found.take('head.email', checkEmail(body.head.email)) : null
      found.refuseAny()
      const orgId = newId('org')
      const personId = newId('per')
      const key = newApiKey()
      const answer = { id: orgId, key }
      await asService(db, async (tx) => {
        await insertOrganization(tx, { ...(school as { [K in keyof typeof school]: NonNullable<(typeof school)[K]> }), id: orgId, type: body.type, gradeMax: body.gradeMax, schoolWeek: body.schoolWeek, settings: {} })
        await keepInside(tx, deps.keys, request, reply, 201, answer)
        // People are the new school's own, no business of the service.
        await enterSchool(tx, orgId)
        await insertPeople(tx, orgId, [{ id: personId, ...head!, phone: null, email: headEmail ?? null, searchKey: searchKey(fullName(head!)) }])
        await insertMemberships(tx, orgId, [{ id: newId('mem'), personId, kind: 'staff', roles: ['head'], position: null, teachingStaff: false, guardianOf: null }])
        await insertApiKey(tx, { id: newId('key'), orgId, personId, name: 'Первый ключ', roles: ['head'], hash: secretHash(key) })
      })
      return answer
    },
  )

  app.get('/operator/organizations', { config, schema: { tags, summary: 'Школы: названия и счётчики', querystring: Type.Object(PageQuery, closed), response: { 200: PageOf(SchoolLine) } } }, async (request) => {
    const { limit, cursor } = request.query
    const [after] = decodeCursor(cursor, ['text']) ?? []
    const schools = await asOperator(db, (tx) => listSchools(tx, { after, limit: limit + 1 }))
    const names = await asService(db, (tx) => readSchoolNames(tx, schools.map(({ id }) => id)))
    return pageOf(schools, limit, ({ createdAt, registeredAt, ...school }) => ({ ...school, shortName: names.get(school.id) ?? '', createdAt: createdAt.toISOString(), registeredAt: registeredAt && registeredAt.toISOString() }), ({ id }) => [id])
  })

  app.get(
    '/operator/state',
    { config, schema: { tags, summary: 'Что идёт и что ждёт, по всем школам', response: { 200: State } } },
    async () =>
      asOperator(db, async (tx) => ({ processes: await countProcesses(tx), tasks: await countTasks(tx), letters: await countLetters(tx), backlog: await readBacklog(tx) })),
  )
}
