import { listClassCards } from '../db/classes.ts'
import type { Queryable } from '../db/connection.ts'
import { findOrganization } from '../db/organizations.ts'
import { findPeople, teachesHere, type PersonRow } from '../db/people.ts'
import { findLivingClass, findSpace, isLiving, type SpaceRow } from '../db/spaces.ts'
import type { Role } from '../machines/role.ts'
import { spaceKindTable, type Audience } from '../school/space-kinds.ts'
import { may, type Session } from './authentication.ts'
import { invalidFields, Refusal, type FieldProblem } from './failures.ts'

/** Where somebody wants to invite to, and as whom. */
export interface WantedPlace {
  target: 'staffRoom' | 'class' | 'chat'
  /** Id of the class or of the space. */
  targetId?: string | undefined
  platformRole: Audience
}

/** A place that may be invited into; `ownerId` is who makes the link there, null for administrators. */
export interface InvitedPlace {
  targetId: string
  ownerId: string | null
}

/**
 * Whether this person may invite there in this role. The place is there (BR-05), takes the role (BR-06), belongs to the
 * person or they administer all of them, and pupils and guardians are asked by whom the Regulation names (BR-20, BR-21).
 * Throws the refusal that says why not.
 */
export async function checkPlace(tx: Queryable, session: Session, wanted: WantedPlace): Promise<InvitedPlace> {
  const { target, targetId, platformRole } = wanted
  if (target === 'staffRoom') return staffRoom(tx, session, wanted)
  if (targetId === undefined || targetId === '') throw invalidFields({ code: 'fieldRequired', path: 'targetId' })
  if (target === 'class') return schoolClass(tx, session, targetId, platformRole)
  return chat(tx, session, targetId, platformRole)
}

async function staffRoom(tx: Queryable, session: Session, { targetId, platformRole }: WantedPlace): Promise<InvitedPlace> {
  if (!may(session, 'run')) throw new Refusal('notOwner')
  if (platformRole !== 'teacher') throw audienceOther(['teacher'])
  if (targetId) throw invalidFields({ code: 'fieldUnknown', path: 'targetId' })
  if ((await findOrganization(tx, session.orgId))!.staffRoomOn === null) throw new Refusal('staffRoomMissing')
  return { targetId: '', ownerId: null }
}

async function schoolClass(tx: Queryable, session: Session, targetId: string, platformRole: Audience): Promise<InvitedPlace> {
  const [found] = await listClassCards(tx, { ids: [targetId] })
  if (!found) throw invalidFields({ code: 'classUnknown', path: 'targetId' })
  if (!may(session, 'invite') && !found.classTeachers.includes(session.personId)) throw new Refusal('notOwner')
  refuseAudience('schoolClass', platformRole)
  // BR-18: belonging to the organization is the school's choice.
  if (platformRole === 'student' && !(await findOrganization(tx, session.orgId))!.settings.organizationMembership) throw invalidFields({ code: 'pupilsJoinChats', path: 'platformRole' })
  if (!(await findLivingClass(tx, targetId))) throw invalidFields({ code: 'targetNotThere', path: 'targetId' })
  return { targetId, ownerId: may(session, 'invite') ? null : session.personId }
}

async function chat(tx: Queryable, session: Session, targetId: string, platformRole: Audience): Promise<InvitedPlace> {
  const space = await findSpace(tx, targetId)
  if (!space || space.ownerId === null) throw invalidFields({ code: 'spaceUnknown', path: 'targetId' })
  if (!may(session, 'invite') && space.ownerId !== session.personId) throw new Refusal('notOwner')
  refuseAudience(space.kind, platformRole)
  if (!isLiving(space)) throw invalidFields({ code: 'targetNotThere', path: 'targetId' })
  // The link is made and handed out by the owner, whoever asks for it.
  const people = await findPeople(tx, [space.ownerId, session.personId])
  if (platformRole === 'student' && !people.some(teachesHere)) throw invalidFields({ code: 'pupilsByTeacher', path: 'platformRole' })
  if (platformRole === 'guardian' && !people.some((person) => teachesHere(person) || administers(person))) throw invalidFields({ code: 'guardiansByStaff', path: 'platformRole' })
  return { targetId: space.id, ownerId: space.ownerId }
}

const administration: readonly Role[] = ['head', 'deputy', 'platformAdmin', 'extraAdmin']
const administers = ({ memberships }: PersonRow) => memberships.some(({ kind, endedAt, roles }) => kind === 'staff' && !endedAt && roles.some((role) => administration.includes(role)))

const audienceOther = (audience: readonly Audience[]) => invalidFields({ code: 'audienceOther', path: 'platformRole', params: { values: audience.join(', ') } })

function refuseAudience(kind: SpaceRow['kind'], platformRole: Audience): void {
  const { audience } = spaceKindTable[kind]
  if (!audience.includes(platformRole)) throw audienceOther(audience)
}

const memberOf: Readonly<Record<Audience, string>> = { teacher: 'staff', student: 'student', guardian: 'guardian' }

/** What is wrong with inviting these people in a role that cannot be changed on the platform later; undefined for those it fits. */
export function audienceProblem(person: PersonRow, platformRole: Audience, path: string): FieldProblem | undefined {
  const fits = person.memberships.some(({ kind, endedAt }) => kind === memberOf[platformRole] && !endedAt)
  return fits ? undefined : { code: 'roleNotTheirs', path, params: { role: platformRole } }
}
