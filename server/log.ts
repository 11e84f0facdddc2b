import type { FastifyRequest } from 'fastify'
import { stdTimeFunctions, type LoggerOptions } from 'pino'
import type { AppDeps } from './deps.ts'

/**
 * How the server logs: instants in UTC, requests by their route's pattern. Addresses (they hold tokens and ids),
 * bodies, headers and the client's address never get in; of an error nothing that can quote a value (P7).
 */
export function loggerOptions({ level, stream }: AppDeps['log']): LoggerOptions & { stream?: NonNullable<AppDeps['log']['stream']> } {
  return {
    level,
    ...(stream && { stream }),
    base: { part: 'server' },
    timestamp: stdTimeFunctions.isoTime,
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? 'unknown' }),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
      err: errorOf,
    },
  }
}

/** PostgreSQL puts the offending row into `detail` and `where`; those stay out. */
function errorOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint } = error as Error & { code?: unknown; constraint?: unknown }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    ...(error.cause !== undefined && { cause: errorOf(error.cause) }),
  }
}
