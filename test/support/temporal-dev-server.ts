import { cacheDirectory } from '../../runtime/cache-directory.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { temporalBinary } from '../../runtime/embedded/temporal-binary.ts'
import { startTemporal } from '../../runtime/embedded/temporal-server.ts'
import type { Starter } from './shared-services.ts'

export type TemporalFacts = { address: string; namespace: string; binary: string }

/** One Temporal development server for the whole run, its state in memory. */
export const temporalStarter = (): Starter<TemporalFacts> => async () => {
  const binary = await findTemporal()
  const namespace = 'default'
  const server = await startTemporal({ binary, port: await freePort(), namespace })
  return { facts: { address: server.address, namespace, binary }, close: server.stop }
}

/** The `temporal` program, found or built as `npm start` does it; the first build is announced on the console. */
function findTemporal(): Promise<string> {
  const explicit = process.env.TEMPORAL_BINARY
  return temporalBinary({
    ...(explicit ? { explicit } : {}),
    path: process.env.PATH ?? '',
    cacheDirectory: cacheDirectory(process.env.XDG_CACHE_HOME),
    progress: (text) => console.log(text),
  })
}
