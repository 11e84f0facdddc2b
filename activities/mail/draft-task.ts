import { findDeadline, findTaskDue } from '../../db/letter-subjects.ts'
import { findPerson } from '../../db/people.ts'
import { taskTitle } from '../../school/texts/labels.ts'
import { urgentTaskLetter, verificationLetter } from '../../school/texts/letters/tasks.ts'
import { formatPhone } from '../../school/validation/phone.ts'
import { Undraftable, type Draft, type DraftSources } from './draft.ts'
import { calledBy } from './draft-invitation.ts'

/** L-TASK-URGENT: the task's title and term; what to do is in its card. */
export async function draftUrgentTask({ tx, letter, school }: DraftSources): Promise<Draft> {
  const kind = String(letter.values.task)
  const dueAt = await findTaskDue(tx, letter.processId, kind)
  return { text: urgentTaskLetter({ title: taskTitle(kind), shortName: school.shortName, dueAt, timezone: school.timezone }) }
}

/** L-VERIFY, to the teacher whose status is being confirmed. */
export async function draftVerification({ tx, letter, school }: DraftSources): Promise<Draft> {
  const person = 'person' in letter.recipient ? await findPerson(tx, letter.recipient.person) : undefined
  if (!person) throw new Undraftable('noAddress')
  const dueAt = await findDeadline(tx, letter.processId, 'TIMER_VERIFY_DUE')
  return {
    text: verificationLetter({
      calledBy: calledBy(person),
      shortName: school.shortName,
      dueAt,
      timezone: school.timezone,
      contact: { phone: formatPhone(school.phone), email: school.email },
    }),
  }
}
