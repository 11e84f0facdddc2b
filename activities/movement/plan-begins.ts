import { findClass } from '../../db/classes.ts'
import type { Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { findLiveInvitations } from '../../db/link-queries.ts'
import { listOnboardings } from '../../db/movement-follows.ts'
import type { Applied, LockedMovement } from '../../db/movement-jobs.ts'
import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { nextPublicNumber } from '../../db/public-numbers.ts'
import { findLiveAssignment } from '../../db/staff-assignment-queries.ts'
import { findStaffPlace } from '../../db/staff-duties.ts'
import type { Follows } from '../../machines/movement-events.ts'

type Begins = NonNullable<Follows['begins']>

/** What begins with a movement: the onboarding of somebody new (7.4), a class for its new teacher (BR-13). */
export async function planBegins(tx: Queryable, orgId: string, movement: LockedMovement, applied: Applied): Promise<Begins> {
  if (movement.kind === 'hire') return onboarding(tx, orgId, movement)
  const { personId, details } = movement
  if (applied.rightsAnew) return rights(tx, movement)
  const given = [
    ...(details.giveClasses ?? []).map((classId) => ({ personId, classId })),
    ...(details.successorId === undefined ? [] : (applied.classes ?? []).map((classId) => ({ personId: details.successorId!, classId }))),
  ]
  const begins: Begins = []
  for (const [index, { personId: teacher, classId }] of given.entries()) {
    const className = (await findClass(tx, classId))!.name
    if (await findLiveAssignment(tx, { kind: 'classTeacher', personId: teacher, className, classId })) continue
    const place = await findStaffPlace(tx, teacher)
    begins.push({
      id: `staffAssignment:${movement.id.replace('mov_', 'asg_')}_${index + 1}`,
      kind: 'staffAssignment',
      input: { kind: 'classTeacher', personId: teacher, classId, className, orderId: movement.orderId },
      start: { facts: { personJoined: place?.joined === true, orderInForce: true } },
    })
  }
  return begins
}

/** Additional rights that somebody back from leave had before, and that were taken away on the platform. */
async function rights(tx: Queryable, { id, personId, orderId }: LockedMovement): Promise<Begins> {
  if (await findLiveAssignment(tx, { kind: 'extraAdmin', personId, className: null, classId: null })) return []
  const place = await findStaffPlace(tx, personId)
  return [{ id: `staffAssignment:${id.replace('mov_', 'asg_')}_1`, kind: 'staffAssignment', input: { kind: 'extraAdmin', personId, orderId }, start: { facts: { personJoined: place?.joined === true, orderInForce: true } } }]
}

/** The invitation into «Учительская», unless one is on its way. */
async function onboarding(tx: Queryable, orgId: string, { personId, membershipId }: LockedMovement): Promise<Begins> {
  const invited = await findLiveInvitations(tx, [personId], { target: 'staffRoom', targetId: '', platformRole: 'teacher' })
  if (invited.length > 0 || (await listOnboardings(tx, personId)).length > 0) return []
  const { settings, staffRoomOn } = (await findOrganization(tx, orgId))!
  const person = (await findPerson(tx, personId))!
  const id = `onboarding:${membershipId}`
  const link = { id: newId('lnk'), fresh: true, number: await nextPublicNumber(tx, orgId, 'ПР'), scope: 'personal' }
  return [
    {
      id,
      kind: 'teacherOnboarding',
      input: { onboardingId: id, membershipId, personId, verification: settings.verification !== false },
      start: { facts: { staffRoomExists: staffRoomOn !== null, liveInvitation: false, invitationId: newId('inv'), email: person.email !== null, link } },
    },
  ]
}
