import { defineQuery, defineUpdate } from '@temporalio/workflow'
import type { AnyEvent, SpawnInstance } from '../machines/effects.ts'
import type { Instant } from '../machines/rule.ts'
import type { StoredInstance } from './instance.ts'

/** Who caused an event. Timers are the host's own. */
export interface Actor {
  kind: 'person' | 'recipient' | 'mail' | 'timer' | 'process'
  personId?: string
}

/**
 * An event on its way to an instance. `id` is the key of the business effect: an event that arrives twice with one
 * id is applied once and answered the same (BR-30, P2).
 */
export interface IncomingEvent {
  id: string
  to: string
  event: AnyEvent
  actor: Actor
}

/** What became of an event. */
export type EventResult =
  | { id: string; accepted: true; state: string; seq: number }
  | {
      id: string
      accepted: false
      /** `notHere`: the instance has ended or never lived in this cohort; PostgreSQL knows which. */
      reason: 'illegal' | 'guard' | 'notHere'
      state: string | null
      /** Event types a person may send now. */
      allowed: string[]
      /** Names of the guards that said no. */
      guards: string[]
    }

/**
 * Sends events to instances of the cohort. Refused by the validator (failure type `AllRefused`, the results as its
 * details) only when every event is illegal; otherwise each event has its own result, given after PostgreSQL has
 * the step. `recorded` is the last step PostgreSQL had when they were sent: a cohort that knows fewer (Temporal lost the
 * last of them in a crash, or came back from an older copy) takes those first.
 */
export const deliverUpdate = defineUpdate<EventResult[], [events: IncomingEvent[], recorded?: number]>('deliver')

/** Failure types of a validator: every event is refused; or the run is about to be continued by another, try again. */
export const ALL_REFUSED = 'AllRefused'
export const MOVING = 'Moving'

export interface CohortView {
  seq: number
  alive: { id: string; kind: string; state: string; deadlines: Record<string, Instant> }[]
  waitingFor: Instant | null
}

/** What lives in the cohort now: for diagnosis; people read PostgreSQL. */
export const cohortQuery = defineQuery<CohortView>('cohort')

/** A job an instance waits for; `id` is the id of the event that answers it. */
export interface Job {
  id: string
  processId: string
  job: string
  params: Record<string, unknown>
}

/** An effect beyond the step. Safe to repeat. */
export type Errand = { deliver: IncomingEvent[] } | { job: Job } | { startSchedules: true }

/** What continue-as-new carries: only what lives. */
export interface CarriedCohort {
  seq: number
  instances: StoredInstance[]
  handled: EventResult[]
  mailAt: Instant | null
  /** Begun and not known to be done. */
  errands: Errand[]
}

export interface CohortInput {
  orgId: string
  cohortId: string
  /** The person who opens it; absent when the service does. */
  openedBy?: string
  /** The instances it begins with and the events they get in the first step. */
  start: SpawnInstance[]
  events: IncomingEvent[]
  carried?: CarriedCohort
}

export interface SchoolDayInput {
  orgId: string
}

/** Workflow types, and the task queue of all. */
export const COHORT = 'cohort'
export const SCHOOL_DAY = 'schoolDay'
export const TASK_QUEUE = 'sferum-flow'
