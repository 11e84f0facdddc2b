import { Type } from 'typebox'
import { inSchool } from '../../db/connection.ts'
import { readHandled } from '../../db/steps.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { eventIdOf } from '../idempotency.ts'
import { closed, IdParams, InstanceId, OneOf, Reason } from '../schemas/common.ts'
import { delivered, deliverOne, sendEvent } from '../send-event.ts'
import { seenProcess } from '../seen-process.ts'
import { fieldRules } from '../field-rules.ts'
import { prepareFields } from '../prepare-fields.ts'
import { endedRefusal } from '../refusals.ts'
import { invalidFields } from '../failures.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import type { EventResult } from '../../workflows/messages.ts'

/** The fields beside `type` are checked against the schema of the event; /openapi.json lists every one. */
export const EventBody = Type.Object({ type: Type.String({ minLength: 1, maxLength: 60 }) }, { additionalProperties: true })

const Taken = Type.Object({ processId: InstanceId, state: Type.String(), stateTitle: Type.String(), seq: Type.Integer({ description: 'Номер шага процесса' }) })

const DeadlineBody = Type.Object({ action: OneOf(['move', 'stop']), at: Type.Optional(Type.String({ format: 'date-time' })), reason: Reason }, closed)

/** What people say to processes: events, and deadlines moved or stopped by hand. */
export function processEventRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  const tags = ['Процессы']

  app.post('/processes/:id/events', { config: { right: 'work' }, schema: { tags, summary: 'Сообщить процессу о событии', params: IdParams, body: EventBody, response: { 200: Taken } } }, async (request) => {
    const { id } = request.params
    const { kind, state, seq } = await sendEvent(deps, request, id, request.body)
    return { processId: id, state, stateTitle: stateLabel(kind, state), seq }
  })

  app.post(
    '/processes/:id/deadlines/:name',
    { config: { right: 'run' }, schema: { tags, summary: 'Перенести или остановить срок', params: Type.Object({ id: InstanceId, name: Type.String({ pattern: '^TIMER_[A-Z0-9_]{1,60}$' }) }), body: DeadlineBody, response: { 200: Taken } } },
    async (request) => {
      const session = sessionOf(request)
      const { id, name } = request.params
      const { action, at, ...said } = request.body
      if (action === 'move' && at === undefined) throw invalidFields({ code: 'fieldRequired', path: 'at' })
      const eventId = eventIdOf(request)
      const { kind, fields, earlier } = await inSchool(deps.db, session.orgId, async (tx) => {
        const { process } = await seenProcess(tx, session, id)
        const { kind } = process
        // As in sendEvent: an earlier request with this key died before it could answer (F3).
        const [earlier] = await readHandled<EventResult>(tx, process.cohortId, [eventId])
        if (earlier) return { kind, earlier }
        if (process.endedAt) throw endedRefusal(kind, process.state)
        const value = { ...said, ...(action === 'move' && { at }) }
        return { kind, fields: prepareFields(DeadlineBody, value, '', await fieldRules(tx, session.orgId, deps.keys)) }
      })
      const type = action === 'move' ? 'MOVE_DEADLINE' : 'STOP_DEADLINE'
      const event = { type, name, ...fields, by: session.personId }
      const result = earlier ?? (await deliverOne(deps.dispatcher, { id: eventId, to: id, event, actor: { kind: 'person', personId: session.personId } }))
      const { state, seq } = delivered(result, kind, type)
      return { processId: id, state, stateTitle: stateLabel(kind, state), seq }
    },
  )
}
