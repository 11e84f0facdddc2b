import type { FastifyRequest } from 'fastify'

/** Whether a form comes from another site, which could act in the person's name; browsers say where a form comes from. */
export function isForeign(request: FastifyRequest, ownOrigin: string): boolean {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  return site !== undefined ? site !== 'same-origin' : origin !== undefined && origin !== ownOrigin
}
