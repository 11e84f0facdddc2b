import type { LetterDecision } from './letter.ts'
import type { Rule } from './rule.ts'

/** An event on its way to another instance. Which fields it has is the receiver's machine's business. */
export interface AnyEvent {
  type: string
  [field: string]: unknown
}

/** Who receives a letter: resolved to an address outside, so no address is ever part of a machine. */
export type Recipient =
  | { platform: true }
  | { person: string }
  | { role: 'head' | 'platformAdmin' }

/** Ids and small words that go with a task. */
export type TaskValues = Readonly<Record<string, string | number | boolean | null>>

export interface OpenTask {
  kind: string
  /** Distinguishes tasks of one kind under one owner. */
  key?: string
  due?: Rule
  urgent?: boolean
  /** Ids to show with the task (a person, a link, a letter); texts are looked up when it is read. */
  values?: TaskValues
  /** The one person it is for (a teacher's own task). */
  assignee?: string
  extraRoles?: readonly string[]
  /** How often this task failed before and was opened again. */
  attempt?: number
  /** The instance it is opened for; default: the one that opens it. */
  owner?: string
}

export interface QueueLetter {
  code: string
  to: Recipient
  values?: Record<string, string | number | boolean | null>
  /** Urgent letters ignore quiet hours (domain.md 12). */
  urgent?: boolean
}

export interface SettleLetter {
  letterId: string
  decision: LetterDecision
  /** The person whose word it is. */
  by: string
}

export interface SpawnInstance {
  id: string
  kind: string
  input: Record<string, unknown>
}

/** Work beyond one step, done by an activity; what came of it returns as an event to the instance that asked. */
export interface RunJob {
  job: string
  params?: Record<string, unknown>
}

/**
 * The closed vocabulary of effects. A machine names them as actions; `transition` hands them back as data and
 * the host performs them. None does anything here.
 */
export const effects = {
  /** Sets a deadline by rule; the instant appears in `context.deadlines` when the step is recorded. */
  setDeadline: (_: unknown, _params: { name: string; rule: Rule }) => {},
  clearDeadline: (_: unknown, _params: { name: string }) => {},
  /** Opens a human task (domain.md 6.1) under this instance, unless one of the same kind and key is open. */
  openTask: (_: unknown, _params: OpenTask) => {},
  /** Cancels open tasks of a kind although the state goes on. */
  closeTask: (_: unknown, _params: { kind: string; key?: string }) => {},
  /** Gives open tasks of a kind to another person; where none is open nothing happens. */
  reassignTask: (_: unknown, _params: { kind: string; to: string }) => {},
  /** Puts a letter into the outbox (domain.md 6.2). Its outcome returns as LETTER_ACCEPTED, _FAILED, _UNKNOWN, _BOUNCED. */
  queueLetter: (_: unknown, _params: QueueLetter) => {},
  /** Takes back letters of this instance that have not been handed to the mail server. */
  cancelLetters: (_: unknown, _params: { code?: string }) => {},
  /** Settles a letter of this instance whose outcome nobody knows, by a person's word; one that is settled stays as it is. */
  settleLetter: (_: unknown, _params: SettleLetter) => {},
  /** Sends an event to other instances of the cohort within the same step. */
  tell: (_: unknown, _params: { to: string | readonly string[]; event: AnyEvent }) => {},
  /** Sends an event to an instance of another cohort, after the step, exactly once. */
  deliver: (_: unknown, _params: { to: string; event: AnyEvent }) => {},
  /** Adds an instance to the cohort, unless it is there already. */
  spawn: (_: unknown, _params: SpawnInstance) => {},
  /**
   * Runs a job after the step: what a guard cannot know because nobody brought it (a timer fired), or work on many
   * rows at once. A job may run twice; its event comes once.
   */
  runJob: (_: unknown, _params: RunJob) => {},
  /** Starts the school's schedules (link sweep, task digest) once it is registered. */
  startSchedules: (_: unknown, _params: { orgId: string }) => {},
} as const

/** An effect as the host receives it. */
export type Effect = {
  [K in keyof typeof effects]: { type: K; params: Parameters<(typeof effects)[K]>[1] }
}[keyof typeof effects]
