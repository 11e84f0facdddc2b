import { readRowsByName, type KeptRow, type RowPlace } from '../../../db/import-rows.ts'
import type { RowKind } from '../../../school/roster/kinds.ts'
import type { PlanRun } from './plan-import.ts'

const chunkRows = 1_000

/** Rows of a kind, some hundreds at a time, namesakes never apart (unless there are more of them than fit). */
export async function* chunksByName<K extends RowKind>({ tx, world, tick }: PlanRun, kind: K): AsyncGenerator<KeptRow<K>[]> {
  let after: RowPlace | undefined
  for (;;) {
    const rows = await readRowsByName(tx, world.importId, kind, after, chunkRows)
    if (rows.length === 0) return
    const last = rows.at(-1)!.matchKey
    const whole = rows.length < chunkRows ? rows : rows.filter(({ matchKey }) => matchKey !== last)
    const chunk = whole.length > 0 ? whole : rows
    yield chunk
    await tick(chunk.length)
    if (rows.length < chunkRows) return
    after = { matchKey: chunk.at(-1)!.matchKey, seq: chunk.at(-1)!.seq }
  }
}

/** Rows by the name they are compared by. */
export const byName = <K extends RowKind>(rows: readonly KeptRow<K>[]): Map<string, KeptRow<K>[]> => Map.groupBy(rows, ({ matchKey }) => matchKey)
