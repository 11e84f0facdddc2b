import { Type } from 'typebox'
import type { Queryable } from '../../db/connection.ts'
import { findOrganization, lockOrganization } from '../../db/organizations.ts'
import { liveRegistrationOf } from '../../db/process-queries.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import { countWorkflows, readStarting } from '../../db/start-queries.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { CohortInput } from '../../workflows/messages.ts'
import { sessionOf } from '../authentication.ts'
import type { App, AppDeps } from '../deps.ts'
import { Refusal } from '../failures.ts'
import { factsFor } from '../facts/index.ts'
import { inCommand } from '../idempotency.ts'
import { closed, Id, InstanceId } from '../schemas/common.ts'
import { refuseIllegalStart } from '../starting/dry-run.ts'
import { announce, startAnnounced, type Announced } from '../starting/start-cohort.ts'

const kind = 'organizationRegistration'
const NewRegistration = Type.Object({ administratorId: Type.Optional(Id), orderId: Type.Optional(Id) }, closed)
const Started = Type.Object({ processId: InstanceId, number: Type.String() })

/** Registration of the school on the platform (domain.md 7.1). */
export function registrationRoutes(app: App, deps: Pick<AppDeps, 'db' | 'keys' | 'dispatcher'>): void {
  app.post(
    '/registrations',
    { config: { right: 'run' }, schema: { tags: ['Процессы'], summary: 'Начать регистрацию школы; с администратором и приказом заявка уходит сама', body: NewRegistration, response: { 202: Started } } },
    async (request, reply) => {
      const session = sessionOf(request)
      const { administratorId, orderId } = request.body
      let announced: Announced | undefined
      const started = await inCommand(deps, request, reply, 202, async (tx) => {
        await lockOrganization(tx, session.orgId)
        const live = (await liveRegistrationOf(tx)) ?? (await startingRegistration(tx))
        if (live) throw new Refusal('alreadyLive', { params: { number: live.number ?? live.id }, extras: { processId: live.id, number: live.number } })
        const key = `orgRegistration:${session.orgId}`
        const before = await countWorkflows(tx, key)
        const processId = before === 0 ? key : `${key}:${before + 1}`
        const { settings } = (await findOrganization(tx, session.orgId))!
        const number = await nextPublicNumber(tx, session.orgId, 'СФ')

        const start = [{ id: processId, kind, input: { number, confirmBeforeSending: settings.confirmBeforeSending ?? false } }]
        const process = { id: processId, kind, state: 'draft', context: { administratorId } }
        const given: AnyEvent[] = [...(administratorId ? [{ type: 'SUBMIT_DATA', administratorId }] : []), ...(orderId ? [{ type: 'ORDER_ATTACHED', orderId }] : [])]
        const events = []
        for (const { type, ...fields } of given) events.push({ to: processId, event: { type, ...fields, facts: await factsFor({ tx, session, process, fields }, type) } })
        announced = await announce(tx, request, start, events, processId)
        refuseIllegalStart(announced.input)
        void reply.header('location', `/api/v1/processes/${processId}`)
        return { processId, number }
      })
      if (announced) await startAnnounced(deps, request, announced)
      return started
    },
  )
}

/** A registration that is announced and has recorded no step yet. */
async function startingRegistration(tx: Queryable): Promise<{ id: string; number: string } | undefined> {
  const spawn = (await readStarting<CohortInput>(tx)).flatMap(({ start }) => start).find((candidate) => candidate.kind === kind)
  return spawn && { id: spawn.id, number: String(spawn.input.number) }
}
