import { inSchool, type Database } from '../../db/connection.ts'
import { noteProgress, type ImportPhase } from '../../db/imports.ts'

/** Tells of rows that are done. */
export type Tick = (rows: number) => Promise<void>

/** Counts rows that are done, for people who look at the import and for Temporal, which takes a silent worker for dead. */
export function progressOf(db: Database, { orgId, heartbeat }: { orgId: string; heartbeat: () => void }, importId: string, phase: ImportPhase, total: number | null): Tick {
  let done = 0
  return async (rows) => {
    heartbeat()
    done += rows
    // Beside the transaction that does the work: nobody would see it from there. It is not worth failing for.
    await inSchool(db, orgId, (tx) => noteProgress(tx, importId, { phase, done, total })).catch(() => undefined)
  }
}
