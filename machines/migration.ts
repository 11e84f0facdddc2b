import type { ProcessDefinition } from './process.ts'

/** What is kept of a machine at work: its state and context. */
export interface Snapshot {
  value: unknown
  context: Record<string, unknown>
}

/** The snapshot as the present version of its machine has it. Throws when no migration leads there from its own. */
export function migrated<Kept extends Snapshot & { version: number }>({ kind, version, migrations }: Pick<ProcessDefinition, 'kind' | 'version' | 'migrations'>, kept: Kept): Kept {
  let found = kept
  while (found.version !== version) {
    const migrate = migrations?.[found.version]
    if (!migrate) throw new Error(`no migration of ${kind} from version ${found.version}, the present one is ${version}`)
    found = { ...found, ...migrate(found), version: found.version + 1 }
  }
  return found
}
