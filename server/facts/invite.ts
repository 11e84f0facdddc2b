import { findLiveInvitations, findUsableStaffLink } from '../../db/link-queries.ts'
import { newId } from '../../db/ids.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { findProcess } from '../../db/process-queries.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import type { InviteFacts } from '../../machines/teacher-onboarding-events.ts'
import type { FactsRequest } from './index.ts'

/** Where teachers are invited to. */
export const staffRoom = { target: 'staffRoom', targetId: '', platformRole: 'teacher' } as const

/**
 * What is looked up before a teacher is invited again (BR-05, BR-09): a link of the same list that still has time to
 * go, or a fresh one. An invitation is always new: a closed one never comes back to life (BR-10).
 */
export async function inviteFacts({ tx, session, process }: FactsRequest): Promise<InviteFacts> {
  const personId = String(process.context.personId)
  const person = await findPerson(tx, personId)
  const { staffRoomOn } = (await findOrganization(tx, session.orgId))!
  const cohortId = (await findProcess(tx, process.id))?.cohortId
  const usable = cohortId && (await findUsableStaffLink(tx, cohortId))
  const link = usable
    ? { ...usable, fresh: false, scope: 'group' as const }
    : { id: newId('lnk'), fresh: true, number: await nextPublicNumber(tx, session.orgId, 'ПР'), scope: 'personal' as const }
  return {
    staffRoomExists: staffRoomOn !== null,
    liveInvitation: (await findLiveInvitations(tx, [personId], staffRoom)).length > 0,
    invitationId: newId('inv'),
    email: Boolean(person?.email),
    link,
  }
}
