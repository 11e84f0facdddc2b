import { randomUUID } from 'node:crypto'
import { afterAll, expect } from 'vitest'
import { resumeCohort } from '../../activities/resume-cohort.ts'
import { readRunning } from '../../db/cohorts.ts'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import { SCHOOL_DAY, type Actor, type EventResult } from '../../workflows/messages.ts'
import { cohortHarness } from './cohort-harness.ts'
import { mailCatcher } from './mail-catcher.ts'
import { samplePeople } from './sample-people.ts'
import { sampleSchool } from './sample-school.ts'
import { schoolReader } from './school-reader.ts'
import { scratchDatabase } from './scratch-database.ts'
import { timeSkippingEnv } from './time-skipping-env.ts'

/** How long a worker may take over what has become due. Nothing waits so long unless something is wrong. */
export const patience = { timeout: 20_000 }

/**
 * The sample school with `teachers` further teachers (p3…), its cohorts at work under a clock that jumps: real host,
 * activities, PostgreSQL and letters. Tests of one file run one after another: the clock is one for all.
 * Call at the top level of a test file; `mail` for one that looks into the letters or has its own mail server.
 */
export async function schoolInSkippedTime(teachers = 3, mail?: { smtpUrl: string }) {
  const db = openDatabase(await scratchDatabase())
  afterAll(() => db.close())
  const { env, ...temporal } = await timeSkippingEnv()
  const { smtpUrl } = mail ?? (await mailCatcher())
  const cohorts = await cohortHarness({ db, ...temporal, smtpUrl, schedules: false })
  const orgId = await sampleSchool(db)
  await samplePeople(db, orgId, teachers)
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set staff_room_on = '2026-09-01'`))
  const reader = schoolReader(db, orgId)
  let worker = await cohorts.createWorker()
  let running = worker.run()
  const stop = async () => {
    worker.shutdown()
    await running
  }
  afterAll(stop)

  /** Lets time pass until a minute after the moment. */
  const passTo = async (moment: Date): Promise<void> => env.sleep(Math.max(0, moment.getTime() - (await env.currentTimeMs())) + 60_000)

  return {
    db,
    orgId,
    ...reader,
    dispatcher: cohorts.dispatcher,
    send: cohorts.send,
    start: cohorts.start.bind(null, orgId),

    /** A day of the school, begun as its schedule begins it, to its end; an hour and a half later. */
    async schoolDay(): Promise<void> {
      const day = await temporal.client.workflow.start(SCHOOL_DAY, { taskQueue: cohorts.taskQueue, workflowId: `schoolDay:${randomUUID()}`, args: [{ orgId }] })
      // Not `result()`: while that is awaited the clock runs on, past the day's end and ten years ahead.
      await env.sleep(90 * 60_000)
      await expect.poll(async () => (await day.describe()).status.name, patience).toBe('COMPLETED')
    },

    /** Now, by the clock that jumps. */
    now: async () => new Date(await env.currentTimeMs()),

    passTo,

    /**
     * The whole service is away until a minute after the moment. Then Temporal has forgotten everything and the cohorts go on
     * from PostgreSQL, as `npm run recover` lets them: the clock that jumps would stand still at the first task that waits
     * for a worker.
     */
    async outageTo(moment: Date): Promise<void> {
      await stop()
      const interrupted = await asService(db, (tx) => readRunning(tx, '', 100))
      for (const { workflowId } of interrupted) await temporal.client.workflow.getHandle(workflowId).terminate('outage')
      await passTo(moment)
      worker = await cohorts.createWorker()
      running = worker.run()
      for (const cohort of interrupted) await resumeCohort(db, cohorts.dispatcher, cohort)
    },

    /** Waits until the instance is in the state. */
    becomes: (id: string, state: string) => expect.poll(() => reader.stateOf(id), { ...patience, message: id }).toBe(state),

    /** Completes the one open task of a kind, of this owner if given, as the administrator unless somebody else is named. */
    async complete(kind: string, evidence: Record<string, unknown>, { by = 'p2', owner, facts }: { by?: string; owner?: string; facts?: Record<string, unknown> } = {}): Promise<EventResult> {
      const event: AnyEvent = { type: 'COMPLETE', evidence, ...(facts && { facts }) }
      const actor: Actor = { kind: 'person', personId: by }
      return cohorts.send((await reader.openTask(kind, owner)).id, event, actor)
    },
  }
}
