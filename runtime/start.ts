import { join } from 'node:path'
import { openDatabase } from '../db/connection.ts'
import type { Config } from './config.ts'
import { checkPorts } from './check-ports.ts'
import { cacheDirectory } from './cache-directory.ts'
import { demoSignIn, openDemoSchool, type DemoKeys } from './demo-school.ts'
import { openDataFolder, type DataFolder } from './embedded/data-folder.ts'
import { endLeftovers, type ProcessRecord } from './embedded/leftovers.ts'
import { startMailCatcher } from './embedded/mail-catcher.ts'
import { startPostgres } from './embedded/postgres.ts'
import { temporalBinary } from './embedded/temporal-binary.ts'
import { startTemporal } from './embedded/temporal-server.ts'
import { migrateDatabase } from './migrate-database.ts'
import { startNodeProgram } from './node-program.ts'
import { step } from './progress.ts'
import { supervise, type Running } from './supervise.ts'
import { writeWorkflowBundle } from './workflow-bundle.ts'

/** How long the link into the console that a start prints lets somebody in. */
const signInMinutes = 60

/** What is needed to look at the fictional school. */
type Demo = DemoKeys & { signInToken: string }

/** The address and password of what a start needs, embedded or not: the environment of our own programs. */
type Services = {
  DATABASE_URL: string
  TEMPORAL_ADDRESS: string
  SMTP_URL: string
  MAIL_FROM: string
  PAYLOAD_KEYS: string
  PUBLIC_URL: string
}

/**
 * `npm start`: brings up whatever the configuration does not name, then the worker and the server, and keeps them
 * running. Everything is stopped in reverse order through `closing`.
 * @throws StartError and the errors of plain-words.ts
 */
export async function start(config: Config, env: NodeJS.ProcessEnv, closing: AsyncDisposableStack): Promise<void> {
  const folder = await openDataFolder(config.DATA_DIR)
  closing.defer(folder.release)
  const { ended, record } = await endLeftovers(folder.processes)
  if (ended.length > 0) console.log(`Остановлены процессы прошлого запуска: ${ended.join(', ')}`)
  await checkPorts(config)

  const keep = keeper(record, closing)
  const services: Services = {
    DATABASE_URL: config.DATABASE_URL ?? (await ownPostgres(config, folder, keep)),
    TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS ?? (await ownTemporal(config, env, folder, keep)),
    SMTP_URL: config.SMTP_URL ?? (await ownMailCatcher(config, folder, keep)),
    MAIL_FROM: config.MAIL_FROM ?? 'flow@school.example',
    PAYLOAD_KEYS: config.PAYLOAD_KEYS ?? folder.payloadKeys,
    PUBLIC_URL: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
  }
  await step('Схема базы данных', () => migrateDatabase(services.DATABASE_URL))
  // Fictional people have no place in a database that somebody else keeps.
  const demo = config.DATABASE_URL ? undefined : await step('Вымышленная школа для знакомства', () => demoSchool(services.DATABASE_URL, folder.demoKeys))
  const programEnv = {
    // Node keeps what it has compiled: the programs are up in half the time from the second start on.
    NODE_COMPILE_CACHE: join(cacheDirectory(env.XDG_CACHE_HOME), 'compiled'),
    ...env,
    ...services,
    WORKFLOW_BUNDLE: config.WORKFLOW_BUNDLE ?? (await ownWorkflowBundle(folder)),
  }
  await step('Исполнитель процессов', () => keep('исполнитель процессов', () => startNodeProgram('./worker.ts', programEnv, folder.log('worker'))))
  await step('HTTP-сервер', () => keep('HTTP-сервер', () => startNodeProgram('./server.ts', programEnv, folder.log('server'))))
  console.log(addresses(config, services, demo).join('\n'))
  closing.defer(() => console.log('Останавливаем…'))
}

type Keep = (name: string, begin: () => Promise<Running>) => Promise<void>

/** Starts a part, writes it down, keeps it running and stops it at the end. */
const keeper =
  (record: ProcessRecord, closing: AsyncDisposableStack): Keep =>
  async (name, begin) => {
    const kept = await supervise({ name, start: begin, onStart: (pid) => record.add(name, pid) })
    closing.defer(() => kept.stop())
  }

async function ownPostgres(config: Config, folder: DataFolder, keep: Keep): Promise<string> {
  let url = ''
  await step('PostgreSQL', () =>
    keep('PostgreSQL', async () => {
      const server = await startPostgres({
        dataDirectory: folder.postgres,
        port: config.EMBEDDED_POSTGRES_PORT,
        password: folder.databasePassword,
        logFile: folder.log('postgres'),
      })
      url = server.url('sferum')
      return server
    }),
  )
  return url
}

async function ownTemporal(config: Config, env: NodeJS.ProcessEnv, folder: DataFolder, keep: Keep): Promise<string> {
  const binary = await step('Программа Temporal', (progress) =>
    temporalBinary({
      ...(config.TEMPORAL_BINARY ? { explicit: config.TEMPORAL_BINARY } : {}),
      path: env.PATH ?? '',
      cacheDirectory: cacheDirectory(env.XDG_CACHE_HOME),
      progress,
    }),
  )
  await step('Temporal', () =>
    keep('Temporal', () =>
      startTemporal({
        binary,
        port: config.EMBEDDED_TEMPORAL_PORT,
        uiPort: config.EMBEDDED_TEMPORAL_UI_PORT,
        databaseFile: folder.temporalDatabase,
        namespace: config.TEMPORAL_NAMESPACE,
        logFile: folder.log('temporal'),
      }),
    ),
  )
  return `127.0.0.1:${config.EMBEDDED_TEMPORAL_PORT}`
}

async function ownMailCatcher(config: Config, folder: DataFolder, keep: Keep): Promise<string> {
  await step('Ловушка писем', () =>
    keep('ловушка писем', () =>
      startMailCatcher({
        smtpPort: config.EMBEDDED_SMTP_PORT,
        webPort: config.EMBEDDED_MAIL_PORT,
        directory: folder.mail,
        logFile: folder.log('mail'),
      }),
    ),
  )
  return `smtp://127.0.0.1:${config.EMBEDDED_SMTP_PORT}`
}

/** Made anew by every start, for the code may be newer; a worker that dies comes back without making it again. */
async function ownWorkflowBundle({ workflowBundle }: DataFolder): Promise<string> {
  await step('Процессы для исполнителя', () => writeWorkflowBundle(workflowBundle))
  return workflowBundle
}

async function demoSchool(connectionString: string, keyFile: string): Promise<Demo> {
  const db = openDatabase(connectionString)
  try {
    const keys = await openDemoSchool(db, keyFile)
    return { ...keys, signInToken: await demoSignIn(db, signInMinutes) }
  } finally {
    await db.close()
  }
}

function addresses(config: Config, { PUBLIC_URL, SMTP_URL }: Services, demo: Demo | undefined): string[] {
  return [
    '',
    `Сервис работает:        ${PUBLIC_URL}`,
    ...(demo ? [`Войти администратором:  ${PUBLIC_URL}/sign-in/${demo.signInToken}`, `                        (один раз, в течение ${signInMinutes} минут; следующий запуск даст новую ссылку)`] : []),
    `Описание API:           ${PUBLIC_URL}/docs`,
    ...(config.TEMPORAL_ADDRESS ? [] : [`Страница Temporal:      http://localhost:${config.EMBEDDED_TEMPORAL_UI_PORT}`]),
    ...(config.SMTP_URL ? [`Письма уходят через:    ${new URL(SMTP_URL).host}`] : [`Пойманные письма:       http://localhost:${config.EMBEDDED_MAIL_PORT}`]),
    `Журналы:                ${config.DATA_DIR}/logs`,
    ...(demo ? [`Ключ API для пробы:     ${demo.platformAdmin}`, `Другие ключи:           ${config.DATA_DIR}/demo-keys.json`] : []),
    'Остановить: Ctrl-C. Данные сохранятся; стереть их: npm run reset.',
  ]
}
