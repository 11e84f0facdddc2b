import type { AnyEvent, SettleLetter } from '../machines/effects.ts'
import type { Deadline, Instant } from '../machines/rule.ts'
import type { EventResult, IncomingEvent, Job } from '../workflows/messages.ts'
import type { QueuedLetter, TimelineLine, WantedDeadline } from '../workflows/step.ts'

/** An instance as it is stored: what changed in a step. */
export interface RecordedInstance {
  id: string
  kind: string
  version: number
  state: string
  context: Record<string, unknown>
  seq: number
  ended: boolean
}

export interface RecordStep {
  orgId: string
  cohortId: string
  seq: number
  at: Instant
  inputs: IncomingEvent[]
  changed: RecordedInstance[]
  results: EventResult[]
  timeline: TimelineLine[]
  /** Deadlines to compute. `anchors` has the instants they may count from, by instance and name. */
  deadlines: WantedDeadline[]
  anchors: Record<string, Record<string, Instant>>
  letters: QueuedLetter[]
  cancelLetters: { processId: string; code: string | null }[]
  settleLetters: SettleLetter[]
}

export type ResolvedDeadlines = Record<string, Record<string, Deadline | null>>

/**
 * What came of recording a step:
 * - `recorded`: it stands, with the instants of its deadlines (null: a reminder whose moment is past, not set);
 * - `adopt`: PostgreSQL has another step of this number, recorded by a worker whose decision Temporal never learned:
 *   take its inputs first, then try again;
 * - `handled`: some inputs were answered in an earlier step: leave them out and try again;
 * - `conflict`: nothing is recorded, for it breaks a rule that only PostgreSQL can keep, across cohorts (BR-09): `guard` names it.
 */
export type StepRecorded =
  | { outcome: 'recorded'; resolved: ResolvedDeadlines }
  | { outcome: 'adopt'; inputs: IncomingEvent[]; at: Instant; resolved: ResolvedDeadlines }
  | { outcome: 'handled'; results: EventResult[] }
  | { outcome: 'conflict'; guard: string }

export interface LettersSent {
  outcomes: { letterId: string; processId: string; outcome: 'accepted' | 'failed' | 'unknown'; attempts: number }[]
  /** When the next letter of the cohort may go out (quiet hours, another attempt), or null when none waits. */
  nextAt: Instant | null
}

/** What a cohort asks of the world. Workflows import this as types only. */
export interface CohortActivities {
  /** Local activity: one transaction, seconds at most. */
  recordStep(step: RecordStep): Promise<StepRecorded>
  endCohort(cohort: { orgId: string; cohortId: string }): Promise<void>
  sendLetters(cohort: { orgId: string; cohortId: string }): Promise<LettersSent>
  /** Sends events to instances of other cohorts; a repeat changes nothing. */
  deliverEvents(events: IncomingEvent[]): Promise<void>
  /** Does a job of an instance and returns the event it answers with; a repeat changes nothing and answers the same. */
  runJob(job: Job & { orgId: string }): Promise<AnyEvent>
  startSchedules(school: { orgId: string }): Promise<void>
}

/** What the day of a school does. Every activity may run twice in one day; the second changes nothing. */
export interface SchoolDayActivities {
  openSchoolDay(school: { orgId: string }): Promise<{ working: boolean; digestAt: Instant }>
  /** Finds links that are alive on the platform although they should not be (domain.md 7.3). */
  sweepLinks(school: { orgId: string }): Promise<void>
  /** Counts working-day deadlines again when the calendar data changed (domain.md 6.3). */
  recountDeadlines(school: { orgId: string }): Promise<void>
  /** One letter to each person with open tasks; when to come again for letters that could not go out, or null. */
  sendDigest(school: { orgId: string }): Promise<Instant | null>
  /** Erases what the school may not keep any longer (domain.md 13). */
  eraseExpired(school: { orgId: string }): Promise<void>
}
