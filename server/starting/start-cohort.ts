import type { FastifyRequest } from 'fastify'
import type { Queryable } from '../../db/connection.ts'
import { insertCohort } from '../../db/cohorts.ts'
import { newId } from '../../db/ids.ts'
import type { AnyEvent, SpawnInstance } from '../../machines/effects.ts'
import type { CohortInput, IncomingEvent } from '../../workflows/messages.ts'
import { sessionOf } from '../authentication.ts'
import type { AppDeps } from '../deps.ts'
import { eventIdOf } from '../idempotency.ts'

/** A cohort that is announced in PostgreSQL and can be started. */
export interface Announced {
  workflowId: string
  input: CohortInput
}

/** A cohort of its own for several instances, or for one: then the workflow bears its business key (domain.md 5). */
export async function announce(tx: Queryable, request: FastifyRequest, start: SpawnInstance[], events: { to: string; event: AnyEvent }[], key?: string): Promise<Announced> {
  const { orgId, personId } = sessionOf(request)
  const cohortId = newId('coh')
  const incoming: IncomingEvent[] = events.map(({ to, event }, index) => ({
    id: eventIdOf(request, String(index)),
    to,
    event: { ...event, by: personId },
    actor: { kind: 'person', personId },
  }))
  const announced = { workflowId: key ?? `cohort:${cohortId}`, input: { orgId, cohortId, openedBy: personId, start, events: incoming } }
  await insertCohort(tx, { orgId, cohortId, ...announced })
  return announced
}

/**
 * Starts what was announced and waits for its first step, so that who reads after the answer sees it. If Temporal is
 * away nothing is lost: a worker makes up for every announced cohort.
 */
export async function startAnnounced({ dispatcher }: Pick<AppDeps, 'dispatcher'>, request: FastifyRequest, { workflowId, input }: Announced): Promise<void> {
  await dispatcher.start(workflowId, input).catch((error: unknown) => request.log.warn({ err: error }, 'cohort not started yet'))
}
