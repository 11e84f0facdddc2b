import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { failureText } from '../school/texts/failures.ts'
import { Refusal } from './failures.ts'
import { problemType, sendRefusal } from './problem-json.ts'

/** What every other answer gets from a hook; these come before any hook runs. */
const headers = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** Answers an address that cannot be read (a broken %XX, a segment longer than any id). Never repeats it: it may hold a token. */
export function refuseAddress(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void sendRefusal(request, reply.headers(headers), new Refusal('malformedRequest'))
}

const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

/** Answers what is no HTTP request at all, and ends the connection: what follows on it cannot be told apart. */
export function refuseNoise({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code !== 'ECONNRESET' && socket.writable) {
    const status = statuses[code] ?? 400
    const body = JSON.stringify({ type: problemType('malformedRequest'), status, ...failureText('malformedRequest', 'ru') })
    const lines = Object.entries({ ...headers, 'content-type': 'application/problem+json; charset=utf-8', 'content-length': Buffer.byteLength(body), connection: 'close' })
    socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n'))
  }
  socket.destroySoon()
}
