import { randomBytes } from 'node:crypto'
import { access, mkdir, open, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StartError } from '../start-error.ts'
import { processStart } from './process-identity.ts'

/** Rises when the layout below changes in a way an older or newer service cannot read. */
const layout = '1'

// PostgreSQL and Temporal want room for a checkpoint and a write-ahead log before they take the first row.
const leastFree = 300 * 1024 * 1024

/** Where everything of an embedded installation lives. */
export type DataFolder = {
  root: string
  postgres: string
  temporalDatabase: string
  workflowBundle: string
  mail: string
  log(name: string): string
  processes: string
  databasePassword: string
  /** File with the keys of the fictional school. */
  demoKeys: string
  /** In the form of PAYLOAD_KEYS. */
  payloadKeys: string
  /** Lets another start have the folder. */
  release(): Promise<void>
}

/**
 * Opens the data folder for this process alone, making it and its secrets the first time.
 * @throws StartError when it is another program's, of another version, in use, or on a full disk
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const root = resolve(path)
  // 0711: the database server runs as another user when we are root; every secret file is 0600.
  await mkdir(root, { recursive: true, mode: 0o711 })
  await checkLayout(root)
  await checkRoom(root)
  const release = await takeLock(join(root, 'lock'))
  await mkdir(join(root, 'logs'), { recursive: true })
  await mkdir(join(root, 'mail'), { recursive: true })
  return {
    root,
    postgres: join(root, 'postgres'),
    temporalDatabase: join(root, 'temporal.db'),
    workflowBundle: join(root, 'workflow-bundle.cjs'),
    mail: join(root, 'mail'),
    log: (name) => join(root, 'logs', `${name}.log`),
    processes: join(root, 'processes.json'),
    demoKeys: join(root, 'demo-keys.json'),
    databasePassword: await secret(join(root, 'database-password'), () => randomBytes(24).toString('hex')),
    payloadKeys: await secret(join(root, 'payload-keys'), () => `first:${randomBytes(32).toString('base64')}`),
    release,
  }
}

/**
 * Removes a data folder.
 * @throws StartError when it is not one, or is in use
 */
export async function removeDataFolder(path: string): Promise<void> {
  const root = resolve(path)
  if (!(await exists(join(root, 'VERSION')))) throw new StartError(`В папке ${root} нет данных сервиса: удалять нечего.`)
  await takeLock(join(root, 'lock'))
  await rm(root, { recursive: true, force: true })
}

async function checkLayout(root: string): Promise<void> {
  const file = join(root, 'VERSION')
  if (!(await exists(file))) {
    if ((await readdir(root)).length > 0) throw new StartError(`Папка ${root} занята чужими файлами. Укажите в DATA_DIR другую, пустую.`)
    await writeFile(file, `${layout}\n`)
    return
  }
  const found = (await readFile(file, 'utf8')).trim()
  if (found === layout) return
  throw new StartError(
    `Папка данных ${root} создана другой версией сервиса (${found}, а нужна ${layout}). ` +
      'Запустите ту версию или начните с чистой папки: задайте другую в DATA_DIR либо выполните npm run reset.',
  )
}

async function checkRoom(root: string): Promise<void> {
  const { bavail, bsize } = await statfs(root)
  const free = bavail * bsize
  if (free >= leastFree) return
  const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
  throw new StartError(
    `На диске с папкой ${root} осталось ${megabytes(free)} МБ, нужно не меньше ${megabytes(leastFree)} МБ. Освободите место или задайте в DATA_DIR папку на другом диске.`,
  )
}

/** The lock names its holder; a holder that is gone holds nothing. */
async function takeLock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(JSON.stringify({ pid: process.pid, startedAt: await processStart(process.pid) }))
      await handle.close()
      return () => rm(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = await readHolder(file)
    if (holder && (await processStart(holder.pid)) === holder.startedAt) {
      throw new StartError(`Сервис уже запущен с этой папкой данных (процесс ${holder.pid}). Остановите его (Ctrl-C) или задайте другую папку в DATA_DIR.`)
    }
    await rm(file, { force: true })
  }
}

async function readHolder(file: string): Promise<{ pid: number; startedAt: string } | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { pid: number; startedAt: string }
  } catch {
    // Cut short by a kill in the middle of writing, or removed just now.
    return undefined
  }
}

async function secret(file: string, make: () => string): Promise<string> {
  if (!(await exists(file))) {
    const handle = await open(file, 'w', 0o600)
    await handle.writeFile(make())
    // A key that is lost in a power cut makes everything sealed with it unreadable.
    await handle.sync()
    await handle.close()
  }
  return (await readFile(file, 'utf8')).trim()
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
