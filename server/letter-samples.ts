import type { OrganizationRow } from '../db/organizations.ts'
import type { letterCatalogue } from '../machines/letter-catalogue.ts'
import { letterSampleTexts as samples } from '../school/texts/console/letter-samples.ts'
import { taskTitle } from '../school/texts/labels.ts'
import { chatInvitationLetter, expiredLetter, invitationLetter, reminderLetter } from '../school/texts/letters/invitation.ts'
import type { LetterText } from '../school/texts/letters/letter-body.ts'
import { movementNotice } from '../school/texts/letters/movement.ts'
import { applicationLetter, clarificationLetter, followUpLetter, registrationStatusLetter } from '../school/texts/letters/registration.ts'
import { signInLetter } from '../school/texts/letters/sign-in.ts'
import { digestLetter, urgentTaskLetter, verificationLetter } from '../school/texts/letters/tasks.ts'
import { testLetter } from '../school/texts/letters/test.ts'
import { stateLabel } from '../school/texts/labels.ts'
import { formatPhone } from '../school/validation/phone.ts'

const day = 24 * 60 * 60 * 1000

/** Every letter the school sends as it will look: the school's own data, people and numbers made up. */
export function letterSamples(school: OrganizationRow, publicUrl: string, now: Date): Record<keyof typeof letterCatalogue, LetterText> {
  const { shortName, timezone, inn } = school
  const contact = { phone: formatPhone(school.phone), email: school.email }
  const { calledBy, person, number, className, chat } = samples
  const [expiresAt, today] = [new Date(now.getTime() + 14 * day), now.toLocaleDateString('sv-SE', { timeZone: timezone })]
  const invited = { target: 'staffRoom' as const, targetName: '', role: 'teacher' as const, calledBy, shortName, page: `${publicUrl}/i/…`, contact }
  const application = applicationLetter({ ...school, number, administrator: { fullName: person, position: samples.position, email: samples.email, phone: samples.phone }, order: { number: samples.order, date: today }, headFullName: samples.head, contact })
  const thread = { number, shortName, inn, subject: application.subject, contact }
  return {
    'L-REG-APPLY': application,
    'L-REG-FOLLOWUP': followUpLetter({ ...thread, sentOn: today }),
    'L-REG-CLARIFY': clarificationLetter({ ...thread, words: samples.words }),
    'L-REG-STATUS': registrationStatusLetter({ number, shortName, state: 'completed', label: stateLabel('organizationRegistration', 'completed') }),
    'L-INV-TEACHER': invitationLetter({ ...invited, expiresAt, timezone }),
    'L-INV-CHAT': chatInvitationLetter({ ...invited, target: 'chat', targetName: chat, role: 'guardian', expiresAt, timezone }),
    'L-INV-REMIND': reminderLetter({ ...invited, expiresAt, timezone }),
    'L-INV-EXPIRED': expiredLetter(invited),
    'L-VERIFY': verificationLetter({ calledBy, shortName, dueAt: expiresAt, timezone, contact }),
    'L-MOVE-NOTICE': movementNotice({ calledBy, shortName, className, number: samples.movement, effectiveOn: today }),
    'L-TASKS-DIGEST': digestLetter({ date: today, shortName, timezone, tasks: [{ title: taskTitle('T-JOIN-REVIEW'), dueAt: expiresAt, overdue: false }], expiring: [{ number: samples.link, expiresAt }], stalled: 0 }),
    'L-TASK-URGENT': urgentTaskLetter({ title: taskTitle('T-LINK-REVOKE'), shortName, dueAt: expiresAt, timezone }),
    'L-SIGN-IN': signInLetter({ calledBy, shortName, page: `${publicUrl}/sign-in/…`, minutes: 10 }),
    'L-TEST': testLetter({ shortName, at: now, timezone }),
  }
}
