import { Type } from 'typebox'
import { asService } from '../../db/connection.ts'
import { giveToSchool, listStray } from '../../db/inbound-queries.ts'
import { findOrganization } from '../../db/organizations.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { keepInside } from '../idempotency.ts'
import { closed, Id, IdParams } from '../schemas/common.ts'

/** As many as anybody goes through in one sitting. */
const shown = 200

/** Mail of a mailbox that serves several schools and names none: the operator sees that it is there, a school reads it. */
export function operatorInboxRoutes(app: App, { db, keys }: Pick<AppDeps, 'db' | 'keys'>): void {
  const config = { right: 'operate' } as const
  const tags = ['Оператор']
  const Stray = Type.Object({ id: Id, source: Type.String(), kind: Type.String(), receivedAt: Type.String() })

  app.get('/operator/inbound', { config, schema: { tags, summary: 'Письма, школу которых определить не удалось (без содержания)', response: { 200: Type.Object({ items: Type.Array(Stray) }) } } }, async () => {
    const messages = await asService(db, (tx) => listStray(tx, shown))
    return { items: messages.map(({ receivedAt, ...message }) => ({ ...message, receivedAt: receivedAt.toISOString() })) }
  })

  app.post(
    '/operator/inbound/:id/school',
    { config, schema: { tags, summary: 'Отдать письмо школе: она прочтёт его и отнесёт к процессу', params: IdParams, body: Type.Object({ organizationId: Id }, closed), response: { 200: Type.Object({ id: Id }) } } },
    async (request, reply) =>
      asService(db, async (tx) => {
        const { id } = request.params
        const { organizationId } = request.body
        if (!(await findOrganization(tx, organizationId))) throw invalidFields({ code: 'schoolUnknown', path: 'organizationId' })
        if (!(await giveToSchool(tx, id, organizationId))) throw new Refusal('notFound')
        await keepInside(tx, keys, request, reply, 200, { id })
        return { id }
      }),
  )
}
