import type { Queryable } from '../../db/connection.ts'
import type { KeyRing } from '../../db/key-ring.ts'
import type { TaskRow } from '../../db/task-queries.ts'

/** Something to copy onto the platform. `hidden` values are masked until they are asked for, which is journalled. */
export interface TaskValue {
  name: string
  title: string
  value: string
  hidden: boolean
}

export interface Source {
  tx: Queryable
  keys: KeyRing
  orgId: string
  task: TaskRow
}

/** Finds what a kind of task shows; what is not there is left out. */
export type Look = (source: Source) => Promise<(TaskValue | undefined)[]>

export const shown = (name: string, title: string, value: string | null | undefined): TaskValue | undefined => (value ? { name, title, value, hidden: false } : undefined)
export const hidden = (name: string, title: string, value: string | null | undefined): TaskValue | undefined => (value ? { name, title, value, hidden: true } : undefined)

/** A value of a task as text, when it is one. */
export const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
