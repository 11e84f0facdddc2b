import { Type } from 'typebox'
import { insertApiKey, listApiKeys, revokeApiKey } from '../../db/api-keys.ts'
import { inSchool } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { findPerson } from '../../db/people.ts'
import type { Role } from '../../machines/role.ts'
import { checkText } from '../../school/validation/text.ts'
import { newApiKey } from '../api-key.ts'
import { secretHash } from '../../db/secret-hash.ts'
import { sessionOf } from '../authentication.ts'
import { collectProblems } from '../collect-problems.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { rolesOfTheHead, schoolRoles } from '../rights.ts'
import { closed, Id, IdParams, Nullable, OneOf } from '../schemas/common.ts'

const NewKey = Type.Object({ name: Type.String({ maxLength: 200 }), personId: Id, roles: Type.Array(OneOf<Role>(schoolRoles), { minItems: 1, maxItems: 8, uniqueItems: true }) }, closed)
export const ApiKeyLine = Type.Object({
  id: Id,
  name: Type.String(),
  personId: Nullable(Id),
  roles: Type.Array(Type.String()),
  createdAt: Type.String(),
  lastUsedAt: Nullable(Type.String()),
  revokedAt: Nullable(Type.String()),
})

/** Access keys of the school: each is a person's, and opens no more than that person may do. */
export function apiKeyRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const tags = ['Ключи доступа']

  app.get('/api-keys', { config: { right: 'keys' }, schema: { tags, summary: 'Ключи школы (без самих ключей)', response: { 200: Type.Object({ items: Type.Array(ApiKeyLine) }) } } }, async (request) => {
    const keys = await inSchool(deps.db, sessionOf(request).orgId, listApiKeys)
    return { items: keys.map(({ createdAt, lastUsedAt, revokedAt, ...key }) => ({ ...key, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt && lastUsedAt.toISOString(), revokedAt: revokedAt && revokedAt.toISOString() })) }
  })

  app.post('/api-keys', { config: { right: 'keys' }, schema: { tags, summary: 'Выпустить ключ; он показывается один раз', body: NewKey, response: { 201: Type.Object({ id: Id, key: Type.String() }) } } }, async (request, reply) => {
    const session = sessionOf(request)
    const { personId, roles } = request.body
    return inCommand(deps, request, reply, 201, async (tx) => {
      const found = collectProblems()
      const name = found.take('name', checkText(request.body.name, { max: 100 }))
      found.refuseAny()
      const person = await findPerson(tx, personId)
      if (!person) throw invalidFields({ code: 'personUnknown', path: 'personId' })
      const held = new Set(person.memberships.filter(({ endedAt }) => !endedAt).flatMap((membership) => membership.roles))
      const missing = roles.filter((role) => !held.has(role))
      if (missing.length > 0) throw invalidFields({ code: 'roleNotHeld', path: 'roles', params: { roles: missing.join(', ') } })
      // Who could issue the head a key could act as the head; one's own rights are no secret from oneself.
      if (personId !== session.personId && roles.some((role) => rolesOfTheHead.includes(role)) && !session.roles.includes('head')) throw invalidFields({ code: 'roleNotYours', path: 'roles' })
      const key = newApiKey()
      const id = newId('key')
      await insertApiKey(tx, { id, orgId: session.orgId, personId, name: name!, roles, hash: secretHash(key) })
      return { id, key }
    })
  })

  app.post('/api-keys/:id/revoke', { config: { right: 'keys' }, schema: { tags, summary: 'Отозвать ключ', params: IdParams, response: { 200: Type.Object({ id: Id }) } } }, async (request, reply) =>
    inCommand(deps, request, reply, 200, async (tx) => {
      const { id } = request.params
      if (!(await revokeApiKey(tx, id))) throw new Refusal('notFound')
      return { id }
    }),
  )
}
