import type { Queryable } from '../../db/connection.ts'
import { markRegistered, upsertInvitations, upsertLinks } from '../../db/projections.ts'
import type { InvitationContext } from '../../machines/invitation.ts'
import type { InviteLinkContext } from '../../machines/invite-link.ts'
import type { OrganizationRegistrationContext } from '../../machines/organization-registration.ts'
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
    if (instance.state === 'completed' && staffRoomOn !== null) await markRegistered(tx, at, staffRoomOn)
  }
}

const inviteLink: Projection = (tx, { orgId }, instances) =>
  upsertLinks(
    tx,
    orgId,
    instances.map((instance) => {
      const { linkId, number, target, targetId, platformRole, scope, url, issuedAt, platformState, closeReason, deadlines } = contextOf<InviteLinkContext>(instance)
      const expiresAt = deadlines.TIMER_EXPIRED?.at ?? null
      return { id: linkId, processId: instance.id, number, target, targetId, platformRole, scope, url, issuedAt, expiresAt, state: instance.state, platformState, closeReason }
    }),
  )

const invitation: Projection = (tx, { orgId, at }, instances) =>
  upsertInvitations(
    tx,
    orgId,
    at,
    instances.map((instance) => {
      const { invitationId, linkId, personId, target, targetId, platformRole, delivery, onboardingId, newLinkPending } = contextOf<InvitationContext>(instance)
      return { id: invitationId, processId: instance.id, linkId, personId, target, targetId, platformRole, state: instance.state, delivery, onboardingId, newLinkPending }
    }),
  )

/** In the order rows refer to each other: links before invitations. */
export const projections: [kind: string, project: Projection][] = [
  ['organizationRegistration', organizationRegistration],
  ['inviteLink', inviteLink],
  ['invitation', invitation],
]
