import { Type, type Static } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { openInboundContent } from '../../db/inbound.ts'
import { fileInbound, findInbound, listInbound, type InboundLine } from '../../db/inbound-queries.ts'
import { findProcess } from '../../db/process-queries.ts'
import { sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { invalidFields, Refusal } from '../failures.ts'
import { inCommand } from '../idempotency.ts'
import { closed, Id, IdParams, InstanceId, Nullable, OneOf, PageOf } from '../schemas/common.ts'
import { uploadTimeout } from '../upload.ts'

const kinds = ['answer', 'bounce', 'autoReply'] as const
const megabyte = 1024 * 1024

export const Line = Type.Object({
  id: Id,
  kind: OneOf(kinds),
  source: Type.String(),
  processId: Nullable(InstanceId),
  letterId: Nullable(InstanceId),
  receivedAt: Type.String(),
  filedBy: Nullable(Id),
  from: Type.String(),
  subject: Type.String(),
})
export const Message = Type.Interface([Line], {
  text: Type.String(),
  date: Nullable(Type.String()),
  attachments: Type.Array(Type.Object({ filename: Type.String(), contentType: Type.String(), size: Type.Integer() })),
})

const ListQuery = Type.Object(
  { ...PageQuery, kind: Type.Optional(OneOf(kinds)), process: Type.Optional(InstanceId), unfiled: Type.Optional(Type.Boolean({ description: 'Только не отнесённые к процессу' })) },
  closed,
)

/** The inbox: what came by mail, and to which process it belongs. */
export function inboundRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'receiveMail'>): void {
  const { db, keys, receiveMail } = deps
  const tags = ['Письма']

  function line({ id, kind, source, processId, letterId, receivedAt, filedBy, content }: InboundLine): Static<typeof Line> {
    const { from, subject } = openInboundContent(keys, id, content)
    return { id, kind, source, processId, letterId, receivedAt: receivedAt.toISOString(), filedBy, from, subject }
  }

  app.get('/inbound', { config: { right: 'read' }, schema: { tags, summary: 'Входящие письма', querystring: ListQuery, response: { 200: PageOf(Line) } } }, async (request) => {
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    const messages = await inSchool(db, sessionOf(request).orgId, (tx) => listInbound(tx, { ...filter, after, limit: limit + 1 }))
    return pageOf(messages, limit, line, ({ sortKey, id }) => [sortKey, id])
  })

  app.get('/inbound/:id', { config: { right: 'read' }, schema: { tags, summary: 'Входящее письмо целиком', params: IdParams, response: { 200: Message } } }, async (request) => {
    const message = await inSchool(db, sessionOf(request).orgId, (tx) => findInbound(tx, request.params.id))
    if (!message) throw new Refusal('notFound')
    const { text, date, attachments } = openInboundContent(keys, message.id, message.content)
    return { ...line(message), text, date, attachments }
  })

  app.post(
    '/inbound/:id/file',
    { config: { right: 'run' }, schema: { tags, summary: 'Отнести письмо к процессу', params: IdParams, body: Type.Object({ processId: InstanceId }, closed), response: { 200: Line } } },
    async (request, reply) => {
      const { personId } = sessionOf(request)
      return inCommand(deps, request, reply, 200, async (tx) => {
        const { id } = request.params
        const { processId } = request.body
        if (!(await findInbound(tx, id))) throw new Refusal('notFound')
        if (!(await findProcess(tx, processId))) throw invalidFields({ code: 'processUnknown', path: 'processId' })
        if (!(await fileInbound(tx, id, { processId, personId }))) throw new Refusal('messageFiled')
        return line((await findInbound(tx, id))!)
      })
    },
  )

  // A message in MIME as it stands; its own Message-ID and content keep it from being taken twice.
  app.addContentTypeParser(['message/rfc822', 'application/octet-stream'], { parseAs: 'buffer', bodyLimit: 25 * megabyte }, (_request, body, done) => done(null, body))
  app.post(
    '/inbound/mail',
    {
      config: { right: 'mail', ownKey: true },
      bodyLimit: 25 * megabyte,
      handlerTimeout: uploadTimeout,
      schema: { tags, summary: 'Принять письмо (сырой MIME, message/rfc822)', consumes: ['message/rfc822'], response: { 200: Type.Object({ id: Id, duplicate: Type.Boolean() }) } },
    },
    async (request) => {
      if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw new Refusal('unsupportedMedia')
      return receiveMail(request.body, { name: 'webhook', orgId: sessionOf(request).orgId })
    },
  )
}
