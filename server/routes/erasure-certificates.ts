import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { listCertificates } from '../../db/erasure-certificates.ts'
import { findOrganization } from '../../db/organizations.ts'
import { sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { namesOf } from '../people-names.ts'
import { closed, PageOf } from '../schemas/common.ts'
import { Certificate, certificateView } from '../schemas/erasure.ts'

/** Acts of destruction of personal data (domain.md 13). */
export function erasureCertificateRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  app.get(
    '/erasure-certificates',
    { config: { right: 'journal' }, schema: { tags: ['Журнал'], summary: 'Акты об уничтожении персональных данных', querystring: Type.Object(PageQuery, closed), response: { 200: PageOf(Certificate) } } },
    async (request) => {
      const { orgId } = sessionOf(request)
      const { limit, cursor } = request.query
      const after = decodeCursor(cursor, ['instant', 'text'])
      return inSchool(db, orgId, async (tx) => {
        const school = (await findOrganization(tx, orgId))!
        const acts = await listCertificates(tx, { after, limit: limit + 1 })
        const names = await namesOf(tx, acts.map(({ erasedBy }) => erasedBy))
        return pageOf(acts, limit, (act) => certificateView(act, school, names), ({ sortKey, id }) => [sortKey, id])
      })
    },
  )
}
