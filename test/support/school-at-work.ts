import type { Client } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import type { NativeConnection, WorkerOptions } from '@temporalio/worker'
import { afterAll, expect } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { Actor, EventResult } from '../../workflows/messages.ts'
import { cohortHarness } from './cohort-harness.ts'
import { mailCatcher } from './mail-catcher.ts'
import { samplePeople } from './sample-people.ts'
import { sampleSchool } from './sample-school.ts'
import { schoolReader } from './school-reader.ts'
import { scratchDatabase } from './scratch-database.ts'

/** How long a worker may take over what has become due. Nothing waits so long unless something is wrong. */
export const patience = { timeout: 20_000 }

export type SchoolAtWork = Awaited<ReturnType<typeof schoolAtWork>>

/**
 * The sample school with `teachers` further teachers (p3…) and the cohorts it runs on a Temporal server: real host,
 * activities, PostgreSQL and letters. Its worker is the caller's to run. Call at the top level of a test file.
 */
export async function schoolAtWork(temporal: { client: Client; nativeConnection: NativeConnection; dataConverter: DataConverter }, teachers = 5) {
  const db = openDatabase(await scratchDatabase())
  afterAll(() => db.close())
  const mail = await mailCatcher()
  const cohorts = await cohortHarness({ db, ...temporal, smtpUrl: mail.smtpUrl, schedules: true })
  const orgId = await sampleSchool(db)
  await samplePeople(db, orgId, teachers)
  const reader = schoolReader(db, orgId)

  /** Sends an event that must be accepted. */
  async function tell(to: string, event: AnyEvent, actor?: Actor): Promise<EventResult> {
    const result = await cohorts.send(to, event, actor)
    expect(result).toMatchObject({ accepted: true })
    return result
  }

  /** Waits until an event is in the timeline of the instance, as often as said. */
  const comesTo = (id: string, event: string, times = 1) =>
    expect.poll(async () => (await reader.timelineOf(id)).filter((found) => found === event).length, { ...patience, message: `${event} of ${id}` }).toBeGreaterThanOrEqual(times)

  return {
    db,
    mail,
    orgId,
    client: temporal.client,
    ...reader,
    ...cohorts,
    start: cohorts.start.bind(null, orgId),
    openTask: reader.openTask,
    stateOf: reader.stateOf,

    /** Runs a plot with a worker of its own. */
    running: async <T>(plot: () => Promise<T>, more: Partial<WorkerOptions> = {}): Promise<T> => (await cohorts.createWorker(more)).runUntil(plot),

    /** Waits until the instance is in the state. */
    becomes: (id: string, state: string) => expect.poll(() => reader.stateOf(id), { ...patience, message: id }).toBe(state),

    /** Waits until the cohort with the workflow id has ended. */
    ends: (workflowId: string) => expect.poll(async () => (await reader.rows<{ status: string }>('select status from cohorts where workflow_id = $1', [workflowId]))[0]?.status, patience).toBe('ended'),

    tell,

    comesTo,

    /** Moves a deadline to a moment from now, as a person does by hand, and lets it fire. */
    async hurry(to: string, name: string): Promise<void> {
      await tell(to, { type: 'MOVE_DEADLINE', name, at: new Date(Date.now() + 100).toISOString(), reason: 'рука' })
      await comesTo(to, name)
    },

    /** Completes the one open task of a kind, of this owner if given, as the administrator unless somebody else is named. */
    async complete(kind: string, evidence: Record<string, unknown>, { by = 'p2', owner, facts }: { by?: string; owner?: string; facts?: Record<string, unknown> } = {}): Promise<EventResult> {
      return tell((await reader.openTask(kind, owner)).id, { type: 'COMPLETE', evidence, ...(facts && { facts }) }, { kind: 'person', personId: by })
    },

    /** Sets the school's calendar so that today is a working day and its morning is over, whenever that is. */
    async dawns(): Promise<void> {
      const zone = ['Europe/Kaliningrad', 'Asia/Novosibirsk', 'Asia/Kamchatka'].find((timeZone) => new Date().toLocaleTimeString('sv-SE', { timeZone }) > '08:30')!
      const date = new Date().toLocaleDateString('sv-SE', { timeZone: zone })
      await inSchool(db, orgId, (tx) =>
        tx.query(`update organizations set timezone = $1, settings = settings || jsonb_build_object('calendarCorrections', $2::jsonb)`, [zone, JSON.stringify([{ date, kind: 'movedWorking' }])]),
      )
    },
  }
}
