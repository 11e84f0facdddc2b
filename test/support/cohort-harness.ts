import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker'
import { createActivities } from '../../activities/index.ts'
import { insertCohort, readAddresses } from '../../db/cohorts.ts'
import { asService, inSchool, type Database } from '../../db/connection.ts'
import type { AnyEvent, SpawnInstance } from '../../machines/effects.ts'
import { createDispatcher } from '../../workflows/dispatcher.ts'
import { SCHOOL_DAY, type Actor, type CohortInput, type EventResult, type IncomingEvent } from '../../workflows/messages.ts'
import { testKeyRing } from './test-key-ring.ts'
import { workflowBundle } from './workflow-bundle.ts'

interface Parts {
  db: Database
  client: Client
  nativeConnection: NativeConnection
  dataConverter: DataConverter
  smtpUrl: string
  /** False for the time-skipping server, which has no schedules (UNIMPLEMENTED): the schedule is tested on the real one. */
  schedules: boolean
}

/**
 * Cohorts at work on a task queue of their own: the real host, the real activities, real letters to `smtpUrl`. Run a
 * test's plot inside `running`; what it awaits there the worker does.
 */
export async function cohortHarness({ db, client, nativeConnection, dataConverter, smtpUrl, schedules }: Parts) {
  const taskQueue = randomUUID()
  const bundle = await workflowBundle()
  const dispatcher = createDispatcher(client, (ids) => asService(db, (tx) => readAddresses(tx, ids)), taskQueue)
  const real = createActivities({
    db,
    jobs: db,
    mail: {
      db,
      keys: testKeyRing,
      smtpUrl,
      from: 'flow@zarechie.example',
      publicUrl: 'http://127.0.0.1:3000',
      onError: (error) => {
        throw error
      },
    },
    delivery: dispatcher,
    schedules: client.schedule,
    schoolDay: { workflowType: SCHOOL_DAY, taskQueue },
  })
  const activities = schedules ? real : { ...real, startSchedules: async () => {} }
  const createWorker = (more: Partial<WorkerOptions> = {}) =>
    Worker.create({ connection: nativeConnection, namespace: client.options.namespace, taskQueue, workflowBundle: bundle, dataConverter, activities, ...more })

  let sent = 0
  return {
    taskQueue,
    dispatcher,
    createWorker,
    running: async <T>(plot: () => Promise<T>): Promise<T> => (await createWorker()).runUntil(plot),

    /** Announces and starts a cohort as the server does; returns its workflow id and the results of its first events. */
    async start(orgId: string, start: SpawnInstance[], events: IncomingEvent[] = []): Promise<{ workflowId: string; results: EventResult[] }> {
      const cohortId = `coh_${randomUUID()}`
      const workflowId = `cohort:${cohortId}`
      const input: CohortInput = { orgId, cohortId, start, events }
      await inSchool(db, orgId, (tx) => insertCohort(tx, { orgId, cohortId, workflowId, input }))
      return { workflowId, results: await dispatcher.start(workflowId, input) }
    },

    /** Sends one event as a person and returns what became of it. */
    async send(to: string, event: AnyEvent, actor: Actor = { kind: 'person', personId: 'p2' }): Promise<EventResult> {
      const by = actor.kind === 'person' && actor.personId ? { by: actor.personId } : {}
      const [result] = await dispatcher.deliver([{ id: `test:${++sent}`, to, event: { ...event, ...by }, actor }])
      return result!
    },

    /** The open task of a kind, failing the test when there is none. */
    async openTask(orgId: string, kind: string): Promise<{ id: string; due_at: Date }> {
      const { rows } = await inSchool(db, orgId, (tx) => tx.query<{ id: string; due_at: Date }>('select id, due_at from tasks where kind = $1 and closed_at is null', [kind]))
      if (rows.length !== 1) throw new Error(`${rows.length} open tasks ${kind}`)
      return rows[0]!
    },

    async stateOf(orgId: string, processId: string): Promise<string | undefined> {
      const { rows } = await inSchool(db, orgId, (tx) => tx.query<{ state: string }>('select state from processes where id = $1', [processId]))
      return rows[0]?.state
    },
  }
}
