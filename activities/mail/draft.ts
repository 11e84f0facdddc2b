import type { Queryable } from '../../db/connection.ts'
import type { LetterRow } from '../../db/letters.ts'
import type { OrganizationRow } from '../../db/organizations.ts'
import type { KeyRing } from '../../db/key-ring.ts'
import type { ThreadMessage } from '../../db/letter-thread.ts'
import type { LetterText } from '../../school/texts/letters/letter-body.ts'

/** What a letter is written from. */
export interface DraftSources {
  tx: Queryable
  keys: KeyRing
  letter: LetterRow
  school: OrganizationRow
  /** What went before it in the same correspondence, the oldest first. */
  thread: readonly ThreadMessage[]
  publicUrl: string
  now: Date
}

/** A letter's words and files. */
export interface Draft {
  text: LetterText
  /** Secrets of the text (a personal link's token): masked wherever the letter is shown. */
  secrets?: readonly string[]
  attachments?: readonly { filename: string; contentType: string; content: Buffer }[]
}

/** Why a letter cannot be written at all; it has failed, and its owner is told. */
export type DraftProblem = 'noAddress' | 'badAddress' | 'noOrder' | 'noAdministrator' | 'noProcess' | 'noInvitation' | 'unknownLetter'

/** A letter that has lost its reason since it was queued: it is taken back and nobody is told. */
export class Pointless extends Error {}

/** A letter that cannot be written, however often it is tried. */
export class Undraftable extends Error {
  readonly problem: DraftProblem

  constructor(problem: DraftProblem) {
    super(problem)
    this.problem = problem
  }
}
