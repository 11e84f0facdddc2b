import { findClass } from '../../db/classes.ts'
import type { Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { findClassesOf, findCountedJoinings, findDeclinedGuardians, findThere, listAudience, type AudienceRow } from '../../db/joinings.ts'
import { findPeople } from '../../db/people.ts'
import { findClassChats, findSpaces, type SpaceRow } from '../../db/spaces.ts'
import { readStarting } from '../../db/start-queries.ts'
import type { JoiningPerson } from '../../machines/chat-joining.ts'
import type { CohortInput } from '../../workflows/messages.ts'
import type { Session } from '../authentication.ts'
import { Refusal, type FieldProblem } from '../failures.ts'
import { checkPlace } from '../inviting.ts'
import { findInvited } from './starting-invitations.ts'

/** Who is to join, by exactly one of the three lists. */
export interface JoiningRequest {
  audience: 'student' | 'guardian'
  classIds?: readonly string[] | undefined
  spaceIds?: readonly string[] | undefined
  personIds?: readonly string[] | undefined
}

/** How the school does it. */
interface Manner {
  byName: boolean
  /** Who can get it by letter does. */
  letters: boolean
}

/** A chat that can be joined, by whom; or what is wrong with the row. */
export type JoiningRowResult = { classId: string; space: SpaceRow & { ownerId: string }; people: JoiningPerson[] } | { classId: string | null; problem: FieldProblem }

/** Somebody of the list who is not invited, and why. */
export interface LeftOut {
  personId: string
  problem: FieldProblem
}

/** What the lists mean: a chat each, with those of the class who are meant; null means all. */
interface Wish {
  path: string
  classId: string | null
  space: SpaceRow | undefined
  only: ReadonlySet<string> | null
}

const chatOf = { student: 'classStudents', guardian: 'classGuardians' } as const
/** Chats of one class whose pupils or guardians are known. */
const classChats: readonly string[] = [...Object.values(chatOf), 'subjectClass']

/**
 * Sorts out who joins what: each chat is there and may be invited into by who asks (BR-20, BR-21); nobody is invited twice
 * (BR-09), who is there already not at all, and a guardian who said no never again (BR-19).
 */
export async function sortJoiningRows(tx: Queryable, session: Session, request: JoiningRequest, manner: Manner): Promise<{ rows: JoiningRowResult[]; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = []
  const wishes = await wishesOf(tx, request, leftOut)
  const busy = await findBusy(tx, wishes, request.audience, manner)
  const seen = new Map<string, number>()
  const rows: JoiningRowResult[] = []
  for (const [index, wish] of wishes.entries()) {
    const found = await rowOf(tx, session, request.audience, wish)
    const earlier = 'space' in found ? seen.get(found.space.id) : undefined
    const refuse = (problem: Omit<FieldProblem, 'path'>) => rows.push({ classId: wish.classId, problem: { ...problem, path: wish.path } })
    if ('problem' in found) rows.push(found)
    else if (earlier !== undefined) refuse({ code: 'rowSame', params: { row: earlier + 1 } })
    else if (busy.has(found.space.id)) refuse({ code: 'joiningLive', params: { number: busy.get(found.space.id)! } })
    else {
      seen.set(found.space.id, index)
      const audience = (await listAudience(tx, [found.classId], request.audience, !manner.byName)).filter(({ personId }) => wish.only === null || wish.only.has(personId))
      const people = await invitable(tx, found.space.id, request.audience, audience, manner, leftOut)
      if (people.length === 0) refuse({ code: 'nobodyLeft' })
      else rows.push({ ...found, people })
    }
  }
  return { rows, leftOut }
}

async function wishesOf(tx: Queryable, { audience, classIds, spaceIds, personIds }: JoiningRequest, leftOut: LeftOut[]): Promise<Wish[]> {
  if (spaceIds) {
    const spaces = await findSpaces(tx, spaceIds)
    return spaceIds.map((id, index) => ({ path: `spaceIds.${index}`, classId: null, space: spaces.get(id), only: null }))
  }
  const chosen = personIds && (await classesOf(tx, audience, personIds, leftOut))
  const wanted = classIds ?? [...chosen!.keys()]
  const chats = await findClassChats(tx, wanted, chatOf[audience])
  return wanted.map((classId, index) => ({ path: chosen ? 'personIds' : `classIds.${index}`, classId, space: chats.get(classId), only: chosen?.get(classId) ?? null }))
}

/** A selection by class; who belongs to none is left out with the reason. */
async function classesOf(tx: Queryable, audience: JoiningRequest['audience'], personIds: readonly string[], leftOut: LeftOut[]): Promise<Map<string, Set<string>>> {
  const known = new Set((await findPeople(tx, personIds)).map(({ id }) => id))
  const byClass = new Map<string, Set<string>>()
  const placed = new Set<string>()
  for (const { personId, classId } of await findClassesOf(tx, personIds, audience)) {
    byClass.set(classId, (byClass.get(classId) ?? new Set()).add(personId))
    placed.add(personId)
  }
  for (const [index, personId] of personIds.entries()) {
    const path = `personIds.${index}`
    if (!known.has(personId)) leftOut.push({ personId, problem: { code: 'personUnknown', path } })
    else if (!placed.has(personId)) leftOut.push({ personId, problem: { code: 'roleNotTheirs', path, params: { role: audience } } })
  }
  return byClass
}

async function rowOf(tx: Queryable, session: Session, audience: JoiningRequest['audience'], { path, classId, space }: Wish): Promise<{ classId: string; space: SpaceRow & { ownerId: string } } | { classId: string | null; problem: FieldProblem }> {
  const refuse = (code: FieldProblem['code']) => ({ classId, problem: { code, path } })
  if (!space) {
    if (classId === null) return refuse('spaceUnknown')
    return refuse((await findClass(tx, classId)) ? 'chatMissing' : 'classUnknown')
  }
  try {
    const { targetId, ownerId } = await checkPlace(tx, session, { target: 'chat', targetId: space.id, platformRole: audience })
    if (space.classId === null || !classChats.includes(space.kind)) return refuse('chatOfNoClass')
    return { classId: space.classId, space: { ...space, id: targetId, ownerId: ownerId! } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [problem] = error.details.problems ?? []
    return { classId, problem: problem ? { ...problem, path } : { code: 'chatNotYours', path } }
  }
}

/** Chats that a class is joining already where only counts are kept, by the number of the link: one at a time. */
async function findBusy(tx: Queryable, wishes: readonly Wish[], audience: string, { byName }: Manner): Promise<Map<string, string>> {
  if (byName) return new Map()
  const busy = await findCountedJoinings(tx, wishes.flatMap(({ space }) => space?.id ?? []), audience)
  for (const { start } of await readStarting<CohortInput>(tx)) {
    for (const { kind, input } of start) if (kind === 'chatJoining' && input.audience === audience && input.byName === false) busy.set(String(input.spaceId), String(input.number))
  }
  return busy
}

async function invitable(tx: Queryable, spaceId: string, audience: JoiningRequest['audience'], people: readonly AudienceRow[], { byName, letters }: Manner, leftOut: LeftOut[]): Promise<JoiningPerson[]> {
  const ids = people.map(({ personId }) => personId)
  const place = { target: 'chat', targetId: spaceId, platformRole: audience }
  const declined = audience === 'guardian' ? await findDeclinedGuardians(tx, ids, place) : new Set<string>()
  const there = byName ? await findThere(tx, spaceId, ids) : new Set<string>()
  const invited = byName ? await findInvited(tx, ids, place) : new Map<string, string>()
  return people.flatMap(({ personId, email }): JoiningPerson[] => {
    const leave = (problem: Omit<FieldProblem, 'path'>) => (leftOut.push({ personId, problem: { ...problem, path: 'people' } }), [])
    if (declined.has(personId)) return leave({ code: 'guardianDeclined' })
    if (there.has(personId)) return leave({ code: 'alreadyThere' })
    const number = invited.get(personId)
    if (number !== undefined) return leave({ code: 'invitationLive', params: { number } })
    return [{ personId, byLetter: letters && email, ...(byName && { invitationId: newId('inv') }) }]
  })
}
