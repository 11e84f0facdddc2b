import type { Queryable } from '../../db/connection.ts'
import { listOnboardings, listOutstanding, listOwnLinks, type OutstandingInvitation } from '../../db/movement-follows.ts'
import { isStaffKind, listOtherSteps, type LockedMovement } from '../../db/movement-jobs.ts'
import { findStaffPlace, listClassTeachers } from '../../db/staff-duties.ts'
import { listLivingSpaces, readBelongings, readPlaces } from '../../db/wanted-spaces.ts'
import type { Follows } from '../../machines/movement-events.ts'
import { wantedSpaces, type Belonging, type LivingSpace } from '../../school/wanted-spaces.ts'

/**
 * Invitations that lead where the person does not belong any more, with the links that were made for them alone; of
 * somebody who left the staff also the own links and the onboarding (domain.md 7.6).
 */
export async function planClosings(tx: Queryable, movement: LockedMovement, people: readonly string[]): Promise<Pick<Follows, 'invitations' | 'links' | 'onboardings'>> {
  const spaces = await listLivingSpaces(tx)
  const belongings = await readBelongings(tx, people)
  const dead = (await listOutstanding(tx, people)).filter((invitation) => !leadsHome(belongings.get(invitation.personId)!, invitation, spaces))
  const alone = new Map(dead.filter((invitation) => invitation.alone && isOpenLink(invitation)).map(({ link, linkState }) => [link, { to: link, active: linkState === 'active' }]))
  const left = isStaffKind(movement.kind) && (await findStaffPlace(tx, movement.personId)) === undefined
  const own = left ? (await listOwnLinks(tx, movement.personId)).filter(({ to }) => !alone.has(to)) : []
  return {
    invitations: dead.map(({ processId }) => processId),
    links: [...alone.values(), ...own],
    onboardings: left ? await listOnboardings(tx, movement.personId) : [],
  }
}

const isOpenLink = ({ linkState }: OutstandingInvitation) => ['requested', 'creating', 'creationFailed', 'active'].includes(linkState)

function leadsHome(person: Belonging, { target, targetId, platformRole }: OutstandingInvitation, spaces: readonly LivingSpace[]): boolean {
  const here = { teacher: person.staff !== null, student: person.student, guardian: person.guardian }
  if (!here[platformRole]) return false
  if (target === 'staffRoom') return true
  if (target === 'class') {
    // A link of old names a class by words: it is left to people.
    const known = spaces.some(({ classId }) => classId === targetId)
    return !known || [...person.learnsIn, ...person.guardianIn, ...person.classTeacherOf, ...person.loads.map(({ classId }) => classId)].includes(targetId)
  }
  return !spaces.some(({ id }) => id === targetId) || wantedSpaces(person, spaces, [targetId]).includes(targetId)
}

/** Steps of other people's movements that would undo what the register wants now: a guardian of two pupils. */
export async function planVoided(tx: Queryable, movement: LockedMovement, people: readonly string[]): Promise<NonNullable<Follows['voided']>> {
  const spaces = await listLivingSpaces(tx)
  const belongings = await readBelongings(tx, people)
  const places = await readPlaces(tx, people)
  const voided = new Map<string, string[]>()
  for (const { processId, id, action, person, space } of await listOtherSteps(tx, movement.id, people)) {
    if (space === null || (action !== 'add' && action !== 'remove')) continue
    const wanted = wantedSpaces(belongings.get(person)!, spaces, places.get(person) ?? []).includes(space)
    if (wanted === (action === 'remove')) voided.set(processId, [...(voided.get(processId) ?? []), id])
  }
  return [...voided].map(([to, steps]) => ({ to, steps }))
}

/** Class teachers of the classes it concerns: where somebody comes, goes, teaches more or less, or is away for long. */
export async function planNotices(tx: Queryable, { kind, personId, toClassId }: LockedMovement, before: Belonging, after: Belonging): Promise<NonNullable<Follows['notices']>> {
  const [was, is] = [classesOf(before), classesOf(after)]
  const changed = kind === 'longLeave' || kind === 'leaveReturn' ? [...was] : [...was, ...is].filter((id) => was.has(id) !== is.has(id))
  return listClassTeachers(tx, [...new Set([...changed, ...(toClassId === null ? [] : [toClassId])])], personId)
}

const classesOf = ({ learnsIn, classTeacherOf, loads }: Belonging) => new Set([...learnsIn, ...classTeacherOf, ...loads.map(({ classId }) => classId)])
