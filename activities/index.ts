import { Context } from '@temporalio/activity'
import type { ScheduleClient } from '@temporalio/client'
import { inSchool, type Database } from '../db/connection.ts'
import { markEnded } from '../db/recording.ts'
import type { CohortActivities, SchoolDayActivities } from './contract.ts'
import type { Delivery } from './delivery.ts'
import { doJob } from './jobs/index.ts'
import type { MailDeps, MailRun } from './mail/mail-deps.ts'
import { sendDigest } from './mail/send-digest.ts'
import { sendLetters } from './mail/send-letters.ts'
import { recordStep } from './records/record-step.ts'
import { eraseExpired } from './school-day/erase-expired.ts'
import { openSchoolDay } from './school-day/open-school-day.ts'
import { recountDeadlines } from './school-day/recount-deadlines.ts'
import { sweepLinks } from './school-day/sweep-links.ts'
import { startSchedules, type SchoolDayTarget } from './start-schedules.ts'

export interface ActivityDeps {
  db: Database
  /** The same database, for work on a whole school: its statements take longer (longStatements). */
  jobs: Database
  mail: MailDeps
  /** Reaches other cohorts: the dispatcher. */
  delivery: Delivery
  schedules: ScheduleClient
  schoolDay: SchoolDayTarget
}

/** What workflows may ask of the world, by name. */
export function createActivities({ db, jobs, mail, delivery, schedules, schoolDay }: ActivityDeps): CohortActivities & SchoolDayActivities {
  return {
    recordStep: (step) => recordStep(db, step),
    endCohort: ({ orgId, cohortId }) => inSchool(db, orgId, (tx) => markEnded(tx, cohortId)),
    sendLetters: (cohort) => sendLetters(mail, cohort, runNow()),
    deliverEvents: async (events) => void (await delivery.deliver(events)),
    runJob: ({ orgId, processId, job, params }) => doJob({ db: jobs, keys: mail.keys }, job, { orgId, processId, params, ...runNow() }),
    startSchedules: ({ orgId }) => startSchedules(db, schedules, schoolDay, orgId),
    openSchoolDay: ({ orgId }) => openSchoolDay(db, orgId, now()),
    sweepLinks: ({ orgId }) => sweepLinks(db, delivery, orgId, now()),
    recountDeadlines: ({ orgId }) => recountDeadlines(db, delivery, orgId, now()),
    sendDigest: async ({ orgId }) => (await sendDigest(mail, { orgId }, runNow()))?.toISOString() ?? null,
    eraseExpired: ({ orgId }) => eraseExpired({ db: jobs, keys: mail.keys }, orgId, runNow()),
  }
}

/** Now by Temporal's clock, the one the workflow sees (design.md, answer 2). */
const now = (): Date => new Date(Context.current().info.currentAttemptScheduledTimestampMs)

const runNow = (): MailRun => {
  const { heartbeat, cancellationSignal } = Context.current()
  return { now: now(), heartbeat: () => heartbeat(), signal: cancellationSignal }
}
