import { inSchool } from '../../db/connection.ts'
import { certify } from '../../db/erasure-certificates.ts'
import { findHolds, findPlacesLeft, lockPeople } from '../../db/erasure-holds.ts'
import { insertJournal } from '../../db/journal.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { pseudonymise } from '../../db/pseudonymise.ts'
import { holdLabel } from '../../school/texts/erasure-labels.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { mime } from '../export-file.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { namesOf } from '../people-names.ts'
import { personFile } from '../person-file.ts'
import { IdParams } from '../schemas/common.ts'
import { Certificate, certificateView } from '../schemas/erasure.ts'

/** How many of the things that hold somebody the refusal names in its sentence; all are listed beside it. */
const namedHolds = 10

/** The rights of a person over what is known of them (domain.md 13): to have all of it, and to be forgotten. */
export function personDataRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys'>): void {
  const { db, keys } = deps
  const tags = ['Люди']

  // A repeat reads anew: there is nothing to protect from doing it twice, and a file is no answer to keep.
  app.post(
    '/people/:id/export',
    { config: { right: 'personalData', ownKey: true }, schema: { tags, summary: 'Всё, что сервис хранит о человеке: архив ZIP с JSON и страницей для чтения (записывается в журнал)', params: IdParams } },
    async (request, reply) => {
      const session = sessionOf(request)
      const file = await inSchool(db, session.orgId, async (tx) => {
        const person = await findPerson(tx, request.params.id)
        if (!person) throw new Refusal('notFound')
        const school = (await findOrganization(tx, session.orgId))!
        await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: 'personTaken', object: person.id })
        return personFile(tx, keys, school, person)
      })
      return reply.type(mime.zip).header('content-disposition', 'attachment; filename="person.zip"').header('content-security-policy', 'sandbox').send(file)
    },
  )

  app.post(
    '/people/:id/erase',
    { config: { right: 'personalData' }, schema: { tags, summary: 'Удалить данные человека по его требованию: вместо имени псевдоним, остальное стирается; вернуть нельзя', params: IdParams, response: { 200: Certificate } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { orgId, personId, keyId } = session
      return inCommand(deps, request, reply, 200, async (tx) => {
        const [found] = await lockPeople(tx, [request.params.id])
        if (!found) throw new Refusal('notFound')
        if (found.erasedAt) throw new Refusal('personErased')
        const holds = [...(await findHolds(tx, [found.id])), ...(await findPlacesLeft(tx, found.id))].map((hold) => ({ kind: hold.kind, id: hold.id, title: holdLabel(hold) }))
        if (holds.length > 0) throw new Refusal('personHeld', { params: { holds: [...new Set(holds.map(({ title }) => title))].slice(0, namedHolds).join('; ') }, extras: { holds } })
        const at = new Date()
        const act = await certify(tx, orgId, { rule: 'demand', at, erasedBy: personId, ...(await pseudonymise(tx, keys, [found.id], at)) })
        await insertJournal(tx, orgId, { personId, keyId, action: 'personErased', object: found.id })
        return certificateView(act!, (await findOrganization(tx, orgId))!, await namesOf(tx, [personId]))
      })
    },
  )
}
