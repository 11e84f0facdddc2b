/** Kinds of spaces on the platform (domain.md 7.7). */
export const spaceKinds = [
  'schoolWideChannel', 'staffChannel', 'staffRoom', 'schoolClass', 'headDeputies', 'headTeachers', 'headParents', 'headStudents',
  'classStudents', 'classGuardians', 'classTeachers', 'subjectClass', 'other',
] as const
export type SpaceKind = (typeof spaceKinds)[number]
