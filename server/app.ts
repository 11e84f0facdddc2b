import { randomUUID } from 'node:crypto'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import fastify from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { problemTexts } from '../school/texts/console/layout.ts'
import { requireKey } from './authentication.ts'
import { assetRoutes } from './console/assets.ts'
import { consolePages } from './console/console.ts'
import { sendProblem, wantsPage } from './console/problem-page.ts'
import type { App, AppDeps } from './deps.ts'
import { Refusal } from './failures.ts'
import { requireIdempotencyKey } from './idempotency.ts'
import { readJson } from './json-body.ts'
import { closeWithLastAnswers } from './last-answers.ts'
import { loggerOptions } from './log.ts'
import { countRequests, metricsRoutes } from './metrics.ts'
import { openApi } from './openapi.ts'
import { handleError, sendRefusal } from './problem-json.ts'
import { publicPages } from './public/pages.ts'
import { apiRoutes } from './routes/index.ts'
import { statusRoutes } from './routes/status.ts'
import { compileSerializer } from './serializers.ts'
import { refuseAddress, refuseNoise } from './unreadable-requests.ts'
import { compileValidator } from './validators.ts'
import { watchMethods } from './wrong-method.ts'

const seconds = 1_000
const megabyte = 1024 * 1024

/**
 * The HTTP service, ready to listen or to be asked with `inject`. Opens no connection of its own: what it talks to
 * is in `deps`. Closing it lets requests in flight finish and refuses new ones with 503.
 */
export async function createApp(deps: AppDeps): Promise<App> {
  const app = fastify({
    logger: loggerOptions(deps.log),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: [...deps.trustProxy],
    bodyLimit: megabyte,
    // The whole request, a scan of an order over a slow line included.
    requestTimeout: 120 * seconds,
    connectionTimeout: 150 * seconds,
    // Shorter than the lease of an idempotency key: a request that is thought dead is dead.
    handlerTimeout: 25 * seconds,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseNoise,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(compileValidator)
  app.setSerializerCompiler(compileSerializer)
  readJson(app)
  // A page of another site can post text/plain without asking; nothing here takes it.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(handleError)
  app.setNotFoundHandler((request, reply) => (wantsPage(request) ? sendProblem(reply, 404, problemTexts.notFound) : sendRefusal(request, reply, new Refusal('notFound'))))
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store')
  })
  closeWithLastAnswers(app)

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], objectSrc: ["'none'"], frameAncestors: ["'none'"], formAction: ["'self'"], styleSrc: ["'self'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    hsts: { maxAge: 365 * 24 * 60 * 60, includeSubDomains: false },
  })
  await app.register(rateLimit, { global: false })
  await app.register(multipart, { limits: { files: 1, fields: 10, fieldSize: 2_000, parts: 11, headerPairs: 20 }, throwFileSizeLimit: false })
  countRequests(app)
  await openApi(app, deps)

  const refuseOtherMethods = watchMethods(app)
  metricsRoutes(app, deps)
  statusRoutes(app, deps)
  assetRoutes(app)
  await app.register(async (pages) => {
    await pages.register(formbody, { bodyLimit: 16 * 1024 })
    publicPages(pages, deps)
  })
  await app.register((pages) => consolePages(pages, deps))
  await app.register(
    async (api) => {
      requireKey(api, deps)
      requireIdempotencyKey(api, deps)
      apiRoutes(api, deps)
    },
    { prefix: '/api/v1' },
  )
  refuseOtherMethods()
  return app
}
