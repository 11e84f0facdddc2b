import { newId } from '../../db/ids.ts'
import { findDeclinedGuardians } from '../../db/joinings.ts'
import { findLiveInvitations, listRecipients } from '../../db/link-queries.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { findProcesses } from '../../db/process-queries.ts'
import type { PersonAddedFacts } from '../../machines/invite-link-events.ts'
import type { Audience } from '../../school/space-kinds.ts'
import { refusal } from '../../workflows/refusal.ts'
import { invalidFields } from '../failures.ts'
import { audienceProblem } from '../inviting.ts'
import { instanceOf } from '../process-instance.ts'
import type { FactsRequest } from './index.ts'

/** BR-05: whether there is a staff room to invite to. */
export async function staffRoomFacts({ tx, session }: FactsRequest) {
  return { staffRoomExists: (await findOrganization(tx, session.orgId))!.staffRoomOn !== null }
}

/** What is looked up of a person before they are added to a link (BR-05, BR-09). */
export async function personAddedFacts(request: FactsRequest): Promise<PersonAddedFacts> {
  const { tx, process, fields } = request
  const person = await findPerson(tx, String(fields.personId))
  if (!person) throw invalidFields({ code: 'personUnknown', path: 'personId' })
  const { target, targetId, platformRole } = process.context as { target: string; targetId: string; platformRole: Audience }
  const problem = audienceProblem(person, platformRole, 'personId')
  if (problem) throw invalidFields(problem)
  if (platformRole === 'guardian' && (await findDeclinedGuardians(tx, [person.id], { target, targetId })).size > 0) throw invalidFields({ code: 'guardianDeclined', path: 'personId' })
  return {
    invitationId: newId('inv'),
    email: person.email !== null,
    liveInvitation: (await findLiveInvitations(tx, [person.id], { target, targetId, platformRole })).length > 0,
    ...(await staffRoomFacts(request)),
  }
}

/** How many people a letter may go to now; who gets none is seen in the timeline (domain.md 7.3). */
export async function resendFacts({ tx, process, fields }: FactsRequest) {
  const asked = fields.invitationIds as string[] | undefined
  const recipients = (await listRecipients(tx, String(process.context.linkId))).filter(({ invitationId }) => asked?.includes(invitationId) ?? true)
  const invitations = await findProcesses(tx, recipients.map(({ processId }) => processId))
  const now = new Date().toISOString()
  // Each invitation knows by itself how often and how soon it may be written of.
  return { writable: invitations.filter((invitation) => refusal(instanceOf(invitation), { type: 'RESEND' }, now) === null).length }
}
