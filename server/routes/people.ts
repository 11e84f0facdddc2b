import { Type, type Static } from 'typebox'
import { academicYearAt } from '../../db/academic-year.ts'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { isErased } from '../../db/erasure-holds.ts'
import { newId } from '../../db/ids.ts'
import { insertJournal } from '../../db/journal.ts'
import { findOrganization } from '../../db/organizations.ts'
import {
  findPeople,
  findPerson,
  insertMemberships,
  insertPeople,
  listPeople,
  membershipKinds,
  phoneOwners,
  platformStatuses,
  updatePerson,
  type MembershipKind,
} from '../../db/people.ts'
import { roles } from '../../machines/role.ts'
import { sharedPhoneWarning } from '../../school/validation/phone-shared.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { may, sessionOf, type Session } from '../authentication.ts'
import { checkMembership, checkPerson, once } from '../check-person.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal, type FieldProblem } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { wordedProblem } from '../problem-json.ts'
import { rolesOfTheHead } from '../rights.ts'
import { closed, IdParams, Nullable, OneOf, PageOf, Problem } from '../schemas/common.ts'
import { NewPerson, Person, PersonChange, personView } from '../schemas/person.ts'

const NewPeople = Type.Object({ people: Type.Array(NewPerson, { minItems: 1, maxItems: 500 }) }, closed)

const Rows = Type.Object({
  created: Type.Integer(),
  rows: Type.Array(
    Type.Object({
      index: Type.Integer(),
      status: OneOf(['created', 'refused']),
      person: Type.Optional(Person),
      problems: Type.Optional(Type.Array(Problem)),
      warnings: Type.Optional(Type.Array(Problem)),
    }),
  ),
})

const Filter = {
  kind: Type.Optional(OneOf(membershipKinds)),
  role: Type.Optional(OneOf(roles)),
  platformStatus: Type.Optional(OneOf(platformStatuses)),
  classId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^\\P{Cc}*$', description: 'Ученики класса, его классный руководитель и родители его учеников' })),
  guardianOf: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^\\P{Cc}*$', description: 'Родители (законные представители) этого ученика' })),
}

const ListQuery = Type.Object({ ...PageQuery, ...Filter }, closed)
/** A name is never part of an address, which proxies and browsers keep (P7). */
const Search = Type.Object({ ...PageQuery, ...Filter, search: Type.String({ minLength: 1, maxLength: 100, description: 'Часть имени; е и ё не различаются' }) }, closed)

/** The people of a school: one at a time, or a list with a result for each row. */
export function peopleRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db } = deps
  const tags = ['Люди']

  async function page(session: Session, { limit, cursor, search, ...filter }: Static<typeof ListQuery> & { search?: string }) {
    const [after] = decodeCursor(cursor, ['text']) ?? []
    const people = await inSchool(db, session.orgId, (tx) => listPeople(tx, { ...filter, search: search && searchKey(search), after, limit: limit + 1 }))
    return pageOf(people, limit, (person) => personView(person, may(session, 'contacts')), (person) => [person.id])
  }

  app.get('/people', { config: { right: 'read' }, schema: { tags, summary: 'Список людей', querystring: ListQuery, response: { 200: PageOf(Person) } } }, (request) => page(sessionOf(request), request.query))

  app.post('/people/search', { config: { right: 'read', ownKey: true }, schema: { tags, summary: 'Найти людей по части имени (Idempotency-Key не нужен)', body: Search, response: { 200: PageOf(Person) } } }, (request) => page(sessionOf(request), request.body))

  app.get('/people/:id', { config: { right: 'read' }, schema: { tags, summary: 'Карточка человека', params: IdParams, response: { 200: Person } } }, async (request) => {
    const session = sessionOf(request)
    return personView(await inSchool(db, session.orgId, (tx) => known(tx, request.params.id)), may(session, 'contacts'))
  })

  app.post('/people', { config: { right: 'people' }, schema: { tags, summary: 'Внести людей: от одного до 500', body: NewPeople, response: { 201: Rows } } }, async (request, reply) => {
    const session = sessionOf(request)
    const lang = languageOf(request)
    const worded = (problems: readonly FieldProblem[]) => problems.map((problem) => wordedProblem(problem, lang))
    return inCommand(deps, request, reply, 201, async (tx) => {
      const checked = await checkRows(tx, session, request.body.people)
      const good = checked.filter((row) => row.person !== undefined)
      if (good.length === 0) throw new Refusal('invalid', { problems: checked.flatMap(({ problems }) => problems) })
      await insertPeople(tx, session.orgId, good.map(({ person }) => person!))
      const classes = await classesOf(tx, session.orgId, good.flatMap(({ memberships }) => memberships.flatMap(({ className }) => className ?? [])))
      await insertMemberships(tx, session.orgId, good.flatMap(({ memberships }) => memberships.map(({ className, ...membership }) => ({ ...membership, classId: className && classes.get(className)! }))))
      const stored = new Map((await findPeople(tx, good.map(({ person }) => person!.id))).map((person) => [person.id, person]))
      return {
        created: good.length,
        rows: checked.map(({ person, problems, warnings }, index) => ({
          index,
          status: person ? ('created' as const) : ('refused' as const),
          ...(person ? { person: personView(stored.get(person.id)!, may(session, 'contacts')) } : { problems: worded(problems) }),
          ...(warnings.length > 0 && { warnings: worded(warnings) }),
        })),
      }
    })
  })

  app.patch('/people/:id', { config: { right: 'people' }, schema: { tags, summary: 'Исправить имя или контакты', params: IdParams, body: PersonChange, response: { 200: Person } } }, async (request) => {
    const session = sessionOf(request)
    return inSchool(db, session.orgId, async (tx) => {
      const before = await known(tx, request.params.id)
      if (await isErased(tx, before.id)) throw new Refusal('personErased')
      const school = (await findOrganization(tx, session.orgId))!
      const { foreignName, ...change } = request.body
      // A name entered as foreign stays one when another field is corrected.
      const foreign = foreignName ?? (change.lastName ?? change.firstName ?? change.patronymic) === undefined
      const { value, problems } = checkPerson({ ...before, ...change, foreignName: foreign }, before.memberships.filter((m) => !m.endedAt).map((m) => m.kind), school)
      if (!value) throw new Refusal('invalid', { problems })
      await updatePerson(tx, { id: before.id, ...value, searchKey: searchKey(fullName(value)) })
      return personView((await findPerson(tx, before.id))!, may(session, 'contacts'))
    })
  })

  app.post(
    '/people/:id/reveal',
    { config: { right: 'reveal' }, schema: { tags, summary: 'Показать телефон целиком (записывается в журнал)', params: IdParams, response: { 200: Type.Object({ phone: Nullable(Type.String()), email: Nullable(Type.String()) }) } } },
    async (request, reply) => {
      const session = sessionOf(request)
      return inCommand(deps, request, reply, 200, async (tx) => {
        const { id, phone, email } = await known(tx, request.params.id)
        await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: 'phoneShown', object: id })
        return { phone: phone && formatPhone(phone), email }
      })
    },
  )
}

/** Ids of classes of the current academic year by their names; those named for the first time are opened. */
async function classesOf(tx: Queryable, orgId: string, names: readonly string[]): Promise<Map<string, string>> {
  const year = await academicYearAt(tx, new Date())
  const found = new Map<string, string>()
  for (const name of new Set(names)) found.set(name, await ensureClass(tx, orgId, year, name))
  return found
}

async function known(tx: Queryable, id: string) {
  const person = await findPerson(tx, id)
  if (!person) throw new Refusal('notFound')
  return person
}

/** Checks every row on its own; a row with a problem does not keep the others out (domain.md 1, principle 7). */
async function checkRows(tx: Queryable, session: Session, rows: Static<typeof NewPeople>['people']) {
  const school = (await findOrganization(tx, session.orgId))!
  const children = new Set((await findPeople(tx, rows.flatMap((row) => (row.memberships ?? []).flatMap((m) => m.guardianOf ?? [])))).map(({ id }) => id))
  const checked = rows.map((row, index) => {
    const path = (below: string) => `people.${index}${below && `.${below}`}`
    const kinds = (row.memberships ?? []).map(({ kind }) => kind)
    const result = checkPerson(row, kinds, school)
    const memberships = (row.memberships ?? []).map((membership, at) => {
      const { value, problems } = checkMembership(membership, school)
      for (const role of membership.roles ?? []) if (rolesOfTheHead.includes(role) && !session.roles.includes('head')) problems.push({ code: 'roleNotYours', path: 'roles' })
      if (membership.guardianOf && !children.has(membership.guardianOf)) problems.push({ code: 'childUnknown', path: 'guardianOf' })
      result.problems.push(...problems.map((problem) => ({ ...problem, path: `memberships.${at}.${problem.path}` })))
      return value && { ...membership, ...value }
    })
    for (const [kind, code] of once) if (kinds.filter((one) => one === kind).length > 1) result.problems.push({ code, path: 'memberships' })
    return { result, memberships, kinds, path }
  })
  const warn = await sharedPhones(tx, checked.map(({ result, kinds }) => ({ phone: result.value?.phone ?? null, kinds })))
  return checked.map(({ result: { value, problems, warnings }, memberships, path }, index) => {
    const id = newId('per')
    const located = (list: readonly FieldProblem[]) => list.map((problem) => ({ ...problem, path: path(problem.path) }))
    const fine = value !== undefined && problems.length === 0
    return {
      problems: located(problems),
      warnings: located([...warnings, ...warn(index)]),
      person: fine ? { id, ...value, searchKey: searchKey(fullName(value)) } : undefined,
      memberships: memberships.flatMap((membership) =>
        membership
          ? [{ id: newId('mem'), personId: id, kind: membership.kind, roles: membership.roles ?? [], position: membership.position, teachingStaff: membership.teachingStaff ?? false, className: membership.className, guardianOf: membership.guardianOf ?? null }]
          : [],
      ),
    }
  })
}

/** Warnings for numbers that two people have, among those in the register and the rows before (domain.md 11). */
async function sharedPhones(tx: Queryable, rows: readonly { phone: string | null; kinds: readonly MembershipKind[] }[]) {
  const owners = new Map<string, MembershipKind[]>()
  const note = (phone: string, kinds: readonly MembershipKind[]) => owners.set(phone, [...(owners.get(phone) ?? []), ...kinds])
  for (const { phone, kind } of await phoneOwners(tx, rows.flatMap(({ phone }) => phone ?? []))) note(phone, [kind])
  const warnings = rows.map(({ phone, kinds }) => {
    if (!phone) return []
    const shared = [...new Set(owners.get(phone) ?? [])].flatMap((owner) => kinds.slice(0, 1).map((kind) => sharedPhoneWarning(owner, kind, 'phone')))
    note(phone, kinds)
    return shared.map(({ code, path, params }): FieldProblem => ({ code, path, params }))
  })
  return (index: number) => warnings[index] ?? []
}
