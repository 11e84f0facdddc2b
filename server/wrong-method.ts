import type { App } from './deps.ts'
import { Refusal } from './failures.ts'

const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/**
 * Answers an address that exists with 405 and what it allows (RFC 9110, 15.5.6) when the method is another. Call before
 * the routes are added; what it returns, after all of them.
 */
export function watchMethods(app: App): () => void {
  const allowed = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = allowed.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    allowed.set(url, methods)
  })
  return () => {
    for (const [url, methods] of [...allowed]) {
      const allow = [...methods].sort().join(', ')
      app.route({
        url,
        method: known.filter((method) => !methods.has(method)),
        schema: { hide: true },
        handler: (_request, reply) => {
          void reply.header('allow', allow)
          throw new Refusal('methodNotAllowed')
        },
      })
    }
  }
}
