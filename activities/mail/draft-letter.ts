import { draftDigest } from './draft-digest.ts'
import { draftChatInvitation, draftExpired, draftInvitation, draftReminder } from './draft-invitation.ts'
import { draftMovementNotice } from './draft-movement.ts'
import { draftApplication, draftClarification, draftFollowUp, draftRegistrationStatus } from './draft-registration.ts'
import { draftSignIn } from './draft-sign-in.ts'
import { draftTest } from './draft-test.ts'
import { draftUrgentTask, draftVerification } from './draft-task.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'

/** Who writes which letter of the catalogue (domain.md 9). */
const writers: Readonly<Record<string, (sources: DraftSources) => Promise<Draft>>> = {
  'L-REG-APPLY': draftApplication,
  'L-REG-FOLLOWUP': draftFollowUp,
  'L-REG-CLARIFY': draftClarification,
  'L-REG-STATUS': draftRegistrationStatus,
  'L-INV-TEACHER': draftInvitation,
  'L-INV-CHAT': draftChatInvitation,
  'L-INV-REMIND': draftReminder,
  'L-INV-EXPIRED': draftExpired,
  'L-VERIFY': draftVerification,
  'L-MOVE-NOTICE': draftMovementNotice,
  'L-TASK-URGENT': draftUrgentTask,
  'L-TASKS-DIGEST': draftDigest,
  'L-SIGN-IN': draftSignIn,
  'L-TEST': draftTest,
}

/** Every code of a letter that can be written. */
export const draftableCodes: readonly string[] = Object.keys(writers)

/**
 * Writes a letter from what the database knows now.
 * @throws Undraftable when it cannot be written at all
 */
export function draftLetter(sources: DraftSources): Promise<Draft> {
  const write = writers[sources.letter.code]
  if (!write) throw new Undraftable('unknownLetter')
  return write(sources)
}
