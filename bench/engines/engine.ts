import type { DiskUse } from '../measure/disk.ts'
import type { Parts } from '../measure/meter.ts'

/** One invitation of a run. */
export interface Invitation {
  index: number
  email: string
  /** Invitations of a group have one deadline, as those by one link. */
  group: number
  /** Deadline, ms. */
  dueAt: number
}

export type Word = 'joined' | 'revoked'

/** What became of an invitation, as PostgreSQL has it. */
export interface Outcome {
  index: number
  state: Word | 'expired' | 'waiting'
  /** When the record was committed, ms; null while there is none. */
  at: number | null
}

/** What an engine is given for one run: an empty folder and where letters go. */
export interface Place {
  folder: string
  smtpUrl: string
}

/** An engine at work. Times are measured by who calls. */
export interface RunningEngine {
  /** Every process of it, its database included. */
  parts: Parts
  /** Makes what has to be there before anybody is invited: schools, people. Not measured. */
  prepare(invitations: readonly Invitation[]): Promise<void>
  /** Hands all of them in; resolves when every one is durably accepted. Letters go out by themselves. */
  issue(): Promise<void>
  /** Called when all letters are out, before the first word. */
  lettersAreOut(): Promise<void>
  /** A word from outside by a call of its own; false when it was refused. */
  tell(index: number, word: Word): Promise<boolean>
  /** How many records of an expiry there are. */
  expired(): Promise<number>
  outcomes(): Promise<Outcome[]>
  /** Letters that are no invitations, by Message-ID, and how many are still to go out. */
  otherLetters(): Promise<{ messageIds: ReadonlySet<string>; waiting: number }>
  disk(): Promise<DiskUse>
  /** Figures of its own worth keeping, by name. */
  details?(): Promise<Record<string, number>>
  /** What it ran on, by name. */
  versions(): Promise<Record<string, string>>
  stop(): Promise<void>
}

export interface Engine {
  name: string
  /** In the words of the report. */
  title: string
  /** What its answer to a word from outside says: the word is decided upon and on record, or it is on record and waits. */
  answer: 'decision' | 'message'
  /** What survives a power cut, and by which settings. */
  durability: string
  /** Letters a second that it surely makes on two cores; sets how far away the deadline is. */
  surely: number
  /** It reminds everybody halfway to the deadline; that is work of its own, kept out of the phases that are compared. */
  remindsMidway?: true
  start(place: Place): Promise<RunningEngine>
}
