import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type pg from 'pg'

/** What an engine keeps on disk, bytes. A write-ahead log of PostgreSQL is counted apart: it is reused, not kept. */
export interface DiskUse {
  /** By store. */
  kept: Record<string, number>
  /** Written to the log of PostgreSQL so far. */
  walWritten: number
}

/** All databases of a PostgreSQL server, and the log written since it was made. Writes what is in memory first. */
export async function postgresDisk(admin: pg.Client): Promise<DiskUse> {
  await admin.query('checkpoint')
  const { rows } = await admin.query<{ kept: string; wal: string }>(
    `select (select sum(pg_database_size(oid)) from pg_database where not datistemplate) as kept, pg_current_wal_lsn() - '0/0'::pg_lsn as wal`,
  )
  return { kept: { postgres: Number(rows[0]!.kept) }, walWritten: Number(rows[0]!.wal) }
}

/** Pages in use of an SQLite file, those in its log included. */
export function sqliteBytes(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const value = (pragma: string) => Number(Object.values(db.prepare(`pragma ${pragma}`).get()!)[0])
    return (value('page_count') - value('freelist_count')) * value('page_size')
  } finally {
    db.close()
  }
}

/** Files below a folder. */
export async function folderBytes(folder: string): Promise<number> {
  let sum = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    // Blocks, not length: RocksDB writes its log into a file made long beforehand.
    sum += await stat(join(entry.parentPath, entry.name)).then(({ blocks }) => blocks * 512, () => 0)
  }
  return sum
}
