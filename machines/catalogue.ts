import { chatJoining } from './chat-joining.ts'
import { communicationSpace } from './communication-space.ts'
import { humanTask } from './human-task.ts'
import { invitation } from './invitation.ts'
import { inviteLink } from './invite-link.ts'
import { linkSweep } from './link-sweep.ts'
import { staffMovement, studentMovement } from './movement.ts'
import { organizationRegistration } from './organization-registration.ts'
import type { ProcessDefinition } from './process.ts'
import { pureMachine } from './pure-machine.ts'
import { rosterImport } from './roster-import.ts'
import { staffAssignment } from './staff-assignment.ts'
import { teacherOnboarding } from './teacher-onboarding.ts'
import { yearEndPromotion } from './year-end-promotion.ts'

/** A new process is one more line here. */
const definitions: Readonly<Record<string, ProcessDefinition>> = {
  organizationRegistration,
  inviteLink,
  invitation,
  teacherOnboarding,
  staffAssignment,
  communicationSpace,
  chatJoining,
  studentMovement,
  staffMovement,
  yearEndPromotion,
  rosterImport,
  linkSweep,
  humanTask,
}

/** Every lifecycle of the service by its kind. */
export const catalogue: Readonly<Record<string, ProcessDefinition>> = Object.fromEntries(
  Object.entries(definitions).map(([kind, definition]) => [kind, { ...definition, machine: pureMachine(definition.machine) }]),
)

/** The definition of a kind. Throws on an unknown kind: kinds come from machines and the database, never from outside. */
export function definitionOf(kind: string): ProcessDefinition {
  const found = catalogue[kind]
  if (!found) throw new Error(`unknown process kind ${kind}`)
  return found
}

/** What the calendar has to know of a deadline beside its rule (domain.md 6.3, 12). */
export function calendarOf(kind: string, name: string, context: unknown): { reminder?: true; families?: true; summer?: true } {
  const { remindsFamilies, doubledInSummer } = definitionOf(kind)
  const reminder = isReminder(kind, name)
  return {
    ...(reminder && { reminder }),
    ...(reminder && remindsFamilies?.(context as never) && { families: true }),
    ...(doubledInSummer?.(name, context as never) && { summer: true }),
  }
}

/** Whether a deadline of this kind of instance only reminds (domain.md 6.3). */
export const isReminder = (kind: string, name: string): boolean => definitionOf(kind).reminders?.includes(name) ?? false
