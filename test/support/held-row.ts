import { expect } from 'vitest'
import { inSchool, type Database } from '../../db/connection.ts'

/**
 * Holds a row of the school locked, as a slow transaction would: who wants to write it stands still at a known place,
 * where the test can kill it.
 */
export async function holdRow(db: Database, orgId: string, table: 'cohorts' | 'letters' | 'invite_links' | 'memberships', id: string) {
  const held = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const done = inSchool(db, orgId, async (tx) => {
    const { rowCount } = await tx.query(`select from ${table} where id = $1 for no key update`, [id])
    if (rowCount !== 1) throw new Error(`no row ${id}`)
    held.resolve()
    await release.promise
  })
  done.catch(held.reject)
  await held.promise
  return {
    /** Resolves when somebody waits for a lock in this database. */
    waitedFor: () =>
      expect
        .poll(async () => (await db.pool.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rowCount, { timeout: 15_000, interval: 20 })
        .toBeGreaterThan(0),
    release: () => {
      release.resolve()
      return done
    },
  }
}
