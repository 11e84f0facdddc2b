import { Type } from 'typebox'
import { readCalendarSettings } from '../../db/calendar-settings.ts'
import { inSchool } from '../../db/connection.ts'
import { listDeadlines, listProcesses } from '../../db/process-queries.ts'
import { listTimeline } from '../../db/timeline-queries.ts'
import { may, sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { processDiagram } from '../diagram/process-diagram.ts'
import { ownerMembers } from '../owned-by.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, Instant, Name, PageOf } from '../schemas/common.ts'
import { Process, ProcessLine, processLine, processView } from '../schemas/process.ts'
import { timelineLine, TimelinePageLine } from '../schemas/timeline.ts'
import { seenProcess } from '../seen-process.ts'
import { maySend } from '../send-event.ts'
import { waitedDays } from '../waited-days.ts'

const ListQuery = Type.Object(
  {
    ...PageQuery,
    kind: Type.Optional(Name),
    state: Type.Optional(Name),
    ended: Type.Optional(Type.Boolean({ description: 'true — только завершённые, false — только идущие' })),
    deadlineBefore: Type.Optional(Instant),
    assignee: Type.Optional(Id),
    overdue: Type.Optional(Type.Boolean({ description: 'Есть просроченная задача' })),
    person: Type.Optional(Id),
  },
  closed,
)

/** What runs in the school, and what has run. */
export function processRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  const tags = ['Процессы']

  app.get('/processes', { schema: { tags, summary: 'Список процессов', querystring: ListQuery, response: { 200: PageOf(ProcessLine) } } }, async (request) => {
    const session = sessionOf(request)
    const { limit, cursor, ...filter } = request.query
    const after = decodeCursor(cursor, ['instant', 'text'])
    const seenBy = may(session, 'read') ? undefined : { personId: session.personId, owners: ownerMembers }
    return inSchool(db, session.orgId, async (tx) => {
      const processes = await listProcesses(tx, { ...filter, seenBy, after, limit: limit + 1 })
      const names = await namesOf(tx, processes.map(({ context }) => context.personId as string))
      return pageOf(processes, limit, (process) => processLine(process, names), ({ openedAt, id }) => [openedAt.toISOString(), id])
    })
  })

  app.get('/processes/:id', { schema: { tags, summary: 'Состояние, разрешённые события, сроки и задачи', params: IdParams, response: { 200: Process } } }, async (request) => {
    const session = sessionOf(request)
    return inSchool(db, session.orgId, async (tx) => {
      const { process, tasks } = await seenProcess(tx, session, request.params.id)
      const names = await namesOf(tx, [process.openedBy, process.context.personId as string, ...tasks.map(({ assignee }) => assignee)])
      return processView(process, await listDeadlines(tx, process.id), tasks, names, (type) => maySend(session, process, tasks, type))
    })
  })

  app.get(
    '/processes/:id/timeline',
    { schema: { tags, summary: 'Кто, когда, что, почему и по какому пункту', params: IdParams, querystring: Type.Object(PageQuery, closed), response: { 200: PageOf(TimelinePageLine) } } },
    async (request) => {
      const session = sessionOf(request)
      const { limit, cursor } = request.query
      const [after] = decodeCursor(cursor, ['number']) ?? []
      return inSchool(db, session.orgId, async (tx) => {
        const { process } = await seenProcess(tx, session, request.params.id)
        const lines = await listTimeline(tx, { processId: process.id, after, limit: limit + 1 })
        const names = await namesOf(tx, lines.map(({ personId }) => personId))
        const waited = waitedDays(lines.map(({ at }) => at), await readCalendarSettings(tx))
        return pageOf(lines.map((line, index) => ({ ...line, waited: waited[index]! })), limit, (line) => ({ ...timelineLine(line, names), waited: line.waited }), ({ id }) => [id])
      })
    },
  )

  app.get('/processes/:id/diagram.svg', { schema: { tags, summary: 'Схема процесса; текущее состояние выделено', params: IdParams } }, async (request, reply) => {
    const session = sessionOf(request)
    const { process } = await inSchool(db, session.orgId, (tx) => seenProcess(tx, session, request.params.id))
    return reply.type('image/svg+xml; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'").send(processDiagram(process.kind, process.state))
  })
}
