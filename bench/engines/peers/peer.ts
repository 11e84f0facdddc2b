import { join } from 'node:path'
import { postgresDisk } from '../../measure/disk.ts'
import type { Parts } from '../../measure/meter.ts'
import { openBenchDatabase } from '../database.ts'
import type { Engine, Invitation, Place } from '../engine.ts'
import { startApp } from './app-process.ts'
import { countExpired, createTable, readOutcomes } from './table.ts'

/** A server an application needs beside PostgreSQL. */
export interface PeerServer {
  parts: Parts
  /** What it keeps on disk, bytes. */
  bytes(): number | Promise<number>
  /** Given to the application. */
  env: Readonly<Record<string, string>>
  versions(): Promise<Record<string, string>>
  stop(): Promise<void>
}

export interface Peer extends Pick<Engine, 'name' | 'title' | 'answer' | 'durability' | 'surely'> {
  /** The application, a file beside the engine's. */
  app: URL
  env?: Readonly<Record<string, string>>
  versions: () => Promise<Record<string, string>> | Record<string, string>
  server?: (place: Place, databaseUrl: string) => Promise<PeerServer>
}

/** An engine that is an application of ours on something that others made. */
export function peerEngine({ app, env, versions, server, ...named }: Peer): Engine {
  return {
    ...named,
    async start(place) {
      const database = await openBenchDatabase(place.folder)
      await database.admin.query(`set role sferum; ${createTable}; reset role`)
      const beside = await server?.(place, database.url)
      const application = await startApp(app.pathname, { DATABASE_URL: database.url, SMTP_URL: place.smtpUrl, ...env, ...beside?.env }, join(place.folder, 'app.log'))
      let invited: readonly Invitation[] = []
      return {
        parts: { postgres: [database.pid], ...beside?.parts, app: [application.pid] },
        prepare: (invitations) => Promise.resolve(void (invited = invitations)),
        issue: () => application.issue(invited),
        lettersAreOut: () => Promise.resolve(),
        tell: (index, word) => application.tell(index, word).catch(() => false),
        expired: () => countExpired(database.admin),
        outcomes: () => readOutcomes(database.admin),
        otherLetters: () => Promise.resolve({ messageIds: new Set<string>(), waiting: 0 }),
        async disk() {
          const { kept, walWritten } = await postgresDisk(database.admin)
          return { kept: { ...kept, ...(beside && { [Object.keys(beside.parts)[0]!]: await beside.bytes() }) }, walWritten }
        },
        versions: async () => ({ ...(await versions()), ...(await beside?.versions()), postgresql: await database.version() }),
        async stop() {
          await application.stop()
          await beside?.stop()
          await database.stop()
        },
      }
    },
  }
}
