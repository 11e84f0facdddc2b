import { Type, type Static } from 'typebox'
import type { MovementRow } from '../../db/movements.ts'
import { departureReasons, staffMovementKinds, studentMovementKinds } from '../../machines/movement-kinds.ts'
import { stepActions, stepStates } from '../../machines/movement-steps.ts'
import type { Role } from '../../machines/role.ts'
import { departureReasonLabel, movementKindLabel } from '../../school/texts/movement-labels.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import { schoolRoles } from '../rights.ts'
import { closed, Id, InstanceId, Nullable, OneOf } from './common.ts'

export const movementKinds = [...studentMovementKinds, ...staffMovementKinds] as const
const Ids = Type.Array(Id, { maxItems: 100, uniqueItems: true })

export const NewMovement = Type.Object(
  {
    kind: OneOf(movementKinds),
    personId: Id,
    effectiveOn: Type.String({ format: 'date', description: 'С какого дня; может быть в прошлом или в будущем' }),
    orderId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Приказ, если он уже в реестре' })),
    draft: Type.Optional(Type.Boolean({ description: 'Оставить черновиком: приказ пока не запрашивается' })),
    toClassId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Зачисление, перевод, возврат: в какой класс' })),
    reason: Type.Optional(OneOf(departureReasons)),
    position: Type.Optional(Type.String({ maxLength: 200 })),
    roles: Type.Optional(Type.Array(OneOf<Role>(schoolRoles), { maxItems: 8, uniqueItems: true })),
    teachingStaff: Type.Optional(Type.Boolean()),
    until: Type.Optional(Type.String({ format: 'date', description: 'Длительное отсутствие: по какой день' })),
    successorId: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Кому переходят чаты и классы' })),
    giveClasses: Type.Optional(Ids),
    takeClasses: Type.Optional(Ids),
    giveLoads: Type.Optional(Type.Array(Type.Object({ classId: Id, subjectId: Id, classGroup: Type.Optional(Type.String({ maxLength: 40 })) }, closed), { maxItems: 100 })),
    takeLoads: Type.Optional(Ids),
  },
  closed,
)
export type NewMovement = Static<typeof NewMovement>

export const Movement = Type.Object({
  id: Id,
  processId: InstanceId,
  number: Type.String(),
  kind: OneOf(movementKinds),
  kindTitle: Type.String(),
  person: Type.Object({ id: Id, name: Type.String() }),
  effectiveOn: Type.String(),
  fromClassId: Nullable(Id),
  fromClassName: Nullable(Type.String()),
  toClassId: Nullable(Id),
  toClassName: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  reasonTitle: Nullable(Type.String()),
  state: Type.String(),
  stateTitle: Type.String(),
  orderId: Nullable(Id),
  createdAt: Type.String(),
})

export const MovementCard = Type.Interface([Movement], {
  details: Type.Record(Type.String(), Type.Unknown()),
  reverseOrderId: Nullable(Id),
  begunAt: Nullable(Type.String({ description: 'Когда изменены списки' })),
  takenBackAt: Nullable(Type.String({ description: 'Когда списки возвращены' })),
  steps: Type.Array(
    Type.Object({
      id: Type.String(),
      action: OneOf(stepActions),
      actionTitle: Type.String(),
      what: Type.String({ description: 'Класс, чат или права' }),
      person: Type.Object({ id: Id, name: Type.String() }),
      state: OneOf(stepStates),
      stateTitle: Type.String(),
      reason: Nullable(Type.String()),
      via: Nullable(Type.String({ description: 'Процесс, в котором шаг выполняется сам' })),
    }),
  ),
})

/** A movement as lists show it. */
export const movementView = (row: MovementRow, names: ReadonlyMap<string, string>): Static<typeof Movement> => ({
  id: row.id,
  processId: row.processId,
  number: row.number,
  kind: row.kind,
  kindTitle: movementKindLabel(row.kind),
  person: { id: row.personId, name: names.get(row.personId) ?? '' },
  effectiveOn: row.effectiveOn,
  fromClassId: row.fromClassId,
  fromClassName: row.fromClassName,
  toClassId: row.toClassId,
  toClassName: row.toClassName,
  reason: row.reason,
  reasonTitle: row.reason && departureReasonLabel(row.reason),
  state: row.state,
  stateTitle: stateLabel(processKindOf(row.kind), row.state),
  orderId: row.orderId,
  createdAt: row.createdAt.toISOString(),
})

/** Which machine a kind of movement runs on. */
export const processKindOf = (kind: string): 'studentMovement' | 'staffMovement' => ((studentMovementKinds as readonly string[]).includes(kind) ? 'studentMovement' : 'staffMovement')
