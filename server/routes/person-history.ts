import { Type } from 'typebox'
import { inSchool, type Queryable } from '../../db/connection.ts'
import { findPerson } from '../../db/people.ts'
import { listPersonInvitations, listPersonProcesses } from '../../db/person-history.ts'
import { findProcesses } from '../../db/process-queries.ts'
import { listTasks } from '../../db/task-queries.ts'
import { listTimeline } from '../../db/timeline-queries.ts'
import { deliveryLabel, processLabel, stateLabel } from '../../school/texts/labels.ts'
import { sessionOf } from '../authentication.ts'
import { decodeCursor, pageOf, PageQuery } from '../cursor.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { namesOf } from '../people-names.ts'
import { closed, Id, IdParams, InstanceId, Nullable, PageOf } from '../schemas/common.ts'
import { ProcessLine, processLine } from '../schemas/process.ts'
import { TaskLine, taskLine } from '../schemas/task.ts'
import { TimelineLine, timelineLine } from '../schemas/timeline.ts'

export const PersonHistory = Type.Object({
  processes: Type.Array(ProcessLine, { description: 'Процессы об этом человеке, последние первыми' }),
  tasks: Type.Array(TaskLine, { description: 'Открытые задачи этих процессов' }),
  invitations: Type.Array(
    Type.Object({
      id: Id,
      processId: InstanceId,
      linkId: Id,
      number: Type.String({ description: 'Номер ссылки' }),
      target: Type.String(),
      targetName: Type.String(),
      state: Type.String(),
      stateTitle: Type.String(),
      delivery: Type.String(),
      deliveryTitle: Type.String(),
      issuedAt: Nullable(Type.String()),
      expiresAt: Nullable(Type.String()),
    }),
  ),
})
export const PersonTimelineLine = Type.Interface([TimelineLine], { processTitle: Type.String({ description: 'Какой процесс' }) })

/** As many tasks as a person ever has open at once. */
const mostTasks = 100

/** What happened to a person, in every process that is about them (design.md, "The one idea"). */
export function personHistoryRoutes(app: App, { db }: Pick<AppDeps, 'db'>): void {
  const tags = ['Люди']

  app.get('/people/:id/history', { config: { right: 'read' }, schema: { tags, summary: 'Процессы, приглашения и открытые задачи человека', params: IdParams, response: { 200: PersonHistory } } }, async (request) =>
    inSchool(db, sessionOf(request).orgId, async (tx) => {
      const owners = await processesOf(tx, request.params.id)
      const processes = (await findProcesses(tx, owners)).sort((a, b) => b.openedAt.getTime() - a.openedAt.getTime())
      const tasks = await listTasks(tx, { closed: false, owners, limit: mostTasks })
      const names = await namesOf(tx, [...tasks.map(({ assignee }) => assignee), request.params.id])
      return {
        processes: processes.map((process) => processLine(process, names)),
        tasks: tasks.map((task) => taskLine(task, names)),
        invitations: (await listPersonInvitations(tx, request.params.id)).map(({ issuedAt, expiresAt, ...invitation }) => ({
          ...invitation,
          stateTitle: stateLabel('invitation', invitation.state),
          deliveryTitle: deliveryLabel(invitation.delivery),
          issuedAt: issuedAt && issuedAt.toISOString(),
          expiresAt: expiresAt && expiresAt.toISOString(),
        })),
      }
    }),
  )

  app.get(
    '/people/:id/timeline',
    { config: { right: 'read' }, schema: { tags, summary: 'Всё, что происходило с человеком: кто, когда, что, почему; последнее первым', params: IdParams, querystring: Type.Object(PageQuery, closed), response: { 200: PageOf(PersonTimelineLine) } } },
    async (request) => {
      const { limit, cursor } = request.query
      const [before] = decodeCursor(cursor, ['number']) ?? []
      return inSchool(db, sessionOf(request).orgId, async (tx) => {
        const owners = await processesOf(tx, request.params.id)
        const lines = await listTimeline(tx, { processIds: owners, before, limit: limit + 1 })
        const names = await namesOf(tx, lines.map(({ personId }) => personId))
        return pageOf(lines, limit, (line) => ({ ...timelineLine(line, names), processTitle: processLabel(line.ownerKind) }), ({ id }) => [id])
      })
    },
  )
}

async function processesOf(tx: Queryable, personId: string): Promise<string[]> {
  if (!(await findPerson(tx, personId))) throw new Refusal('notFound')
  return listPersonProcesses(tx, personId)
}
