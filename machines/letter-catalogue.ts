/** What is known of a letter by its code (domain.md 9). Its words are the business of the texts. */
export interface LetterKind {
  /** Part of the mail thread of its process: answers are matched by it. */
  thread: boolean
  /** To an address outside the school: an unknown outcome waits for a person (domain.md 6.2). */
  outside: boolean
  clause?: string
}

const toPlatform = { thread: true, outside: true }
const toOwnPeople = { thread: false, outside: false }

export const letterCatalogue = {
  'L-REG-APPLY': { ...toPlatform, clause: 'R2.1-01' },
  'L-REG-FOLLOWUP': { ...toPlatform, clause: 'R2.1-01' },
  'L-REG-CLARIFY': { ...toPlatform, clause: 'R2.1-01' },
  'L-REG-STATUS': { ...toOwnPeople, clause: 'R2.1-01' },
  'L-INV-TEACHER': { ...toOwnPeople, clause: 'R2.1-06' },
  'L-INV-REMIND': { ...toOwnPeople, clause: 'R2.1-06' },
  'L-INV-EXPIRED': { ...toOwnPeople, clause: 'R2.1-12' },
  'L-VERIFY': { ...toOwnPeople, clause: 'R2.T-02' },
  'L-MOVE-NOTICE': { ...toOwnPeople, clause: 'R2.1-11' },
  'L-TASKS-DIGEST': toOwnPeople,
  'L-TASK-URGENT': toOwnPeople,
} satisfies Record<string, LetterKind>

