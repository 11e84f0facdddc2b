import { Type, type Static } from 'typebox'
import { erasedKinds, erasureRules, type ErasureCertificate } from '../../db/erasure-certificates.ts'
import { erasedKindLabel, erasureMethod, erasureRuleLabel } from '../../school/texts/erasure-labels.ts'
import { Id, Nullable, OneOf } from './common.ts'

/** An act as a supervisor reads it: who destroyed whose data of which kinds, where, how, why and when. */
export const Certificate = Type.Object({
  id: Id,
  number: Type.String(),
  at: Type.String(),
  rule: OneOf(erasureRules),
  reason: Type.String({ description: 'Основание уничтожения' }),
  operator: Type.Object({ name: Type.String(), address: Type.String() }),
  erasedBy: Nullable(Id),
  who: Type.String({ description: 'Кто уничтожил; «Служба» — по сроку' }),
  method: Type.String(),
  erased: Type.Array(Type.Object({ kind: OneOf(erasedKinds), title: Type.String(), count: Type.Integer() })),
  people: Type.Array(Type.Object({ id: Id, pseudonym: Type.String() })),
})

export const certificateView = (
  { id, number, at, rule, erasedBy, counts, people }: ErasureCertificate,
  school: { fullName: string; address: string },
  names: ReadonlyMap<string, string>,
): Static<typeof Certificate> => ({
  id,
  number,
  at: at.toISOString(),
  rule,
  reason: erasureRuleLabel(rule),
  operator: { name: school.fullName, address: school.address },
  erasedBy,
  who: erasedBy === null ? 'Служба' : (names.get(erasedBy) ?? 'Сотрудник'),
  method: erasureMethod,
  erased: erasedKinds.flatMap((kind) => (counts[kind] ? [{ kind, title: erasedKindLabel(kind), count: counts[kind] }] : [])),
  people,
})
