import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { queueTestLetter } from '../../db/test-letter.ts'
import { letterLabel } from '../../school/texts/labels.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { letterSamples } from '../letter-samples.ts'
import { InstanceId } from '../schemas/common.ts'

const Sample = Type.Object({ code: Type.String(), title: Type.String(), subject: Type.String(), text: Type.String() })

/** What the school's letters look like, and whether they arrive. */
export function letterSampleRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'publicUrl'>): void {
  const tags = ['Письма']

  app.get('/letter-samples', { config: { right: 'read' }, schema: { tags, summary: 'Тексты писем с данными школы; люди и номера вымышлены', response: { 200: Type.Object({ items: Type.Array(Sample) }) } } }, async (request) => {
    const { orgId } = sessionOf(request)
    const school = (await inSchool(deps.db, orgId, (tx) => findOrganization(tx, orgId)))!
    return { items: Object.entries(letterSamples(school, deps.publicUrl, new Date())).map(([code, { subject, text }]) => ({ code, title: letterLabel(code), subject, text })) }
  })

  app.post('/test-letter', { config: { right: 'settings' }, schema: { tags, summary: 'Прислать себе проверочное письмо', response: { 202: Type.Object({ id: InstanceId }) } } }, async (request, reply) => {
    const { orgId, personId } = sessionOf(request)
    return inCommand(deps, request, reply, 202, async (tx) => {
      if (!(await findPerson(tx, personId))?.email) throw invalidFields({ code: 'fieldRequired', path: 'email' })
      return { id: await queueTestLetter(tx, orgId, personId) }
    })
  })
}
