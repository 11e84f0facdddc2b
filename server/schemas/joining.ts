import { Type, type Static } from 'typebox'
import type { JoiningRow } from '../../db/joinings.ts'
import { joiningSummary } from '../../school/texts/joining.ts'
import { stateLabel } from '../../school/texts/labels.ts'
import { Id, InstanceId, Nullable, OneOf } from './common.ts'

export const audiences = ['student', 'guardian'] as const

export const Joining = Type.Object({
  id: Id,
  processId: InstanceId,
  space: Type.Object({ id: Id, name: Type.String() }),
  class: Type.Object({ id: Id, name: Type.String() }),
  audience: OneOf(audiences),
  owner: Type.Object({ id: Id, name: Type.String() }),
  byName: Type.Boolean({ description: 'false — хранится только количество' }),
  link: Type.Object({ id: Id, number: Type.String(), state: Type.String(), stateTitle: Type.String(), expiresAt: Nullable(Type.String()) }),
  people: Type.Integer({ description: 'Для скольких ссылка' }),
  handedOut: Type.Integer({ description: 'Скольким передали лично' }),
  joined: Type.Integer(),
  declined: Type.Integer(),
  summary: Type.String({ description: '«Вступили 21 из 25»' }),
  state: Type.String(),
  stateTitle: Type.String(),
})

/** A joining as lists show it: how many, never who. */
export function joiningView(row: JoiningRow, names: ReadonlyMap<string, string>): Static<typeof Joining> {
  const { id, processId, audience, byName, people, handedOut, joined, declined, state } = row
  const termOver = row.linkState === 'active' && !row.linkLives
  return {
    id, processId, audience, byName, people, handedOut, joined, declined, state,
    space: { id: row.spaceId, name: row.spaceName },
    class: { id: row.classId, name: row.className },
    owner: { id: row.ownerId, name: names.get(row.ownerId) ?? '' },
    link: { id: row.linkId, number: row.number, state: row.linkState, stateTitle: termOver ? 'Срок истёк' : stateLabel('inviteLink', row.linkState), expiresAt: row.expiresAt && row.expiresAt.toISOString() },
    summary: joiningSummary(row),
    stateTitle: stateLabel('chatJoining', state),
  }
}
