import type { Static } from 'typebox'
import type { Joining } from '../../schemas/joining.ts'
import type { Api } from '../api.ts'
import { searchOf } from '../list-parts.ts'

type Line = Static<typeof Joining>

/** Every joining of the school, or of one class, the latest first. A school has four or so of a class and year. */
export async function allJoinings(api: Api, classId?: string): Promise<Line[]> {
  const all: Line[] = []
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await api.get<{ items: Line[]; next?: string }>(`/joinings${searchOf({ limit: '200', classId, cursor })}`)
    all.push(...items)
    if (next === undefined) return all
    cursor = next
  }
}

/** The one that tells how far the class has come; one that was called off tells nothing. */
export const latestOf = (joinings: readonly Line[], classId: string, audience: Line['audience']): Line | undefined => joinings.find((one) => one.class.id === classId && one.audience === audience && one.state !== 'cancelled')
