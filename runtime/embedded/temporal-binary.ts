import { execFile } from 'node:child_process'
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The newest release that `go install` can build; later ones carry a replace directive, which it refuses. */
export const temporalCliModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'

// A blocked network often swallows packets instead of refusing them; nobody should wait for it longer than this.
const downloadLimit = 3 * 60_000

export type BinarySearch = {
  /** TEMPORAL_BINARY: used or refused, never replaced by another one. */
  explicit?: string
  /** The search path, as in PATH. */
  path: string
  /** Where a downloaded or built binary is kept between starts and checkouts. */
  cacheDirectory: string
  /** Told in Russian what is going on, when it may take long. */
  progress(text: string): void
}

/** None of the ways to get the `temporal` program worked; the message says in Russian what to do. */
export class NoTemporalBinary extends Error {}

/**
 * Path of the `temporal` program (the development server): TEMPORAL_BINARY, then PATH, then the cache, then the
 * SDK's own download, then a build with Go.
 * @throws NoTemporalBinary
 */
export async function temporalBinary(search: BinarySearch): Promise<string> {
  if (search.explicit) {
    if (await isExecutable(search.explicit)) return search.explicit
    throw new NoTemporalBinary(`TEMPORAL_BINARY указывает на файл, который нельзя запустить: ${search.explicit}. Исправьте путь или уберите переменную.`)
  }
  const cached = join(search.cacheDirectory, 'temporal')
  const found = await firstExecutable([...search.path.split(delimiter).filter(Boolean).map((folder) => join(folder, 'temporal')), cached])
  if (found) return found
  await mkdir(search.cacheDirectory, { recursive: true })
  for (const obtain of [download, build]) {
    // A directory of one's own: two starts at once do not write into each other's half-finished file.
    const work = await mkdtemp(join(search.cacheDirectory, 'temporal-'))
    try {
      await rename(await obtain(work, search), cached)
      return cached
    } catch {
      // The next way is tried; the last failure leads to one plain line below.
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  throw new NoTemporalBinary(
    'Не удалось получить программу temporal: ни скачать, ни собрать. Установите Go 1.24 или новее и повторите, ' +
      'либо положите готовую программу temporal в PATH или укажите её путь в TEMPORAL_BINARY.',
  )
}

async function download(work: string, { progress }: BinarySearch): Promise<string> {
  progress('скачиваем программу temporal')
  await run(process.execPath, [join(import.meta.dirname, 'download-temporal.ts'), work], { timeout: downloadLimit, killSignal: 'SIGKILL' })
  const [file] = await readdir(work)
  if (!file) throw new Error('the SDK downloaded nothing')
  return join(work, file)
}

async function build(work: string, { progress }: BinarySearch): Promise<string> {
  progress('собираем программу temporal из исходников на Go (на двух ядрах около четырёх минут, только в первый раз)')
  const { command, args, env } = goInstall(work)
  // HOME and PATH stay as they are: Go keeps its own download cache.
  await run(command, args, { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 })
  return join(work, 'temporal')
}

/** The command that builds `temporal` into a directory. */
export function goInstall(directory: string) {
  return { command: 'go', args: ['install', temporalCliModule], env: { GOBIN: directory, GOFLAGS: '', CGO_ENABLED: '0' } }
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path
  return undefined
}

const isExecutable = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
