import { Type } from 'typebox'
import { insertJournal } from '../../db/journal.ts'
import { issueInvitationTokens } from '../../db/invitation-tokens.ts'
import { findLink, listRecipients } from '../../db/link-queries.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, InstanceId } from '../schemas/common.ts'

const Wanted = Type.Object({ invitationIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 500, description: 'Без списка — все, кто ещё может вступить' })) }, closed)
const Pages = Type.Object({ pages: Type.Array(Type.Object({ invitationId: Id, processId: InstanceId, personId: Id, name: Type.String(), url: Type.String() })) })

/** Invitations whose people may still join. */
const open = ['planned', 'sent']

/**
 * Personal pages to be handed over where no letter arrives: by messenger, on paper, in person. The platform's own link
 * stays behind them, so the term and a revocation hold for these people too (design.md, "Outside effects").
 */
export function invitationPageRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'publicUrl'>): void {
  app.post(
    '/links/:id/pages',
    { config: { right: 'reveal' }, schema: { tags: ['Ссылки'], summary: 'Личные страницы приглашённых, чтобы передать их (записывается в журнал)', params: IdParams, body: Wanted, response: { 200: Pages } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { invitationIds } = request.body
      return inCommand(deps, request, reply, 200, async (tx) => {
        const link = await findLink(tx, request.params.id)
        if (!link) throw new Refusal('notFound')
        const recipients = (await listRecipients(tx, link.id)).filter(({ state }) => open.includes(state))
        const wanted = invitationIds === undefined ? recipients : recipients.filter(({ invitationId }) => invitationIds.includes(invitationId))
        const missing = (invitationIds ?? []).flatMap((id, index) => (wanted.some(({ invitationId }) => invitationId === id) ? [] : [{ code: 'invitationClosed', path: `invitationIds.${index}` } as const]))
        if (missing.length > 0) throw new Refusal('invalid', { problems: missing })
        const names = await namesOf(tx, wanted.map(({ personId }) => personId))
        const ids = wanted.map(({ invitationId }) => invitationId)
        const tokens = await issueInvitationTokens(tx, session.orgId, ids)
        await insertJournal(tx, session.orgId, { personId: session.personId, keyId: session.keyId, action: 'pageShown', object: ids })
        return { pages: wanted.map(({ invitationId, processId, personId }, at) => ({ invitationId, processId, personId, name: names.get(personId) ?? '', url: `${deps.publicUrl}/i/${tokens[at]!}` })) }
      })
    },
  )
}
