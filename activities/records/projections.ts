import { academicYearAt } from '../../db/academic-year.ts'
import { ensureClass } from '../../db/classes.ts'
import * as write from '../../db/projections.ts'
import { placeJoined } from '../../db/joined-places.ts'
import type { InvitationContext } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import type { LinkSweepContext } from '../../machines/link-sweep.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration-rules.ts'
import type { StaffAssignmentContext } from '../../machines/staff-assignment.ts'
import type { TeacherOnboardingContext } from '../../machines/teacher-onboarding.ts'
import { projectImports } from './project-imports.ts'
import { projectMovements } from './project-movements.ts'
import { projectJoinings } from './project-joinings.ts'
import { projectPromotion } from './project-promotion.ts'
import { projectSpaces } from './project-spaces.ts'
import { contextOf, type Projection } from './projection.ts'

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
      const { linkId, number, target, targetId, platformRole, scope, ownerId, url, issuedAt, platformState, closeReason, deadlines } = contextOf<InviteLinkContext>(instance)
      const expiresAt = deadlines.TIMER_EXPIRED?.at ?? null
      return { id: linkId, processId: instance.id, number, target, targetId, platformRole, scope, ownerId: ownerId ?? null, url, issuedAt, expiresAt, state: instance.state, platformState, closeReason }
    }),
  )

const hasJoined = (state: string | undefined) => state === 'joined' || state === 'joinedLate'

const invitation: Projection = async (tx, { orgId, at }, instances) => {
  const rows = instances.map((instance) => {
    const { invitationId, linkId, personId, target, targetId, platformRole, delivery, onboardingId, newLinkPending, removed } = contextOf<InvitationContext>(instance)
    return { id: invitationId, processId: instance.id, linkId, personId, target, targetId, platformRole, state: instance.state, delivery, onboardingId, newLinkPending, removed }
  })
  const before = await write.readInvitationStates(tx, rows.map(({ id }) => id))
  await write.upsertInvitations(tx, orgId, at, rows)
  const changed = rows.filter(({ id, state }) => before.get(id) !== state)
  await placeJoined(tx, orgId, changed.filter(({ state, removed }) => hasJoined(state) || removed))
}

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

const teacherOnboarding: Projection = async (tx, { orgId }, instances) => {
  const rows = instances.flatMap((instance) => {
    const { membershipId, personId, verification } = contextOf<TeacherOnboardingContext>(instance)
    const status = instance.state === 'active' ? (verification ? 'verified' : 'joined') : platformStatus[instance.state]
    return status === undefined ? [] : [{ membershipId, personId, platformStatus: status }]
  })
  const before = await write.readPlatformStatuses(tx, rows.map(({ membershipId }) => membershipId))
  await write.updatePlatformStatus(tx, rows)
  const isIn = (status: string | undefined) => status === 'joined' || status === 'verified'
  const joined = rows.filter(({ membershipId, platformStatus: status }) => isIn(status) && !isIn(before.get(membershipId)))
  await placeJoined(tx, orgId, joined.map(({ personId }) => ({ personId, target: 'staffRoom', targetId: '', removed: false })))
}

const staffAssignment: Projection = async (tx, { orgId, at }, instances) => {
  const rows = instances.map((instance): write.AssignmentProjection => {
    const { kind, personId, className, classId, orderId } = contextOf<StaffAssignmentContext>(instance)
    return { id: instance.id.replace(/^staffAssignment:/, ''), processId: instance.id, kind, personId, className, classId: classId ?? null, orderId, state: instance.state }
  })
  await write.upsertAssignments(tx, orgId, rows)
  for (const row of rows) {
    if (row.state === 'active') await write.giveRole(tx, row, row.classId ?? (row.className && (await ensureClass(tx, orgId, await academicYearAt(tx, new Date(at)), row.className))))
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
  ['communicationSpace', projectSpaces],
  ['studentMovement', projectMovements],
  ['staffMovement', projectMovements],
  ['chatJoining', projectJoinings],
  ['yearEndPromotion', projectPromotion],
  ['rosterImport', projectImports],
  ['linkSweep', linkSweep],
]
