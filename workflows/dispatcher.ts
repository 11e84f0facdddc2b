import { createHash } from 'node:crypto'
import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { ALL_REFUSED, COHORT, cohortQuery, deliverUpdate, MOVING, TASK_QUEUE, type CohortInput, type EventResult, type IncomingEvent } from './messages.ts'

/** Temporal or its workers did not answer in time. What was sent may still happen: a repeat with the same ids is safe. */
export class Unavailable extends Error {}

/** Sends events to cohorts and starts them, from outside of workflows. */
export interface Dispatcher {
  /** One result per event, in order. Throws `Unavailable`. */
  deliver(events: IncomingEvent[]): Promise<EventResult[]>
  /** Starts a cohort that has been announced in PostgreSQL, or finds it running; results of its first events. Throws `Unavailable`. */
  start(workflowId: string, input: CohortInput): Promise<EventResult[]>
}

/** Puts cohorts right whose recorded steps Temporal has lost (docs/decisions/0001-step-log.md). */
export interface Resumer {
  /**
   * Makes a cohort catch up with the `recorded` steps PostgreSQL has of it. One that Temporal does not know, or that
   * was ended there by force, is started from `input`, what its first step began with; one that knows them all is left
   * as it is. Throws `Unavailable`.
   */
  resume(workflowId: string, input: CohortInput, recorded: number): Promise<void>
}

interface Waiting {
  event: IncomingEvent
  recorded: number
  resolve: (result: EventResult) => void
  reject: (error: unknown) => void
}

/** Finds the workflow an instance lives in, and the number of its last recorded step; ids nobody knows are left out. */
export type Locate = (ids: string[]) => Promise<{ id: string; workflowId: string; recorded: number }[]>

/** How long a caller waits for an answer, ms. Then it is told to come back. */
const patience = 10_000
/** Events of one update: more go into the next. */
const perUpdate = 500

export function createDispatcher(client: Client, locate: Locate, taskQueue = TASK_QUEUE): Dispatcher & Resumer {
  const lanes = new Map<string, { waiting: Waiting[]; busy: boolean }>()

  async function deliver(events: IncomingEvent[]): Promise<EventResult[]> {
    const found = new Map((await locate([...new Set(events.map(({ to }) => to))])).map((place) => [place.id, place]))
    return Promise.all(
      events.map((event) => {
        const place = found.get(event.to)
        return place === undefined ? Promise.resolve(notHere(event)) : enqueue(place.workflowId, event, place.recorded)
      }),
    )
  }

  /** Temporal takes 10 updates of one workflow at a time: what arrives while one is on its way rides in the next. */
  function enqueue(workflowId: string, event: IncomingEvent, recorded: number): Promise<EventResult> {
    let lane = lanes.get(workflowId)
    if (!lane) lanes.set(workflowId, (lane = { waiting: [], busy: false }))
    const { waiting } = lane
    return new Promise((resolve, reject) => {
      waiting.push({ event, recorded, resolve, reject })
      // After the current tick: events that arrive together travel together.
      setImmediate(() => void drive(workflowId))
    })
  }

  async function drive(workflowId: string): Promise<void> {
    const lane = lanes.get(workflowId)
    if (!lane || lane.busy) return
    lane.busy = true
    while (lane.waiting.length > 0) {
      const batch = lane.waiting.splice(0, perUpdate)
      try {
        const results = await send(workflowId, batch.map(({ event }) => event), Math.max(...batch.map(({ recorded }) => recorded)))
        batch.forEach(({ resolve }, i) => resolve(results[i]!))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    lanes.delete(workflowId)
  }

  const send = (workflowId: string, events: IncomingEvent[], recorded: number) =>
    answered(events, () => client.workflow.getHandle(workflowId).executeUpdate(deliverUpdate, { args: [events, recorded], updateId: updateIdOf(events) }))

  const startOf = (workflowId: string, input: CohortInput) =>
    new WithStartWorkflowOperation(COHORT, { workflowId, taskQueue, args: [input], workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' })

  const start = (workflowId: string, input: CohortInput) =>
    answered(input.events, () =>
      client.workflow.executeUpdateWithStart(deliverUpdate, { args: [input.events], updateId: updateIdOf(input.events), startWorkflowOperation: startOf(workflowId, input) }),
    )

  async function resume(workflowId: string, input: CohortInput, recorded: number): Promise<void> {
    if ((await lastStepOf(workflowId)) >= recorded) return
    await answered([], () => client.workflow.executeUpdateWithStart(deliverUpdate, { args: [[], recorded], startWorkflowOperation: startOf(workflowId, input) }))
  }

  /** Of a cohort that Temporal knows no more, or not to its end, it has no step. Leaves no trace: can be asked again and again. */
  async function lastStepOf(workflowId: string): Promise<number> {
    const handle = client.workflow.getHandle(workflowId)
    try {
      return await client.withDeadline(Date.now() + patience, async () => {
        const { status } = await handle.describe()
        if (status.name === 'COMPLETED') return Infinity
        return status.name === 'RUNNING' ? (await handle.query(cohortQuery)).seq : 0
      })
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 0
      throw isAway(error) ? new Unavailable('the workflow service did not answer', { cause: error }) : error
    }
  }

  /** Runs an update until it has an answer or patience ends; a full house and a change of runs are waited out. */
  async function answered(events: IncomingEvent[], update: () => Promise<EventResult[]>): Promise<EventResult[]> {
    const deadline = Date.now() + patience
    for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
      try {
        return await client.withDeadline(deadline, update)
      } catch (error) {
        const refused = refusalsOf(error)
        if (refused) return refused
        if (error instanceof WorkflowNotFoundError) return events.map(notHere)
        if (!passes(error)) throw isAway(error) ? new Unavailable('the workflow service did not answer', { cause: error }) : error
        if (Date.now() + pause > deadline) throw new Unavailable('the workflow service is busy', { cause: error })
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }

  return { deliver, start, resume }
}

const notHere = ({ id }: IncomingEvent): EventResult => ({ id, accepted: false, reason: 'notHere', state: null, allowed: [], guards: [] })

const updateIdOf = (events: IncomingEvent[]): string =>
  createHash('sha256')
    .update(events.map(({ id }) => id).join('\n'))
    .digest('base64url')

function refusalsOf(error: unknown): EventResult[] | null {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return null
  return error.cause.type === ALL_REFUSED ? (error.cause.details?.[0] as EventResult[]) : null
}

const grpc = { deadlineExceeded: 4, notFound: 5, resourceExhausted: 8, failedPrecondition: 9, unavailable: 14, cancelled: 1, internal: 13 }

function codeOf(error: unknown): number | undefined {
  const found = isGrpcServiceError(error) ? error : error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(found) ? found.code : undefined
}

/**
 * Failures after which the next attempt lands: the run is about to move on, or ended under an accepted update; or a
 * worker gave its task back without a word about the update it came with, which happens when many come at once.
 */
const passing = new Set([MOVING, 'AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate'])

/** Too many updates in flight or in this run, a task that failed while it carried one, or a failure that passes (reliability 1, 2, 11, 13). */
function passes(error: unknown): boolean {
  const code = codeOf(error)
  if (code === grpc.resourceExhausted || code === grpc.failedPrecondition) return true
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && passing.has(error.cause.type ?? '')
}

function isAway(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true
  const code = codeOf(error)
  return code === grpc.unavailable || code === grpc.deadlineExceeded || code === grpc.cancelled || code === grpc.internal
}
