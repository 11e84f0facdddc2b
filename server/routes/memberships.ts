import { academicYearAt } from '../../db/academic-year.ts'
import { ensureClass } from '../../db/classes.ts'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { isErased } from '../../db/erasure-holds.ts'
import { newId } from '../../db/ids.ts'
import { findOrganization, lockOrganization } from '../../db/organizations.ts'
import { countHolders, findMembership, findPerson, insertMemberships, updateMembership, type MembershipRow } from '../../db/people.ts'
import { isSomewhere } from '../../db/wanted-spaces.ts'
import type { Role } from '../../machines/role.ts'
import { checkText } from '../../school/validation/text.ts'
import { may, sessionOf, type Session } from '../authentication.ts'
import { checkMembership, twice } from '../check-person.ts'
import { collectProblems } from '../collect-problems.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { rolesOfTheHead } from '../rights.ts'
import { IdParams } from '../schemas/common.ts'
import { MembershipChange, NewMembership, Person, personView } from '../schemas/person.ts'

/** What people are at the school: working there with roles, learning, being somebody's guardian. */
export function membershipRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const tags = ['Люди']

  app.post(
    '/people/:id/memberships',
    { config: { right: 'people' }, schema: { tags, summary: 'Добавить человеку место в школе', params: IdParams, body: NewMembership, response: { 201: Person } } },
    async (request, reply) => {
      const session = sessionOf(request)
      return inCommand(deps, request, reply, 201, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const person = await findPerson(tx, request.params.id)
        if (!person) throw new Refusal('notFound')
        if (await isErased(tx, person.id)) throw new Refusal('personErased')
        const { body } = request
        refuseForeignRoles(session, body.roles ?? [], [])
        const already = twice(person, body.kind)
        if (already) throw invalidFields({ code: already, path: 'kind' })
        if (body.guardianOf && !(await findPerson(tx, body.guardianOf))) throw invalidFields({ code: 'childUnknown', path: 'guardianOf' })
        const { value, problems } = checkMembership(body, (await findOrganization(tx, session.orgId))!)
        if (!value || problems.length > 0) throw new Refusal('invalid', { problems })
        await insertMemberships(tx, session.orgId, [
          { id: newId('mem'), personId: person.id, kind: body.kind, roles: body.roles ?? [], teachingStaff: body.teachingStaff ?? false, guardianOf: body.guardianOf ?? null, position: value.position, classId: await classOf(tx, session.orgId, value.className) },
        ])
        return personView((await findPerson(tx, person.id))!, may(session, 'contacts'))
      })
    },
  )

  app.patch(
    '/memberships/:id',
    { config: { right: 'people' }, schema: { tags, summary: 'Изменить роли, должность, класс; закончить', params: IdParams, body: MembershipChange, response: { 200: Person } } },
    async (request) => {
      const session = sessionOf(request)
      return inSchool(deps.db, session.orgId, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const known = await findMembership(tx, request.params.id)
        if (!known) throw new Refusal('notFound')
        const { membership: before, personId } = known
        if (await isErased(tx, personId)) throw new Refusal('personErased')
        const { body } = request
        const roles = body.roles ?? before.roles
        refuseForeignRoles(session, roles, before.roles)
        const { value, problems } = checkMembership(
          { kind: before.kind, roles, guardianOf: before.guardianOf, className: body.className === undefined ? before.className : body.className, position: body.position === undefined ? before.position : body.position },
          (await findOrganization(tx, session.orgId))!,
        )
        const reason = body.verificationWaivedReason
        const found = collectProblems()
        const verificationWaivedReason = reason === undefined ? before.verificationWaivedReason : reason && found.take('verificationWaivedReason', checkText(reason, { max: 1000 }))
        found.problems.push(...problems)
        found.refuseAny()
        const ended = body.ended ?? before.endedAt !== null
        const already = before.endedAt !== null && !ended && twice((await findPerson(tx, personId))!, before.kind, before.id)
        if (already) throw invalidFields({ code: already, path: 'ended' })
        await refuseWithoutOrder(tx, personId, before, { ended, className: value!.className })
        await keepAdministrator(tx, before.endedAt ? [] : before.roles, ended ? [] : roles)
        await updateMembership(tx, request.params.id, {
          position: value!.position,
          classId: value!.className === before.className ? before.classId : await classOf(tx, session.orgId, value!.className),
          roles,
          teachingStaff: body.teachingStaff ?? before.teachingStaff,
          verificationWaivedReason: verificationWaivedReason ?? null,
          ended,
        })
        return personView((await findPerson(tx, personId))!, may(session, 'contacts'))
      })
    },
  )
}

/** The class of this name in the current academic year; one named for the first time is opened. */
const classOf = async (tx: Queryable, orgId: string, name: string | null) => name && ensureClass(tx, orgId, await academicYearAt(tx, new Date()), name)

/** BR-16: mistakes of entering are put right here; what the platform rests on is changed by a movement, with an order. */
async function refuseWithoutOrder(tx: Queryable, personId: string, before: MembershipRow, after: { ended: boolean; className: string | null }): Promise<void> {
  const ends = before.endedAt === null && after.ended && before.kind !== 'guardian'
  const moves = before.kind === 'student' && before.className !== null && after.className !== before.className
  if ((ends || moves) && (await isSomewhere(tx, personId))) throw invalidFields({ code: 'byMovement', path: ends ? 'ended' : 'className' })
}

/** The head's roles are given and taken by the head only. */
function refuseForeignRoles(session: Session, after: readonly Role[], before: readonly Role[]): void {
  const changed = rolesOfTheHead.filter((role) => after.includes(role) !== before.includes(role))
  if (changed.length > 0 && !session.roles.includes('head')) throw invalidFields({ code: 'roleNotYours', path: 'roles' })
}

/** BR-12, and the same for the head: somebody must be left who can give roles. */
async function keepAdministrator(tx: Queryable, before: readonly Role[], after: readonly Role[]): Promise<void> {
  for (const role of ['platformAdmin', 'head'] as const) {
    if (before.includes(role) && !after.includes(role) && (await countHolders(tx, role)) <= 1) throw new Refusal('lastAdministrator')
  }
}
