import { Type, type Static } from 'typebox'
import type { ClassCard } from '../../db/classes.ts'
import type { SpaceRow } from '../../db/spaces.ts'
import { spaceKinds, spaceKindTitle } from '../../school/space-kinds.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import { Id, InstanceId, Nullable, OneOf } from './common.ts'

type Names = ReadonlyMap<string, string>
const Who = Type.Object({ id: Id, name: Type.String() })
const who = (id: string, names: Names) => ({ id, name: names.get(id) ?? '' })

export const SchoolClass = Type.Object({
  id: Id,
  academicYear: Type.String(),
  name: Type.String(),
  grades: Type.Array(Type.Integer()),
  letter: Type.String(),
  platformName: Nullable(Type.String({ description: 'Название на платформе; null, пока никто не подтвердил, что класс там есть' })),
  closedAt: Nullable(Type.String()),
  classTeachers: Type.Array(Who),
  pupils: Type.Integer(),
  guardians: Type.Integer(),
  spaces: Type.Integer({ description: 'Класс и чаты на платформе, действующие и создаваемые' }),
})

/** A class as lists show it. */
export const classView = ({ id, academicYear, name, grades, letter, platformName, closedAt, classTeachers, pupils, guardians, spaces }: ClassCard, names: Names): Static<typeof SchoolClass> => ({
  id, academicYear, name, grades, letter, platformName, closedAt: closedAt && closedAt.toISOString(), classTeachers: classTeachers.map((teacher) => who(teacher, names)), pupils, guardians, spaces,
})

export const Space = Type.Object({
  id: Id,
  processId: Nullable(InstanceId),
  kind: OneOf(spaceKinds),
  kindTitle: Type.String(),
  name: Type.String(),
  classId: Nullable(Id),
  className: Nullable(Type.String()),
  academicYear: Nullable(Type.String()),
  subjectId: Nullable(Id),
  subjectName: Nullable(Type.String()),
  classGroup: Type.String(),
  owner: Nullable(Who),
  state: Type.String(),
  stateTitle: Type.String(),
  people: Type.Integer({ description: 'Сколько людей в нём: подтверждённых и ожидаемых' }),
})

/** A space as lists show it; its address is shown on demand only. */
export const spaceView = ({ ownerId, ...space }: SpaceRow, names: Names): Static<typeof Space> => ({
  ...space,
  kindTitle: spaceKindTitle(space.kind),
  owner: ownerId === null ? null : who(ownerId, names),
  stateTitle: stateLabel('communicationSpace', space.state),
})
