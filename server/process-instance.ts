import type { ProcessRow } from '../db/process-queries.ts'
import { restoreInstance, type Instance } from '../workflows/instance.ts'

/** The machine of a process as PostgreSQL has it: what it would say of an event can be asked here too. */
export const instanceOf = ({ id, kind, machineVersion, state, context, seq }: ProcessRow): Instance => restoreInstance({ id, kind, version: machineVersion, value: state, context, seq })
