import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'

const folder = new URL('./migrations/', import.meta.url)

/** Any number will do, as long as every copy of the service takes the same one. */
const lockKey = 7305211

/**
 * Applies the numbered files of db/migrations that this database has not seen, each in one transaction, forward
 * only. Several processes may call it at once; one does the work. Throws when the database was migrated by a newer
 * version of the service.
 */
export async function migrate(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey])
    await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())')
    const { rows } = await client.query<{ name: string }>('select name from migrations')
    const applied = new Set(rows.map((row) => row.name))
    const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
    const unknown = [...applied].find((name) => !files.includes(name))
    if (unknown) throw new Error(`the database was migrated by a newer version (${unknown})`)
    for (const name of files) {
      if (applied.has(name)) continue
      const sql = await readFile(new URL(name, folder), 'utf8')
      await client.query('begin')
      await client.query(sql)
      await client.query('insert into migrations (name) values ($1)', [name])
      await client.query('commit')
    }
  } finally {
    await client.end()
  }
}
