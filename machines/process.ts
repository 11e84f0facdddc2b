import type { Static, TSchema } from 'typebox'
import type { AnyStateMachine } from 'xstate'
import type { Snapshot } from './migration.ts'
import type { Deadline, Instant } from './rule.ts'

/** Every kind of instance a cohort can hold. */
export type ProcessKind =
  | 'organizationRegistration'
  | 'inviteLink'
  | 'invitation'
  | 'teacherOnboarding'
  | 'staffAssignment'
  | 'communicationSpace'
  | 'chatJoining'
  | 'studentMovement'
  | 'staffMovement'
  | 'yearEndPromotion'
  | 'rosterImport'
  | 'linkSweep'
  | 'humanTask'

/** Part of every machine's context: deadlines that live in the current state, by timer name. */
export interface ProcessContext {
  orgId: string
  deadlines: Record<string, Deadline>
}

/**
 * Who sends an event. `person` events form the HTTP interface (with their schemas); `recipient` events come
 * from the public page; the others come from the service itself and are never accepted over HTTP.
 */
export type EventSource = 'person' | 'recipient' | 'mail' | 'timer' | 'process'

/** What is known of an event beside its name: its senders, the body a person gives, and its clause. */
export interface EventSpec {
  from: readonly EventSource[]
  /** Body without `type`. Absent = no fields. */
  body?: TSchema
  /** Facts the service looks up and adds before the machine is asked (guards are pure). Never from a caller. */
  facts?: TSchema
  clause?: string
}

/** What a state declares as live. Deadlines and tasks not declared by the state a step ends in die in that step. */
export interface StateMeta {
  deadlines?: readonly string[]
  tasks?: readonly string[]
}

/** A lifecycle: the machine and everything that is derived from it and cannot be read off the machine itself. */
export interface ProcessDefinition {
  kind: ProcessKind
  /** Raised when a change of the machine would not restore an older snapshot. */
  version: number
  /** What makes a snapshot of a version one of the next, by the older version. */
  migrations?: Readonly<Record<number, (older: Snapshot) => Snapshot>>
  machine: AnyStateMachine
  events: Record<string, EventSpec>
  /** Deadlines that a person moves through an event of the machine only (a link's term through EXTEND). */
  fixedDeadlines?: readonly string[]
  /** Member of the context with the person whose thing it is: they see the process and may send its events. */
  owner?: string
  /** Deadlines that only remind: found more than a working day late, after an outage, they are skipped (domain.md 6.3). */
  reminders?: readonly string[]
  /** Whether these reminders go to pupils or guardians: school breaks stop them (domain.md 12). */
  remindsFamilies?: (context: never) => boolean
  /** Terms of a colleague's way onto the platform: begun in summer they are twice as long (domain.md 12). */
  doubledInSummer?: (name: string, context: never) => boolean
}

/** The guard of an event that people may send in other states, but here only the mail: it is not offered to people. */
export const outcomeOfMail = 'outcomeOfMail'

/** Name of the deadline that ends an instance whose state is not final (design.md, answer 7). The host handles it. */
export const RETENTION = 'TIMER_RETENTION'

/** What the first line of every instance's timeline says; the host writes it. */
export const BEGAN = 'BEGAN'

type FieldsOf<S extends EventSpec> = (S extends { body: infer B extends TSchema } ? Static<B> : unknown) &
  (S extends { facts: infer F extends TSchema } ? { facts: Static<F> } : unknown)

/**
 * The union of a machine's events, read off their specifications. `by` is the person who acts: the service
 * fills it in from the session, and only for people. `now` is the instant of the step: the host adds it to every event.
 */
export type EventsOf<E extends Record<string, EventSpec>> = {
  [K in keyof E & string]: { type: K; by?: string; now?: Instant } & FieldsOf<E[K]>
}[keyof E & string]
