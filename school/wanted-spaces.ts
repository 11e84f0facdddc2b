import type { SpaceKind } from './space-kinds.ts'

/** A space that is there on the platform now. */
export interface LivingSpace {
  id: string
  kind: SpaceKind
  classId: string | null
  subjectId: string | null
  /** Part of the class («1-я группа»); empty for all of it. */
  classGroup: string
  ownerId: string | null
}

/** What the register says of a person today: memberships that stand, classes, loads. Empty lists for somebody who has left. */
export interface Belonging {
  personId: string
  /** Roles of the staff membership; null for who is not staff. */
  staff: { roles: readonly string[]; teachingStaff: boolean } | null
  student: boolean
  guardian: boolean
  /** Classes by id: where a pupil learns, where children of a guardian learn, whose class teacher somebody is. */
  learnsIn: readonly string[]
  guardianIn: readonly string[]
  classTeacherOf: readonly string[]
  loads: readonly { classId: string; subjectId: string; classGroup: string }[]
}

/** One thing to do on the platform. */
export interface PlaceStep {
  action: 'add' | 'remove'
  spaceId: string
}

const administration = ['head', 'deputy', 'platformAdmin', 'extraAdmin']
const holds = ({ staff }: Belonging, roles: readonly string[]) => staff !== null && staff.roles.some((role) => roles.includes(role))
const teaches = (person: Belonging) => person.staff?.teachingStaff === true || holds(person, ['teacher', 'classTeacher'])
const inStaffRoom = (person: Belonging) => teaches(person) || holds(person, administration)

/** Whether the register puts the person into the space. */
const belongs: Record<SpaceKind, (person: Belonging, space: LivingSpace) => boolean> = {
  schoolClass: (person, { classId }) => person.learnsIn.includes(classId!),
  classStudents: (person, { classId }) => person.learnsIn.includes(classId!) || person.classTeacherOf.includes(classId!),
  classGuardians: (person, { classId }) => person.guardianIn.includes(classId!) || person.classTeacherOf.includes(classId!),
  classTeachers: (person, { classId }) => person.classTeacherOf.includes(classId!) || person.loads.some((load) => load.classId === classId),
  subjectClass: (person, { classId, subjectId, classGroup }) =>
    // Which pupil is in which group is nowhere in the register: all of the class may be asked in.
    person.learnsIn.includes(classId!) || person.loads.some((load) => load.classId === classId && load.subjectId === subjectId && load.classGroup === classGroup),
  staffRoom: inStaffRoom,
  staffChannel: inStaffRoom,
  headTeachers: (person) => teaches(person) || holds(person, ['head']),
  headDeputies: (person) => holds(person, ['head', 'deputy']),
  headParents: (person) => holds(person, ['head']),
  headStudents: (person) => holds(person, ['head']),
  // The platform itself puts the organization's members there.
  schoolWideChannel: () => false,
  other: () => false,
}

/** Whether somebody who was chosen by a person, not by the register, may stay where they are. */
const mayStay: Partial<Record<SpaceKind, (person: Belonging) => boolean>> = {
  headParents: ({ guardian }) => guardian,
  headStudents: ({ student }) => student,
  other: ({ staff, student, guardian }) => staff !== null || student || guardian,
  schoolWideChannel: ({ staff, student, guardian }) => staff !== null || student || guardian,
}

/** The class before its chats; the rest in the order it was made. */
const order: readonly SpaceKind[] = ['staffRoom', 'staffChannel', 'schoolWideChannel', 'schoolClass']
const rank = ({ kind }: LivingSpace) => (order.indexOf(kind) + 1 || order.length + 1)

/**
 * Ids of the spaces where the person should be, of those that live: what the register says, what the person owns, and
 * where a person's choice put them (`places`, ids of spaces) as long as they belong to the school in the same way.
 */
export function wantedSpaces(person: Belonging, spaces: readonly LivingSpace[], places: readonly string[]): string[] {
  const there = new Set(places)
  return spaces
    .filter((space) => belongs[space.kind](person, space) || (person.staff !== null && space.ownerId === person.personId) || (there.has(space.id) && mayStay[space.kind]?.(person) === true))
    .map(({ id }) => id)
}

/**
 * What is left to do on the platform so that the person is where the register says: first what adds, the class before
 * its chats, then what removes, chats before the class (domain.md 7.6). `places` in spaces that no longer live ask nothing.
 */
export function placeSteps(person: Belonging, spaces: readonly LivingSpace[], places: readonly string[]): PlaceStep[] {
  const wanted = new Set(wantedSpaces(person, spaces, places))
  const there = new Set(places)
  const inOrder = [...spaces].sort((a, b) => rank(a) - rank(b))
  return [
    ...inOrder.filter(({ id }) => wanted.has(id) && !there.has(id)).map(({ id }): PlaceStep => ({ action: 'add', spaceId: id })),
    ...inOrder.reverse().filter(({ id }) => there.has(id) && !wanted.has(id)).map(({ id }): PlaceStep => ({ action: 'remove', spaceId: id })),
  ]
}
