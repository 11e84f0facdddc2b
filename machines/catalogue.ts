import { humanTask } from './human-task.ts'
import { invitation } from './invitation.ts'
import { inviteLink } from './invite-link.ts'
import { linkSweep } from './link-sweep.ts'
import { organizationRegistration } from './organization-registration.ts'
import type { ProcessDefinition } from './process.ts'
import { pureMachine } from './pure-machine.ts'
import { staffAssignment } from './staff-assignment.ts'
import { teacherOnboarding } from './teacher-onboarding.ts'

/** A new process is one more name here. */
const definitions: readonly ProcessDefinition[] = [organizationRegistration, inviteLink, invitation, teacherOnboarding, staffAssignment, linkSweep, humanTask]

/** Every lifecycle of the service by its kind. */
export const catalogue: Readonly<Record<string, ProcessDefinition>> = Object.fromEntries(definitions.map((definition) => [definition.kind, { ...definition, machine: pureMachine(definition.machine) }]))

/** The definition of a kind. Throws on an unknown kind: kinds come from machines and the database, never from outside. */
export function definitionOf(kind: string): ProcessDefinition {
  const found = catalogue[kind]
  if (!found) throw new Error(`unknown process kind ${kind}`)
  return found
}

/** Whether a deadline of this kind of instance only reminds (domain.md 6.3). */
export const isReminder = (kind: string, name: string): boolean => definitionOf(kind).reminders?.includes(name) ?? false
