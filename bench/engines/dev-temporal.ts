import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDirectory } from '../../runtime/cache-directory.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { temporalBinary } from '../../runtime/embedded/temporal-binary.ts'
import { startTemporal } from '../../runtime/embedded/temporal-server.ts'
import { sqliteBytes } from '../measure/disk.ts'

/** A Temporal server with its state in a file, as `npm start` brings it up. */
export async function openDevTemporal(folder: string) {
  const { PATH = '', XDG_CACHE_HOME, TEMPORAL_BINARY } = process.env
  const binary = await temporalBinary({ ...(TEMPORAL_BINARY && { explicit: TEMPORAL_BINARY }), path: PATH, cacheDirectory: cacheDirectory(XDG_CACHE_HOME), progress: (text) => console.log(text) })
  const databaseFile = join(folder, 'temporal.db')
  const options = { binary, port: await freePort(), databaseFile, namespace: 'default', logFile: join(folder, 'temporal.log') }
  let server = await startTemporal(options)
  return {
    address: server.address,
    pid: server.pid,
    bytes: () => sqliteBytes(databaseFile),
    version: async () => (await promisify(execFile)(binary, ['--version'])).stdout.replace(/^temporal version /, '').trim(),
    kill: () => server.kill(),
    async startAgain() {
      server = await startTemporal(options)
    },
    stop: () => server.stop(),
  }
}

/** How the development server keeps its state (runtime/embedded/temporal-server.ts). */
export const temporalDurability = 'Temporal: SQLite, journal_mode=WAL, synchronous=FULL'
