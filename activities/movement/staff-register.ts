import type { Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import type { Applied, LockedMovement } from '../../db/movement-jobs.ts'
import { dropDutiesLeft, findStaffPlace, insertDutiesLeft, isRegistered, listDutiesLeft, listHandable, listLiveAssignments, reopenLoads, writeDuties, type LiveAssignment, type OwnedSpace, type StaffPlace } from '../../db/staff-duties.ts'
import { endLoads, insertLoads, listLoads, type LoadRow } from '../../db/teaching-loads.ts'

/** What a kind of movement takes from somebody beside the place, and what it gives. */
interface Change {
  /** Roles with rights on the platform. */
  rights: readonly string[]
  classes: readonly string[]
  loads: readonly LoadRow[]
  /** Assignments that are taken away. */
  relieves: (assignment: LiveAssignment) => boolean
  /** Chats that change hands. */
  handsOver: (space: OwnedSpace) => boolean
}

const administratorRoles = ['platformAdmin', 'extraAdmin']
const everything = () => true

/**
 * Changes what the register says of a member of staff beside the membership itself: rights, classes, loads. What an
 * assignment looks after is only named; the assignment is asked. Returns what it did.
 */
export async function changeStaff(tx: Queryable, orgId: string, movement: LockedMovement): Promise<Applied> {
  const place = await findStaffPlace(tx, movement.personId)
  if (!place) return {}
  const loads = await listLoads(tx, { personId: movement.personId })
  const change = changeOf(movement, place, loads)
  const live = await listLiveAssignments(tx, movement.personId)
  const relieved = live.filter(change.relieves)
  const duties = (await isRegistered(tx)) ? [...change.rights.filter((role) => place.roles.includes(role)).map((duty) => ({ duty, classId: '' })), ...change.classes.map((classId) => ({ duty: 'classTeacher', classId }))] : []
  const unassigned = duties.filter(({ duty, classId }) => !relieved.some((assignment) => assignment.kind === duty && (assignment.classId ?? '') === classId))
  await insertDutiesLeft(tx, orgId, movement.id, movement.personId, unassigned)

  const after = movement.kind === 'staffDeparture' ? place : without(place, change)
  // Of somebody who leaves the membership ends as it was.
  if (after !== place) await writeDuties(tx, place.membershipId, after)
  const ended = await endLoads(tx, change.loads.map(({ id }) => id))
  const given = (movement.details.giveLoads ?? []).map((load) => ({ ...load, id: newId('lod'), personId: movement.personId }))
  return {
    roles: place.roles.filter((role) => !after.roles.includes(role)),
    classId: place.classId === after.classId ? null : place.classId,
    classes: [...change.classes],
    duties: unassigned,
    relieved: relieved.map(({ processId, kind, classId }) => ({ processId, duty: kind, classId: classId ?? '' })),
    endedLoads: [...ended],
    newLoads: [...(await insertLoads(tx, orgId, given))],
    handovers: (await listHandable(tx, movement.personId)).filter(change.handsOver).map(({ id }) => id),
  }
}

/** A membership that goes on without these rights and classes; who has no class any more is no class teacher. */
function without(place: StaffPlace, { rights, classes }: Change): StaffPlace {
  const losesClasses = classes.length > 0 && place.classes.every((one) => classes.includes(one))
  return {
    ...place,
    roles: place.roles.filter((role) => !rights.includes(role) && !(losesClasses && role === 'classTeacher')),
    classId: place.classId !== null && classes.includes(place.classId) ? null : place.classId,
  }
}

function changeOf({ kind, details }: LockedMovement, { classes }: StaffPlace, loads: readonly LoadRow[]): Change {
  if (kind === 'staffDeparture') return { rights: administratorRoles, classes, loads, relieves: everything, handsOver: everything }
  if (kind === 'longLeave') return { rights: administratorRoles, classes: [], loads: [], relieves: (assignment) => assignment.kind === 'extraAdmin', handsOver: everything }
  const taken = details.takeClasses ?? []
  const ended = loads.filter(({ id }) => details.takeLoads?.includes(id))
  const stays = (space: OwnedSpace) => loads.some((load) => !ended.includes(load) && load.classId === space.classId && load.subjectId === space.subjectId && load.classGroup === space.classGroup)
  return {
    rights: [],
    classes: classes.filter((one) => taken.includes(one)),
    loads: ended,
    relieves: (assignment) => assignment.kind === 'classTeacher' && taken.includes(assignment.classId ?? ''),
    handsOver: (space) =>
      space.kind === 'subjectClass'
        ? ended.some((load) => load.classId === space.classId && load.subjectId === space.subjectId && load.classGroup === space.classGroup) && !stays(space)
        : ['classStudents', 'classGuardians', 'classTeachers'].includes(space.kind) && taken.includes(space.classId ?? ''),
  }
}

/**
 * Gives back what a movement took, as far as it is still there on the platform: rights and classes that somebody has
 * taken away there are given anew by an assignment, never by the register alone.
 */
export async function restoreStaff(tx: Queryable, { personId, applied }: Pick<LockedMovement, 'personId' | 'applied'>): Promise<void> {
  const { roles = [], classId = null, duties = [], relieved = [], endedLoads = [], newLoads = [] } = applied
  await endLoads(tx, newLoads)
  await reopenLoads(tx, endedLoads)
  const left = await listDutiesLeft(tx, personId)
  await dropDutiesLeft(tx, personId, duties)
  const place = await findStaffPlace(tx, personId)
  if (!place) return

  const live = await listLiveAssignments(tx, personId)
  const gone = [
    ...duties.filter((duty) => !left.some((one) => one.duty === duty.duty && one.classId === duty.classId)),
    ...relieved.filter(({ processId }) => !live.some((one) => one.processId === processId)),
  ]
  const wentWith = (role: string) => gone.some(({ duty }) => duty === role) && ![...duties, ...relieved].some((one) => one.duty === role && !gone.includes(one))
  const named = place.classId ?? classId
  await writeDuties(tx, place.membershipId, {
    roles: [...new Set([...place.roles, ...roles])].filter((role) => !wentWith(role)),
    classId: gone.some((one) => one.duty === 'classTeacher' && one.classId === named) ? null : named,
  })
}
