/** What is known of a letter by its code (domain.md 9). Its words are the business of the texts. */
export interface LetterKind {
  /** Part of the mail thread of its process: answers are matched by it. */
  thread: boolean
  /** To an address outside the school: an unknown outcome waits for a person (domain.md 6.2). */
  outside: boolean
  /** What came of it concerns the instance that queued it; of a letter that only informs, the outbox alone knows. */
  tells: boolean
  clause?: string
}

const toPlatform = { thread: true, outside: true, tells: true }
const toOwnPeople = { thread: false, outside: false, tells: true }
const information = { thread: false, outside: false, tells: false }

export const letterCatalogue = {
  'L-REG-APPLY': { ...toPlatform, clause: 'R2.1-01' },
  'L-REG-FOLLOWUP': { ...toPlatform, clause: 'R2.1-01' },
  'L-REG-CLARIFY': { ...toPlatform, clause: 'R2.1-01' },
  'L-REG-STATUS': { ...information, clause: 'R2.1-01' },
  'L-INV-TEACHER': { ...toOwnPeople, clause: 'R2.1-06' },
  'L-INV-CHAT': { ...toOwnPeople, clause: 'R2.S-01, R2.7-01' },
  'L-INV-REMIND': { ...toOwnPeople, clause: 'R2.1-06' },
  'L-INV-EXPIRED': { ...toOwnPeople, clause: 'R2.1-12' },
  'L-VERIFY': { ...toOwnPeople, clause: 'R2.T-02' },
  'L-MOVE-NOTICE': { ...information, clause: 'R2.1-11' },
  'L-TASKS-DIGEST': information,
  'L-TASK-URGENT': information,
  'L-SIGN-IN': information,
  'L-TEST': information,
} satisfies Record<string, LetterKind>

/** Whether the owner of such a letter hears what came of it. */
export const tellsOwner = (code: string): boolean => (letterCatalogue as Record<string, LetterKind>)[code]?.tells ?? true

