import type { Queryable } from '../../db/connection.ts'
import * as write from '../../db/projections.ts'
import type { InvitationContext } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import type { LinkSweepContext } from '../../machines/link-sweep.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration-rules.ts'
import type { StaffAssignmentContext } from '../../machines/staff-assignment.ts'
import type { TeacherOnboardingContext } from '../../machines/teacher-onboarding.ts'
import type { IncomingEvent } from '../../workflows/messages.ts'
import type { RecordedInstance } from '../contract.ts'

interface StepOf {
  orgId: string
  at: string
  inputs: IncomingEvent[]
}

/** Writes what instances of one kind mean for the school's own tables, in the step's transaction. */
type Projection = (tx: Queryable, step: StepOf, instances: RecordedInstance[]) => Promise<void>

const contextOf = <Context>({ context }: RecordedInstance) => context as unknown as Context

const organizationRegistration: Projection = async (tx, { at }, instances) => {
  for (const instance of instances) {
    const { staffRoomOn } = contextOf<OrganizationRegistrationContext>(instance)
    if (instance.state === 'completed' && staffRoomOn !== null) await write.markRegistered(tx, at, staffRoomOn)
  }
}

const inviteLink: Projection = (tx, { orgId }, instances) =>
  write.upsertLinks(
    tx,
    orgId,
    instances.map((instance) => {
      const { linkId, number, target, targetId, platformRole, scope, url, issuedAt, platformState, closeReason, deadlines } = contextOf<InviteLinkContext>(instance)
      const expiresAt = deadlines.TIMER_EXPIRED?.at ?? null
      return { id: linkId, processId: instance.id, number, target, targetId, platformRole, scope, url, issuedAt, expiresAt, state: instance.state, platformState, closeReason }
    }),
  )

const invitation: Projection = (tx, { orgId, at }, instances) =>
  write.upsertInvitations(
    tx,
    orgId,
    at,
    instances.map((instance) => {
      const { invitationId, linkId, personId, target, targetId, platformRole, delivery, onboardingId, newLinkPending } = contextOf<InvitationContext>(instance)
      return { id: invitationId, processId: instance.id, linkId, personId, target, targetId, platformRole, state: instance.state, delivery, onboardingId, newLinkPending }
    }),
  )

/** What the platform is known to say of a teacher in each state; what is not here leaves it as it was. */
const platformStatus: Record<string, string> = {
  registered: 'absent',
  inviting: 'absent',
  invited: 'invited',
  inviteExpired: 'absent',
  joinRequested: 'requested',
  identityDoubt: 'requested',
  joined: 'joined',
  verifying: 'joined',
  verificationProblem: 'joined',
  declined: 'declined',
}

const teacherOnboarding: Projection = (tx, _step, instances) =>
  write.updatePlatformStatus(
    tx,
    instances.flatMap((instance) => {
      const { membershipId, verification } = contextOf<TeacherOnboardingContext>(instance)
      const status = instance.state === 'active' ? (verification ? 'verified' : 'joined') : platformStatus[instance.state]
      return status === undefined ? [] : [{ membershipId, platformStatus: status }]
    }),
  )

const staffAssignment: Projection = async (tx, { orgId }, instances) => {
  const rows = instances.map((instance): write.AssignmentProjection => {
    const { kind, personId, className, orderId } = contextOf<StaffAssignmentContext>(instance)
    return { id: instance.id.replace(/^staffAssignment:/, ''), processId: instance.id, kind, personId, className, orderId, state: instance.state }
  })
  await write.upsertAssignments(tx, orgId, rows)
  for (const row of rows) {
    if (row.state === 'active') await write.giveRole(tx, row)
    if (row.state === 'removed') await write.takeRole(tx, row)
  }
}

const linkSweep: Projection = async (tx, { orgId, at, inputs }, instances) => {
  for (const instance of instances) {
    const { checked, findings, revoked } = contextOf<LinkSweepContext>(instance)
    if (inputs.some(({ event }) => event.type === 'SWEPT')) await write.insertSweep(tx, orgId, at, checked, findings)
    if (revoked.length > 0) await write.markLinksRevoked(tx, revoked)
  }
}

/** In the order rows refer to each other: links before invitations. */
export const projections: [kind: string, project: Projection][] = [
  ['organizationRegistration', organizationRegistration],
  ['inviteLink', inviteLink],
  ['invitation', invitation],
  ['teacherOnboarding', teacherOnboarding],
  ['staffAssignment', staffAssignment],
  ['linkSweep', linkSweep],
]
