import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../db/migrate.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { startPostgres } from '../../runtime/embedded/postgres.ts'
import type { Starter } from './shared-services.ts'

export type PostgresFacts = {
  /** Connection string of the database the product's role owns; databases are created and dropped from here. */
  adminUrl: string
  /** Name of a migrated, empty database to clone. */
  template: string
}

const template = 'migrated'

/** One PostgreSQL for the whole run, without flushing to disk: nothing here has to survive a power cut. */
export const postgresStarter =
  (folder: string): Starter<PostgresFacts> =>
  async () => {
    const server = await startPostgres({
      dataDirectory: join(folder, 'postgres'),
      port: await freePort(),
      password: randomBytes(16).toString('hex'),
      logFile: join(folder, 'postgres.log'),
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
    })
    const adminUrl = server.url('sferum')
    const client = new pg.Client({ connectionString: adminUrl })
    await client.connect()
    try {
      await client.query(`create database ${template}`)
    } finally {
      await client.end()
    }
    await migrate(server.url(template))
    return { facts: { adminUrl, template }, close: server.stop }
  }
