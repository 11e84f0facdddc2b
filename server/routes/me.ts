import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { findOrganization } from '../../db/organizations.ts'
import { roles } from '../../machines/role.ts'
import { roleLabel } from '../../school/texts/labels.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { namesOf } from '../people-names.ts'
import { Id, OneOf } from '../schemas/common.ts'

export const Me = Type.Object({
  person: Type.Object({ id: Id, name: Type.String() }),
  roles: Type.Array(Type.Object({ id: OneOf(roles), title: Type.String() })),
  organization: Type.Object({ id: Id, shortName: Type.String(), timezone: Type.String(), passwords: Type.Boolean({ description: 'Школа разрешает вход по паролю' }) }),
})

/** Whose the key is. */
export function meRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  app.get('/me', { schema: { tags: ['Ключи доступа'], summary: 'Кто обращается: человек, роли, школа', response: { 200: Me } } }, async (request) => {
    const { orgId, personId, roles } = sessionOf(request)
    return inSchool(db, orgId, async (tx) => {
      const names = await namesOf(tx, [personId])
      const { id, shortName, timezone, settings } = (await findOrganization(tx, orgId))!
      return {
        person: { id: personId, name: names.get(personId) ?? '' },
        roles: roles.map((role) => ({ id: role, title: roleLabel(role) })),
        organization: { id, shortName, timezone, passwords: settings.passwords ?? false },
      }
    })
  })
}
