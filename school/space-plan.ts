import { spaceKinds, spaceKindTable, spaceName, type SpaceKind } from './space-kinds.ts'

/** What a space is one of: at most one that lives of each, except of the kind `other`. */
export interface SpaceKey {
  kind: SpaceKind
  classId: string | null
  subjectId: string | null
  /** Part of the class («1-я группа»); empty for all of it. */
  classGroup: string
}

/** A space that the school should have. */
export interface PlannedSpace extends SpaceKey {
  name: string
  /** Null where the administrators own it, and where nobody is there to own it yet: then a person is chosen on confirming. */
  ownerId: string | null
}

/** What the plan follows from. */
export interface School {
  /** «2026/27». */
  year: string
  classes: readonly { id: string; name: string }[]
  /** The first of a class owns its chats. */
  classTeachers: readonly { classId: string; personId: string }[]
  loads: readonly { classId: string; subjectId: string; subjectName: string; classGroup: string; personId: string }[]
  headId: string | null
  /** Without deputies the head needs no chat with them. */
  deputies: boolean
}

/** The same for spaces of which there is one. */
export const spaceKey = ({ kind, classId, subjectId, classGroup }: SpaceKey): string => JSON.stringify([kind, classId, subjectId, classGroup])

/**
 * The spaces that follow from the classes, staff and loads of a year (domain.md 7.7), those of the school first, then
 * class by class; less `existing`, which are there or on their way.
 */
export function planSpaces({ year, classes, classTeachers, loads, headId, deputies }: School, existing: readonly SpaceKey[]): PlannedSpace[] {
  const ownerIn = (kind: SpaceKind, classId: string | null): string | null => {
    const { owner } = spaceKindTable[kind]
    if (owner === 'head') return headId
    return owner === 'classTeacher' ? (classTeachers.find((teacher) => teacher.classId === classId)?.personId ?? null) : null
  }
  const kindsFor = (one: string) => spaceKinds.filter((kind) => spaceKindTable[kind].one === one)
  const plain = { subjectId: null, classGroup: '' }
  const ofSchool = kindsFor('school').filter((kind) => deputies || kind !== 'headDeputies').map((kind): PlannedSpace => ({ kind, classId: null, ...plain, name: spaceName(kind, { year }), ownerId: ownerIn(kind, null) }))
  const ofClasses = classes.flatMap(({ id: classId, name: className }) => [
    ...kindsFor('class').map((kind): PlannedSpace => ({ kind, classId, ...plain, name: spaceName(kind, { className, year }), ownerId: ownerIn(kind, classId) })),
    ...loads
      .filter((load) => load.classId === classId)
      .map(({ subjectId, subjectName, classGroup, personId }): PlannedSpace => ({
        kind: 'subjectClass', classId, subjectId, classGroup, name: spaceName('subjectClass', { className, subjectName, classGroup, year }), ownerId: personId,
      })),
  ])
  const taken = new Set(existing.map(spaceKey))
  // Of several who teach one group the first owns its chat.
  return [...ofSchool, ...ofClasses].filter((space) => !taken.has(spaceKey(space)) && taken.add(spaceKey(space)))
}
