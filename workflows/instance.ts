import type { AnyMachineSnapshot } from 'xstate'
import { definitionOf } from '../machines/catalogue.ts'
import { migrated } from '../machines/migration.ts'
import type { ProcessContext, StateMeta } from '../machines/process.ts'

/** One machine at work in a cohort. */
export interface Instance {
  id: string
  kind: string
  snapshot: AnyMachineSnapshot
  /** Number of its last step; each accepted event is one. */
  seq: number
  /** Ended where it stands: final, or past its retention. */
  ended: boolean
}

/** An instance as it is kept outside the machine: in PostgreSQL, and across continue-as-new. */
export interface StoredInstance {
  id: string
  kind: string
  version: number
  value: unknown
  context: Record<string, unknown>
  seq: number
}

export const stateOf = (snapshot: AnyMachineSnapshot): string =>
  typeof snapshot.value === 'string' ? snapshot.value : JSON.stringify(snapshot.value)

export const contextOf = (instance: Instance): ProcessContext => instance.snapshot.context as ProcessContext

/** Names that the current state declares as live. */
export function liveIn(snapshot: AnyMachineSnapshot): { deadlines: Set<string>; tasks: Set<string> } {
  const metas = Object.values(snapshot.getMeta() as Record<string, StateMeta | undefined>)
  return {
    deadlines: new Set(metas.flatMap((meta) => [...(meta?.deadlines ?? [])])),
    tasks: new Set(metas.flatMap((meta) => [...(meta?.tasks ?? [])])),
  }
}

/** The instance with other deadlines; its machine is not asked. */
export function withDeadlines(instance: Instance, deadlines: ProcessContext['deadlines']): Instance {
  const { machine } = definitionOf(instance.kind)
  const context = { ...contextOf(instance), deadlines }
  const snapshot = machine.resolveState({ value: instance.snapshot.value as never, context: context as never })
  return { ...instance, snapshot }
}

/** What is kept of an instance. */
export const storedInstance = ({ id, kind, snapshot, seq }: Instance): StoredInstance => ({
  id,
  kind,
  version: definitionOf(kind).version,
  value: snapshot.value as unknown,
  context: snapshot.context as Record<string, unknown>,
  seq,
})

/** Restores an instance from what was kept of it, also by an older version of its machine. Throws for a version without a migration. */
export function restoreInstance(stored: StoredInstance): Instance {
  const definition = definitionOf(stored.kind)
  const { id, kind, value, context, seq } = migrated(definition, stored)
  const snapshot = definition.machine.resolveState({ value: value as never, context: context as never })
  return { id, kind, snapshot, seq, ended: snapshot.status === 'done' }
}
