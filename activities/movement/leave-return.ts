import type { Queryable } from '../../db/connection.ts'
import { findLeave, type Applied, type LockedMovement } from '../../db/movement-jobs.ts'
import { findStaffPlace, insertDutiesLeft, listAskedAssignments, listAskedSpaces, listDutiesLeft, listLiveAssignments, writeDuties } from '../../db/staff-duties.ts'
import type { Follows } from '../../machines/movement-events.ts'
import { restoreStaff } from './staff-register.ts'

/** What the way back from leave asks of others: what nobody has done of the leave yet is not done any more. */
export type Returned = Pick<Follows, 'kept' | 'stayed' | 'leaves'>

/**
 * Somebody is back: rights that are still there on the platform are in the register again, additional rights that were taken
 * away there are given anew, and the chats the leave handed over come back. The rights of the administrator whom the
 * platform knows by letter are the head's to give (domain.md 7.2).
 */
export async function comeBack(tx: Queryable, { personId }: LockedMovement): Promise<{ applied: Applied; returned: Returned }> {
  const leave = (await findLeave(tx, personId))!
  const { duties = [], relieved = [], handovers = [] } = leave.applied
  const returned = { kept: await listAskedAssignments(tx, personId, leave.processId), stayed: await listAskedSpaces(tx, leave.processId), leaves: [leave.processId] }
  const left = await listDutiesLeft(tx, personId)
  const live = await listLiveAssignments(tx, personId)
  const rightsAnew =
    relieved.some(({ processId, duty }) => duty === 'extraAdmin' && !live.some((one) => one.processId === processId)) ||
    duties.some(({ duty }) => duty === 'extraAdmin' && !left.some((one) => one.duty === duty))
  const before = (await findStaffPlace(tx, personId))!.roles
  await restoreStaff(tx, { personId, applied: leave.applied })
  const givenBack = (await findStaffPlace(tx, personId))!.roles.filter((role) => !before.includes(role))
  return { applied: { givenBack, rightsAnew, handovers, begun: returned.kept }, returned }
}

/** The return is taken back: the person is away still, and what the register gave again goes from the platform. */
export async function goAwayAgain(tx: Queryable, orgId: string, { id, personId, applied }: LockedMovement): Promise<void> {
  const place = await findStaffPlace(tx, personId)
  const given = applied.givenBack ?? []
  if (!place || given.length === 0) return
  await writeDuties(tx, place.membershipId, { roles: place.roles.filter((role) => !given.includes(role)), classId: place.classId })
  const live = await listLiveAssignments(tx, personId)
  await insertDutiesLeft(tx, orgId, id, personId, given.filter((role) => !live.some(({ kind }) => kind === role)).map((duty) => ({ duty, classId: '' })))
}
