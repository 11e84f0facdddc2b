import type { Queryable } from '../../db/connection.ts'
import { listOnboardings } from '../../db/movement-follows.ts'
import { isStaffKind, type LockedMovement } from '../../db/movement-jobs.ts'
import { chooseNewOwner, findStaffPlace, listDutiesLeft, listHandable, listLiveAssignments, listOwnedByOthers } from '../../db/staff-duties.ts'
import { listLivingSpaces, readPlaces, readPlaceSteps } from '../../db/wanted-spaces.ts'
import type { Follows, PlannedStep } from '../../machines/movement-events.ts'

type Relieved = NonNullable<Follows['relieved']>
type HandedOver = NonNullable<Follows['handedOver']>

/** What is left to do on the platform, and whom it is asked of where it is somebody else's work. */
export interface Work {
  steps: PlannedStep[]
  relieved: Relieved
  handedOver: HandedOver
}

/** The difference of what the register says and what is on the platform, for the person and the guardians (docs/decisions/0013-movement.md). */
export async function planSteps(tx: Queryable, movement: LockedMovement, people: readonly string[]): Promise<Work> {
  const places = await stepsToPlaces(tx, movement, people)
  if (!isStaffKind(movement.kind)) return { steps: places, relieved: [], handedOver: [] }
  const works = (await findStaffPlace(tx, movement.personId)) !== undefined
  const { rights, relieved } = await rightsToTake(tx, movement, works)
  const { handovers, handedOver } = await chatsToHandOver(tx, movement, works)
  const own = movement.kind === 'leaveReturn' ? await inChatsToCome(tx, movement.personId, handovers, places) : places
  return { steps: [...rights, ...own, ...handovers], relieved, handedOver }
}

async function stepsToPlaces(tx: Queryable, { kind, personId }: LockedMovement, people: readonly string[]): Promise<PlannedStep[]> {
  const plans = await readPlaceSteps(tx, people)
  // Whom an onboarding invites comes by the invitation.
  const invited = kind === 'hire' || (await listOnboardings(tx, personId)).length > 0
  const byInvitation = new Set(invited ? (await listLivingSpaces(tx)).filter((space) => space.kind === 'staffRoom' || space.kind === 'staffChannel').map(({ id }) => id) : [])
  return people.flatMap((person) =>
    (plans.get(person) ?? [])
      .filter(({ action, spaceId }) => !(action === 'add' && person === personId && byInvitation.has(spaceId)))
      .map(({ action, spaceId }) => ({ id: `${action}:${spaceId}:${person}`, action, person, space: spaceId })),
  )
}

/** Rights and classes that are to go: what assignments look after, and what nobody does. */
async function rightsToTake(tx: Queryable, { personId, applied, takenBackAt }: LockedMovement, works: boolean) {
  const wanted = takenBackAt ? (applied.begun ?? []) : (applied.relieved ?? []).map(({ processId }) => processId)
  const live = (await listLiveAssignments(tx, personId, wanted)).filter((assignment) => wanted.includes(assignment.processId) || (!works && assignment.personId === personId))
  const relieved = live.map(({ processId }): Relieved[number] => ({ to: processId, step: `rights:${processId}` }))
  const rights = [
    ...(await listDutiesLeft(tx, personId)).map(({ duty, classId }): PlannedStep => ({ id: `rights:${duty}:${classId}:${personId}`, action: 'rights', person: personId, ...(classId !== '' && { class: classId }) })),
    ...live.map(({ processId, personId: holder, classId }): PlannedStep => ({ id: `rights:${processId}`, action: 'rights', person: holder, via: processId, ...(classId !== null && { class: classId }) })),
  ]
  return { rights, relieved }
}

/** Chats that are to change hands; one that nobody can take stays for a person to decide about. */
async function chatsToHandOver(tx: Queryable, movement: LockedMovement, works: boolean): Promise<{ handovers: PlannedStep[]; handedOver: HandedOver }> {
  const { kind, personId, applied, takenBackAt, details } = movement
  if (kind === 'leaveReturn') return chatsToGiveBack(tx, movement)
  const asked = new Set(takenBackAt ? [] : applied.handovers)
  const spaces = (await listHandable(tx, personId)).filter(({ id }) => !works || asked.has(id))
  const handovers: PlannedStep[] = []
  const handedOver: HandedOver = []
  for (const space of spaces) {
    const newOwner = await chooseNewOwner(tx, space, personId, details.successorId ?? null)
    if (newOwner === undefined) continue
    const step = `handover:${space.id}`
    handovers.push({ id: step, action: 'handover', person: personId, space: space.id, via: space.processId })
    handedOver.push({ to: space.processId, step, newOwner, ownerWorks: works && kind !== 'longLeave' })
  }
  return { handovers, handedOver }
}

/** Who gets a chat is in it: added before, if need be, and not removed because the register knows no other reason. */
async function inChatsToCome(tx: Queryable, personId: string, handovers: readonly PlannedStep[], places: readonly PlannedStep[]): Promise<PlannedStep[]> {
  const coming = handovers.flatMap(({ space }) => space ?? [])
  const there = new Set((await readPlaces(tx, [personId])).get(personId))
  const missing = coming.filter((space) => !there.has(space) && !places.some((step) => step.action === 'add' && step.space === space))
  return [
    ...places.filter(({ action, person, space }) => !(action === 'remove' && person === personId && coming.includes(space ?? ''))),
    ...missing.map((space): PlannedStep => ({ id: `add:${space}:${personId}`, action: 'add', person: personId, space })),
  ]
}

/** Chats that a leave handed over come back to who is back, from whoever has them now. */
async function chatsToGiveBack(tx: Queryable, { personId, applied, takenBackAt }: LockedMovement): Promise<{ handovers: PlannedStep[]; handedOver: HandedOver }> {
  const spaces = takenBackAt ? [] : await listOwnedByOthers(tx, applied.handovers ?? [], personId)
  return {
    handovers: spaces.map(({ id, processId }) => ({ id: `handover:${id}`, action: 'handover', person: personId, space: id, via: processId })),
    handedOver: spaces.map(({ id, processId, ownerWorks }) => ({ to: processId, step: `handover:${id}`, newOwner: personId, ownerWorks })),
  }
}
