import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import { migrate } from '../../db/migrate.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { startPostgres } from '../../runtime/embedded/postgres.ts'

/**
 * A PostgreSQL of the caller's own with a migrated, empty database, that may be killed and started again over what it
 * wrote. What it has committed survives its death, not a power cut. Ends after the file's tests; call at the top level of a
 * test file.
 */
export async function ownPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'own-postgres-'))
  const options = { dataDirectory: join(folder, 'data'), port: await freePort(), password: randomBytes(16).toString('hex'), settings: { fsync: 'off', full_page_writes: 'off' } }
  let server = await startPostgres(options)
  afterAll(async () => {
    await server.kill()
    await rm(folder, { recursive: true, force: true })
  })
  const databaseUrl = server.url('sferum')
  await migrate(databaseUrl)
  return {
    databaseUrl,
    /** Where it listens. */
    place: { host: '127.0.0.1', port: options.port },
    /** SIGKILL to all of it, as a power cut would end it: the server first, or it would clean up after the others. */
    async kill() {
      const parts = await partsOf(databaseUrl)
      await server.kill()
      for (const pid of parts) endPart(pid)
    },
    async startAgain() {
      server = await startPostgres(options)
    },
  }
}

/** The processes that work for a server; each is a group of its own. */
async function partsOf(connectionString: string): Promise<number[]> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity')
    return rows.map(({ pid }) => pid)
  } finally {
    await client.end()
  }
}

function endPart(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has noticed that its server is gone.
  }
}
