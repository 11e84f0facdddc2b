/** Roles of people who sign in (domain.md 4). `student` and `guardian` never do; `operator` belongs to no school. */
export const roles = [
  'head',
  'deputy',
  'platformAdmin',
  'extraAdmin',
  'classTeacher',
  'teacher',
  'registrar',
  'auditor',
  'operator',
] as const
export type Role = (typeof roles)[number]
