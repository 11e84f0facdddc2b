import { finished } from 'node:stream'
import { asService } from '../../db/connection.ts'
import { isSessionAlive } from '../../db/sessions.ts'
import type { App, AppDeps } from '../deps.ts'
import { changeHub } from './change-hub.ts'
import { fieldsOf } from './fields.ts'

/** Keeps proxies from ending a quiet stream, and looks whether the session is still there, ms. */
const heartbeat = 25_000

/**
 * GET /live: server-sent events that say only that something has changed; the page then asks for itself. A stream ends with
 * the session, and with the server.
 */
export function liveStream(app: App, { db }: Pick<AppDeps, 'db'>): void {
  const hub = changeHub(db, (error) => app.log.warn({ err: error }, 'changes not heard'))
  const open = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of open) end()
    await hub.close()
  })

  app.get('/live', { exposeHeadRoute: false, schema: { hide: true } }, (request, reply) => {
    const { id, orgId } = request.sitting!.holder
    const query = fieldsOf(request.query)
    const process = query.get('process')
    if (orgId === null) return reply.code(204).send()
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
    raw.write(': \n\n')
    const leave = hub.add({ orgId, ...(process !== '' && { process }), changed: () => raw.write('event: changed\ndata: \n\n') }, Number(query.get('since')))
    const end = () => raw.end()
    const beat = setInterval(() => {
      raw.write(': \n\n')
      asService(db, (tx) => isSessionAlive(tx, id)).then((alive) => alive || end(), () => undefined)
    }, heartbeat)
    open.add(end)
    finished(raw, () => {
      clearInterval(beat)
      leave()
      open.delete(end)
    })
    return reply
  })
}
