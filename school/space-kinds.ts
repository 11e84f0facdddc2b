/** Kinds of spaces on the platform (domain.md 7.7). */
export const spaceKinds = [
  'schoolWideChannel', 'staffChannel', 'staffRoom', 'schoolClass', 'headDeputies', 'headTeachers', 'headParents', 'headStudents',
  'classStudents', 'classGuardians', 'classTeachers', 'subjectClass', 'other',
] as const
export type SpaceKind = (typeof spaceKinds)[number]

/** As whom people are invited onto the platform. */
export type Audience = 'teacher' | 'student' | 'guardian'

interface SpaceKindRow {
  title: string
  /** Whose it is: the administrators together, the head, the class teacher, the teacher of the subject, or any member of staff. */
  owner: 'administrators' | 'head' | 'classTeacher' | 'teacher' | 'staff'
  /** Who may be invited into it (BR-06, BR-20, BR-21). */
  audience: readonly Audience[]
  clause: string
  /** What one of them is for; null for the three that come with the registration (BR-22). */
  one: 'school' | 'class' | 'load' | 'any' | null
  /** Middle of the name, «5А — родители — 2026/27»; the whole name where there is no class. */
  label: string
}

/** Every kind of space: whose it is, who is in it, by which clause, and how it is called. */
export const spaceKindTable: Readonly<Record<SpaceKind, SpaceKindRow>> = {
  schoolWideChannel: { title: 'Общешкольный канал', owner: 'administrators', audience: [], clause: 'R2.1-13', one: null, label: 'Общешкольный канал' },
  staffChannel: { title: 'Канал «Сотрудники»', owner: 'administrators', audience: [], clause: 'R2.1-13', one: null, label: 'Сотрудники' },
  staffRoom: { title: 'Класс «Учительская»', owner: 'administrators', audience: ['teacher'], clause: 'R2.1-04', one: null, label: 'Учительская' },
  schoolClass: { title: 'Класс', owner: 'administrators', audience: ['teacher', 'student'], clause: 'R2.1-05', one: 'class', label: '' },
  headDeputies: { title: 'Чат руководителя с заместителями', owner: 'head', audience: ['teacher'], clause: 'R2.2-06a', one: 'school', label: 'Руководитель и заместители' },
  headTeachers: { title: 'Чат руководителя с педагогами', owner: 'head', audience: ['teacher'], clause: 'R2.2-06b', one: 'school', label: 'Руководитель и педагоги' },
  headParents: { title: 'Чат руководителя с родительским активом', owner: 'head', audience: ['guardian'], clause: 'R2.2-06c', one: 'school', label: 'Руководитель и родительский актив' },
  headStudents: { title: 'Чат руководителя с активом обучающихся', owner: 'head', audience: ['student'], clause: 'R2.2-06d', one: 'school', label: 'Руководитель и актив обучающихся' },
  classStudents: { title: 'Чат класса с учениками', owner: 'classTeacher', audience: ['student'], clause: 'R2.3-03a', one: 'class', label: 'ученики' },
  classGuardians: { title: 'Чат класса с родителями', owner: 'classTeacher', audience: ['guardian'], clause: 'R2.3-03b', one: 'class', label: 'родители' },
  classTeachers: { title: 'Чат учителей класса', owner: 'classTeacher', audience: ['teacher'], clause: 'R2.3-03c', one: 'class', label: 'учителя' },
  subjectClass: { title: 'Чат по предмету', owner: 'teacher', audience: ['student'], clause: 'R2.T-03a', one: 'load', label: '' },
  other: { title: 'Другой чат', owner: 'staff', audience: ['teacher', 'student', 'guardian'], clause: 'R2.2-06e, R2.3-03d, R2.T-03b', one: 'any', label: '' },
}

/** «Чат класса с родителями» for a kind. */
export const spaceKindTitle = (kind: SpaceKind): string => spaceKindTable[kind].title

/** Whether its owner must be teaching staff (R2.3-03, R2.T-03, BR-20). */
export const isOwnedByTeacher = (kind: SpaceKind): boolean => ['classTeacher', 'teacher'].includes(spaceKindTable[kind].owner)

/** What a name is made of. */
export interface NameParts {
  className?: string | undefined
  subjectName?: string | undefined
  classGroup?: string
  /** «2026/27». */
  year?: string | undefined
}

/** The name the product proposes: «5А — родители — 2026/27», «5А — Физика (1-я группа) — 2026/27», «5А», «Руководитель и педагоги». */
export function spaceName(kind: SpaceKind, { className, subjectName, classGroup, year }: NameParts): string {
  if (kind === 'schoolClass') return className ?? ''
  const { label, one } = spaceKindTable[kind]
  const middle = kind === 'subjectClass' ? [subjectName, classGroup && `(${classGroup})`].filter(Boolean).join(' ') : label
  return one === 'class' || one === 'load' ? [className, middle, year].filter(Boolean).join(' — ') : middle
}
