import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { asService, inSchool } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { answerInvitation, askForNewLink, findInvitationByToken, openInvitation, readInvitationPage, type Answered } from '../../db/invitation-pages.ts'
import { findLinkByToken, openLink, readLinkPage } from '../../db/link-pages.ts'
import type { RecipientAnswer } from '../../db/recipient-answers.ts'
import { open } from '../../db/sealed.ts'
import { platformHosts } from '../../school/validation/link-url.ts'
import { checkText } from '../../school/validation/text.ts'
import { secretHash } from '../../db/secret-hash.ts'
import type { App, AppDeps } from '../deps.ts'
import { isForeign } from '../foreign-form.ts'
import { answeredPage, invitationPage, linkPage, messagePage, style, unknownPage } from './page.ts'
import { answerTeller } from './tell.ts'

/** Requests of one address per minute: a whole staff room behind one router fits, ten thousand guesses do not. */
const perMinute = 120
/** 128 random bits or more, base64url (reliability.md 4). */
const tokenShape = /^[A-Za-z0-9_-]{22,86}$/
const html = 'text/html; charset=utf-8'

const Params = Type.Object({ token: Type.String() })
/** Fastify gives null for a request without a body. */
const Answer = Type.Union([Type.Null(), Type.Object({ reason: Type.Optional(Type.String({ maxLength: 2000 })) })])

/**
 * The page of an invited person. Looking at it changes nothing: mail scanners follow every link (reliability.md 39).
 * Whether the link is still good is decided in PostgreSQL at that moment, whatever the worker is doing.
 */
export function publicPages(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher' | 'publicUrl'>): void {
  const { db, keys } = deps
  const ownOrigin = new URL(deps.publicUrl).origin
  const tell = answerTeller(app, deps)
  const config = { rateLimit: { max: perMinute, timeWindow: '1 minute' } }
  const hidden = { hide: true }

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) request.log.error({ err: error }, 'page failed')
    if (status === 429) return reply.code(429).type(html).send(messagePage('Слишком много запросов', 'Подождите минуту и обновите страницу.'))
    if (status >= 400 && status < 500) return reply.code(status).type(html).send(messagePage('Запрос не принят', 'Вернитесь назад и попробуйте ещё раз.'))
    return reply.code(503).header('retry-after', '60').type(html).send(messagePage('Служба временно недоступна', 'Попробуйте через минуту: ваша ссылка сохранится.'))
  })

  const unknown = (reply: FastifyReply) => reply.code(404).type(html).send(unknownPage())
  const invitationOf = async (token: string) => (tokenShape.test(token) ? asService(db, (tx) => findInvitationByToken(tx, secretHash(token))) : undefined)

  const linkOf = async (token: string) => (tokenShape.test(token) ? asService(db, (tx) => findLinkByToken(tx, secretHash(token))) : undefined)
  /** The browser checks where a form leads in the end: to the platform. */
  const show = (reply: FastifyReply, linkHosts: string[] | null, text: string) => {
    const hosts = (linkHosts ?? platformHosts).flatMap((host) => [`https://${host}`, `https://*.${host}`]).join(' ')
    return reply.header('content-security-policy', `default-src 'none'; style-src 'self'; form-action 'self' ${hosts}; base-uri 'none'; frame-ancestors 'none'`).type(html).send(text)
  }

  app.get('/i/style.css', { schema: hidden }, (_request, reply) => reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=86400').send(style))

  app.get('/i/:token', { config, schema: { ...hidden, params: Params } }, async (request, reply) => {
    const { token } = request.params
    const found = await invitationOf(token)
    const invitation = found && (await inSchool(db, found.orgId, (tx) => readInvitationPage(tx, found.invitationId)))
    if (invitation) return show(reply, invitation.linkHosts, invitationPage(`/i/${token}`, invitation))
    const ofClass = await linkOf(token)
    const link = ofClass && (await inSchool(db, ofClass.orgId, (tx) => readLinkPage(tx, ofClass.linkId)))
    return link ? show(reply, link.linkHosts, linkPage(`/i/${token}`, link)) : unknown(reply)
  })

  // A browser that loads the address of an answer anew comes back to the page; nothing is answered for it.
  for (const answer of ['open', 'request-sent', 'decline', 'new-link']) {
    app.get(`/i/:token/${answer}`, { config, schema: { ...hidden, params: Params } }, async (request, reply) =>
      tokenShape.test(request.params.token) ? reply.redirect(`/i/${request.params.token}`, 303) : unknown(reply),
    )
  }

  const refuseForeign = async (request: FastifyRequest, reply: FastifyReply) => {
    if (isForeign(request, ownOrigin)) return reply.code(403).type(html).send(messagePage('Запрос не принят', 'Откройте приглашение по ссылке из письма и нажмите кнопку на этой странице.'))
  }

  const openForClass = async (reply: FastifyReply, token: string) => {
    const found = await linkOf(token)
    if (!found) return unknown(reply)
    const sealed = await inSchool(db, found.orgId, (tx) => openLink(tx, found.linkId))
    return sealed === undefined ? refused(reply, token, 'closed') : reply.redirect(open(keys, sealed, 'linkUrl'), 303)
  }

  app.post('/i/:token/open', { config, preHandler: refuseForeign, schema: { ...hidden, params: Params } }, async (request, reply) => {
    const { token } = request.params
    const found = await invitationOf(token)
    if (!found) return openForClass(reply, token)
    const answer = { id: newId('ans'), invitationId: found.invitationId, type: 'OPENED', reason: null } as const
    const sealed = await inSchool(db, found.orgId, (tx) => openInvitation(tx, answer))
    if (sealed === undefined) return refused(reply, token, 'closed')
    tell(found.orgId, answer)
    return reply.redirect(open(keys, sealed, 'linkUrl'), 303)
  })

  const answers = [
    { path: 'request-sent', type: 'REQUEST_SENT', take: answerInvitation },
    { path: 'decline', type: 'DECLINE', take: answerInvitation },
    { path: 'new-link', type: 'NEW_LINK_REQUESTED', take: askForNewLink },
  ] as const
  for (const { path, type, take } of answers) {
    app.post(`/i/:token/${path}`, { config, preHandler: refuseForeign, schema: { ...hidden, params: Params, body: Answer } }, async (request, reply) => {
      const { token } = request.params
      const found = await invitationOf(token)
      if (!found) return unknown(reply)
      const words = checkText(request.body?.reason ?? '', { max: 500 })
      const answer: RecipientAnswer = { id: newId('ans'), invitationId: found.invitationId, type, reason: type === 'DECLINE' && words.ok ? words.value : null }
      const answered = await inSchool(db, found.orgId, (tx) => take(tx, answer))
      if (answered !== 'taken') return refused(reply, token, answered)
      tell(found.orgId, answer)
      return reply.redirect(`/i/${token}`, 303)
    })
  }
}

function refused(reply: FastifyReply, token: string, why: Exclude<Answered, 'taken'>) {
  const path = `/i/${token}`
  if (why === 'saidBefore') return reply.code(409).type(html).send(answeredPage(path, 'Уже сделано', 'Вы уже сообщили об этом, повторять не нужно.'))
  return reply.code(410).type(html).send(answeredPage(path, 'Ссылка больше не действует', 'Её срок истёк или школа её закрыла.'))
}
