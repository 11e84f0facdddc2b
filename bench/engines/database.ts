import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { startPostgres } from '../../runtime/embedded/postgres.ts'

/** PostgreSQL as every engine of a run gets it. */
export interface BenchDatabase {
  pid: number
  /** As the role of an application. */
  url: string
  /** As the superuser, for looking only. */
  admin: pg.Client
  version(): Promise<string>
  /** SIGKILL, as a power cut would end it. */
  kill(): Promise<void>
  startAgain(): Promise<void>
  stop(): Promise<void>
}

/** What holds for every engine: the settings of a fresh cluster, so fsync and synchronous_commit are on. */
export const postgresDurability = 'PostgreSQL: fsync и synchronous_commit включены'

// When a record was committed is read off afterwards, so that nobody polls for it: pg_xact_commit_timestamp.
const settings = { track_commit_timestamp: 'on', max_connections: '200' }

export async function openBenchDatabase(folder: string): Promise<BenchDatabase> {
  const password = randomBytes(16).toString('hex')
  const port = await freePort()
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const options = { dataDirectory: join(folder, 'postgres'), port, password, logFile: join(folder, 'postgres.log'), settings }
  let server = await startPostgres(options)
  const connectAdmin = async () => {
    const client = new pg.Client({ connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/sferum` })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  let admin = await connectAdmin()
  return {
    pid: server.pid,
    url: server.url('sferum'),
    admin,
    version: async () => (await admin.query<{ server_version: string }>('show server_version')).rows[0]!.server_version,
    kill: () => server.kill(),
    async startAgain() {
      server = await startPostgres(options)
      admin = await connectAdmin()
    },
    async stop() {
      await admin.end()
      await server.stop()
    },
  }
}
