import { Type } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { issueInvitationTokens } from '../../db/invitation-tokens.ts'
import { insertJournal } from '../../db/journal.ts'
import { listJoiningPeople, type JoiningMember, type JoiningRow } from '../../db/joinings.ts'
import { issueLinkToken } from '../../db/link-pages.ts'
import { findOrganization } from '../../db/organizations.ts'
import { termText } from '../../school/texts/format.ts'
import { forWhom, notForOthers } from '../../school/texts/joining.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { sessionOf, type Session } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { looksAfter, seenJoining } from '../joining-seen.ts'
import { Id, IdParams, Nullable } from '../schemas/common.ts'
import { joiningSheet } from '../sheets/joining-sheet.ts'

const Pages = Type.Object({
  pages: Type.Array(Type.Object({ personId: Nullable(Id), name: Nullable(Type.String()), forWhom: Type.String(), url: Type.String() }), {
    description: 'Личная страница каждого; без поимённых списков — одна на весь класс',
  }),
})

/** A page to hand out and whom it is for; null is everybody of the class. */
interface Handout {
  member: JoiningMember | null
  url: string
}

/** Invitations whose people may still join. */
const open = ['planned', 'sent']

/**
 * What is handed out beside letters: strips of paper and links to copy. The platform's own link stays behind the pages, so
 * its term and a revocation hold for all of them (design.md, "Outside effects").
 */
export function joiningHandoutRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'publicUrl'>): void {
  const { db, publicUrl } = deps
  const tags = ['Ученики и родители']

  app.post('/joinings/:id/pages', { config: { right: 'work' }, schema: { tags, summary: 'Ссылки, чтобы скопировать и передать (записывается в журнал)', params: IdParams, response: { 200: Pages } } }, async (request, reply) => {
    const session = sessionOf(request)
    return inCommand(deps, request, reply, 200, async (tx) => {
      const joining = await handedOutBy(tx, session, request.params.id)
      const pages = await handouts(tx, session, joining, publicUrl)
      await note(tx, session, joining, 'pageShown')
      return { pages: pages.map(({ member, url }) => ({ personId: member && member.personId, name: member && fullName(member), forWhom: forWhom(joining.audience, joining.className), url })) }
    })
  })

  // A repeat prints anew: there is nothing to protect from doing it twice, and a file is no answer to keep.
  app.post(
    '/joinings/:id/sheet',
    { config: { right: 'work', ownKey: true }, schema: { tags, summary: 'Лист с полосками для раздачи, PDF (записывается в журнал)', params: IdParams } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { id } = request.params
      const sheet = await inSchool(db, session.orgId, async (tx) => {
        const joining = await handedOutBy(tx, session, id)
        const school = (await findOrganization(tx, session.orgId))!
        const pages = await handouts(tx, session, joining, publicUrl)
        // One page for all: still a strip each.
        const shared = joining.byName ? undefined : pages[0]!.url
        const strips = shared === undefined ? pages.map(({ member, url }) => ({ member: member!, url })) : (await listJoiningPeople(tx, joining.id)).map((member) => ({ member, url: shared }))
        await note(tx, session, joining, 'sheetPrinted')
        const { audience, className, spaceName, expiresAt } = joining
        return joiningSheet({
          title: forWhom(audience, className),
          strips: strips.map(({ member, url }) => ({
            forWhom: forWhom(audience, className),
            name: fullName(member),
            notForOthers: notForOthers(audience),
            place: `Чат «${spaceName}», ${school.shortName}`,
            term: `Действует до ${termText(expiresAt!, school.timezone)}`,
            url,
          })),
        })
      })
      return reply.type('application/pdf').header('content-disposition', `attachment; filename="${id}.pdf"`).send(sheet)
    },
  )
}

/** A joining whose live link the person may hand out. */
async function handedOutBy(tx: Queryable, session: Session, id: string): Promise<JoiningRow> {
  const joining = await seenJoining(tx, session, id)
  if (!looksAfter(session, joining)) throw new Refusal('notOwner')
  if (!joining.linkLives) throw new Refusal('linkNotLive')
  return joining
}

/** Fresh pages: one each, or one for all where nobody is kept by name. */
async function handouts(tx: Queryable, { orgId }: Session, joining: JoiningRow, publicUrl: string): Promise<Handout[]> {
  if (!joining.byName) return [{ member: null, url: `${publicUrl}/i/${await issueLinkToken(tx, orgId, joining.linkId)}` }]
  const members = (await listJoiningPeople(tx, joining.id)).filter(({ state }) => state !== null && open.includes(state))
  const tokens = await issueInvitationTokens(tx, orgId, members.map(({ invitationId }) => invitationId!))
  return members.map((member, at) => ({ member, url: `${publicUrl}/i/${tokens[at]!}` }))
}

const note = (tx: Queryable, { orgId, personId, keyId }: Session, { id }: JoiningRow, action: string) => insertJournal(tx, orgId, { personId, keyId, action, object: id })
