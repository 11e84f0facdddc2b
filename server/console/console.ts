import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isAway } from '../../db/away.ts'
import { layoutTexts, problemTexts } from '../../school/texts/console/layout.ts'
import type { App, AppDeps } from '../deps.ts'
import { isForeign } from '../foreign-form.ts'
import { html, type Html } from '../html.ts'
import type { Right } from '../rights.ts'
import { ApiProblem, type ApiFile } from './api.ts'
import { liveStream } from './live.ts'
import { layOut, type Page } from './layout.ts'
import { homeOf } from './navigation.ts'
import { pages } from './pages/index.ts'
import { pagePolicy, sendProblem } from './problem-page.ts'
import { isOwnForm, sessionCookie, sittingOf } from './session.ts'
import { signInPages } from './sign-in/pages.ts'
import { formReader, uploadTimeout } from '../upload.ts'
import { visitOf, type Visit } from './visit.ts'

/** What a handler answers: a page, where to go on, or a file to keep. */
export type Answer = Page | { to: string } | { file: ApiFile }

type Handler<T> = (visit: Visit, request: FastifyRequest, reply: FastifyReply) => Promise<T>

/** Adds the pages of the console and what their forms do. Who has not signed in is led to the sign-in; `right` is asked of everybody else. */
export interface Console {
  page(path: string, answer: Handler<Answer>, options?: { right?: Right }): void
  form(path: string, answer: Handler<Answer>, options?: { right?: Right }): void
  /** A form with one file, `request.upload`; its fields are the form's like any other. */
  upload(path: string, answer: Handler<Answer>, options: { right?: Right; fileBytes: number; atOnce: number }): void
  /** What is no page: a picture, a file, a stream. */
  raw(path: string, answer: Handler<unknown>, options?: { right?: Right }): void
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A page for who has not signed in. */
    open?: true
  }
}

const megabyte = 1024 * 1024
const htmlType = 'text/html; charset=utf-8'

/** The console: pages for people, over the API (docs/decisions/0016-console.md). */
export async function consolePages(app: App, deps: AppDeps): Promise<void> {
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: megabyte })
  const ownOrigin = new URL(deps.publicUrl).origin
  const session = sessionCookie(deps.publicUrl)
  app.decorateRequest('sitting', null)
  app.decorateRequest('upload', null)

  app.addHook('onRequest', async (request, reply) => {
    void reply.header('content-security-policy', pagePolicy)
    const secret = session.read(request)
    request.sitting = (secret && (await sittingOf(deps, request, secret))) || null
    if (request.sitting || request.routeOptions.config.open) return
    const to = `/sign-in${request.method === 'GET' && request.url !== '/' ? `?next=${encodeURIComponent(request.url)}` : ''}`
    // htmx would put the sign-in into the page that is there.
    return request.headers['hx-request'] ? reply.header('hx-redirect', to).code(204).send() : reply.redirect(to, 303)
  })
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return
    const token = (request.body as { _csrf?: unknown } | null)?._csrf
    if (isForeign(request, ownOrigin) || (request.sitting && !request.routeOptions.config.open && !isOwnForm(request.sitting, token))) return sendProblem(reply, 403, problemTexts.foreignForm)
  })
  app.setErrorHandler((error: FastifyError | ApiProblem, request, reply) => {
    if (error instanceof ApiProblem) {
      const { status, title, detail } = error.problem
      return sendProblem(reply, status, status === 404 ? problemTexts.notFound : status === 403 ? problemTexts.forbidden : [title, detail])
    }
    const status = error.statusCode ?? 500
    if (status === 429) return sendProblem(reply, 429, problemTexts.tooMany)
    if (status >= 400 && status < 500) return sendProblem(reply, status, problemTexts.badRequest)
    request.log.error({ err: error }, 'page failed')
    return isAway(error) || status === 503 ? sendProblem(reply.header('retry-after', '60'), 503, problemTexts.away) : sendProblem(reply, 500, problemTexts.failed)
  })

  async function answerWith(request: FastifyRequest, reply: FastifyReply, right: Right | undefined, answer: Handler<Answer>) {
    const visit = await visitOf(app, request)
    if (right !== undefined && !visit.may(right)) return sendProblem(reply, 403, problemTexts.forbidden)
    const given = await answer(visit, request, reply)
    if ('file' in given) return reply.type(given.file.type).header('content-disposition', given.file.headers['content-disposition']).header('content-security-policy', 'sandbox').send(given.file.body)
    if ('to' in given) return reply.redirect(given.to, 303)
    // What is shown in answer to a form has no address of its own.
    if (request.method === 'POST') void reply.header('hx-push-url', 'false')
    return reply.code(given.status ?? 200).type(htmlType).send(layOut(visit, given))
  }
  const schema = { hide: true }
  const looked = new Set<string>()
  const sent = new Set<string>()
  const look = (path: string, handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) => {
    looked.add(path)
    app.get(path, { schema }, handler)
  }
  const console: Console = {
    page: (path, answer, { right } = {}) => look(path, (request, reply) => answerWith(request, reply, right, answer)),
    form: (path, answer, { right } = {}) => {
      sent.add(path)
      app.post(path, { schema }, (request, reply) => answerWith(request, reply, right, answer))
    },
    upload: (path, answer, { right, fileBytes, atOnce }) => {
      sent.add(path)
      app.post(path, { schema, bodyLimit: fileBytes + megabyte, handlerTimeout: uploadTimeout, preValidation: formReader({ fileBytes, atOnce }) }, (request, reply) => answerWith(request, reply, right, answer))
    },
    raw: (path, answer, { right } = {}) =>
      look(path, async (request, reply) => {
        const visit = await visitOf(app, request)
        return right !== undefined && !visit.may(right) ? sendProblem(reply, 403, problemTexts.forbidden) : answer(visit, request, reply)
      }),
  }

  console.page('/', async (visit) => ({ to: homeOf(visit) }))
  signInPages(app, console, deps, session)
  liveStream(app, deps)
  for (const add of pages) add(console, deps)

  // Where a form was sent to, loaded anew: the page it stands on.
  for (const path of [...sent].filter((form) => !looked.has(form))) {
    const page = [...looked].filter((one) => path.startsWith(`${one}/`)).sort((a, b) => b.length - a.length)[0] ?? ''
    app.get(path, { schema }, (request, reply) => reply.redirect(request.url.split('?')[0]!.split('/').slice(0, page.split('/').length).join('/') || '/', 303))
  }
}

/** A way back at the head of a page that belongs to another. */
export const backTo = (path: string, title: string = layoutTexts.back): Html => html`<p class="back"><a href="${path}">← ${title}</a></p>`
