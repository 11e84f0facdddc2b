import { Type } from 'typebox'
import type { FastifyReply } from 'fastify'
import { asService } from '../../../db/connection.ts'
import { secretHash } from '../../../db/secret-hash.ts'
import { endSession, endSessionsOf, type Account } from '../../../db/sessions.ts'
import { isSignInTokenGood, takeSignInToken } from '../../../db/sign-in.ts'
import { signInTexts as texts } from '../../../school/texts/console/sign-in.ts'
import { checkEmail } from '../../../school/validation/email.ts'
import type { App, AppDeps } from '../../deps.ts'
import type { Console } from '../console.ts'
import { fieldsOf } from '../fields.ts'
import { layOutPlain, type Page } from '../layout.ts'
import { beginSession, type sessionCookie } from '../session.ts'
import { accountPage } from './account.ts'
import { sendLinks, tryPassword } from './try.ts'
import { deadView, openView, outView, sentView, signInView } from './views.ts'

/** Of one address per minute: a staff room behind one router signs in on a Monday, guesses come to nothing. */
const rateLimit = { max: 30, timeWindow: '1 minute' }
const htmlType = 'text/html; charset=utf-8'
const Params = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{22,86}$' }) })

/** How people come in and go out: a link by letter, a password where the school wants it. */
export function signInPages(app: App, console: Console, deps: AppDeps, session: ReturnType<typeof sessionCookie>): void {
  const { db } = deps
  const open = { config: { open: true as const, rateLimit }, schema: { hide: true } }
  const show = (reply: FastifyReply, page: Page) => reply.code(page.status ?? 200).type(htmlType).send(layOutPlain(page))

  async function enter(request: Parameters<typeof session.read>[0], reply: FastifyReply, account: Account, next: string) {
    session.set(reply, await beginSession(deps, account, session.read(request)))
    request.log.info({ orgId: account.orgId, personId: account.personId }, 'signed in')
    return reply.redirect(next, 303)
  }

  app.get('/sign-in', open, (request, reply) => (request.sitting ? reply.redirect('/', 303) : show(reply, signInView({ next: ownPath(fieldsOf(request.query).get('next')) }))))
  app.get('/sign-in/sent', open, (_request, reply) => show(reply, sentView()))
  app.get('/signed-out', open, (request, reply) => show(reply, outView(fieldsOf(request.query).get('everywhere') !== '')))

  app.post('/sign-in/link', open, async (request, reply) => {
    const form = fieldsOf(request.body)
    const email = checkEmail(form.get('email'))
    if (!email.ok) return show(reply, signInView({ next: '/', email: form.get('email'), problem: texts.emailWrong }))
    await sendLinks(db, email.value)
    return reply.redirect('/sign-in/sent', 303)
  })

  app.post('/sign-in/password', open, async (request, reply) => {
    const form = fieldsOf(request.body)
    const next = ownPath(form.get('next'))
    const email = checkEmail(form.get('email'))
    const account = email.ok ? await tryPassword(db, email.value, (request.body as { password?: unknown } | null)?.password) : undefined
    if (!account) request.log.info('password refused')
    return account ? enter(request, reply, account, next) : show(reply, signInView({ next, email: form.get('email'), problem: texts.wrong, byPassword: true }))
  })

  const byToken = { ...open, schema: { hide: true, params: Params } }
  app.get('/sign-in/:token', byToken, async (request, reply) => {
    const { token } = request.params
    return show(reply, (await asService(db, (tx) => isSignInTokenGood(tx, token))) ? openView(token) : deadView())
  })
  app.post('/sign-in/:token', byToken, async (request, reply) => {
    const account = await asService(db, (tx) => takeSignInToken(tx, request.params.token))
    return account ? enter(request, reply, account, '/') : show(reply, deadView())
  })

  for (const path of ['/sign-in/link', '/sign-in/password']) app.get(path, open, (_request, reply) => reply.redirect('/sign-in', 303))
  app.post('/sign-out', { schema: { hide: true } }, async (request, reply) => {
    const secret = session.read(request)
    if (secret) await asService(db, (tx) => endSession(tx, secretHash(secret)))
    session.clear(reply)
    return reply.redirect('/signed-out', 303)
  })
  app.post('/sign-out/everywhere', { schema: { hide: true } }, async (request, reply) => {
    const { orgId, personId } = request.sitting!.holder
    await asService(db, (tx) => endSessionsOf(tx, { orgId, personId } as Account))
    session.clear(reply)
    return reply.redirect('/signed-out?everywhere=1', 303)
  })

  accountPage(console, deps, session)
}

/** A path of the console to go on to; anything that could lead elsewhere is the first page (ASVS 3.7.2). */
function ownPath(next: string): string {
  const here = 'http://console.invalid'
  const url = URL.canParse(next, here) ? new URL(next, here) : undefined
  return next.startsWith('/') && url?.origin === here ? `${url.pathname}${url.search}` : '/'
}
