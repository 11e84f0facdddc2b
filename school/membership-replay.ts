import type { LocalDate } from './calendar/local-date.ts'

/**
 * One entry in the life of a person at the school as pupil or as staff: comes, changes the class, goes; `stays` only
 * makes sense for somebody who is there (leave, other duties). `movementId` is null for what people, imports and the
 * year's end entered: that is a fact and never refused.
 */
export interface Mark {
  on: LocalDate
  action: 'in' | 'move' | 'stays' | 'out'
  /** The membership that begins, or of `out` the one that was ended. */
  membershipId: string
  classId: string | null
  movementId: string | null
}

/** A membership as it follows from the marks. `to` and what ended it are null while it stands. */
export interface Segment {
  membershipId: string
  classId: string | null
  from: LocalDate
  begunBy: string | null
  previousId: string | null
  to: LocalDate | null
  endedBy: Mark | null
}

export type NoEffect = 'notThere' | 'alreadyThere'

export interface Replay {
  segments: Segment[]
  /** Movements that change nothing where they stand, and why. */
  idle: Map<string, NoEffect>
}

/**
 * The memberships that follow from marks, whatever the order they were entered in: they count by the day they speak of,
 * and on one day as they make sense, the first entered first (edge case 10). `marks` come in the order of their entry.
 */
export function replayMemberships(marks: readonly Mark[]): Replay {
  const segments: Segment[] = []
  const idle: Replay['idle'] = new Map()
  let left = [...marks].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  while (left.length > 0) {
    const today = left.filter(({ on }) => on === left[0]!.on)
    const standing = segments.at(-1)?.to === null
    const next = today.find((mark) => isLegal(mark, standing)) ?? today[0]!
    left = left.filter((mark) => mark !== next)
    if (isLegal(next, standing)) take(segments, next)
    else if (next.movementId !== null) idle.set(next.movementId, standing ? 'alreadyThere' : 'notThere')
    else if (next.action === 'in') take(segments, next)
  }
  return { segments, idle }
}

const isLegal = ({ action }: Mark, standing: boolean): boolean => (action === 'in') !== standing

function take(segments: Segment[], mark: Mark): void {
  const { action, membershipId, classId, on, movementId } = mark
  if (action === 'stays') return
  const last = segments.at(-1)
  if (last?.to === null) Object.assign(last, { to: on, endedBy: mark })
  if (action === 'out') return
  segments.push({ membershipId, classId, from: on, begunBy: movementId, previousId: last?.membershipId ?? null, to: null, endedBy: null })
}
