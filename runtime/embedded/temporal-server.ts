import { Connection } from '@temporalio/client'
import { startTethered, type TetheredProcess } from './tethered-process.ts'
import { untilReady } from './until-ready.ts'

export type TemporalServerOptions = {
  /** Path of the `temporal` program. */
  binary: string
  port: number
  /** Port of Temporal's page; without it there is no page. */
  uiPort?: number
  /** The file its state lives in; without it the state lives in memory and ends with the process. */
  databaseFile?: string
  namespace: string
  logFile?: string
}

export type EmbeddedTemporal = TetheredProcess & { readonly address: string }

/**
 * Starts a Temporal development server on 127.0.0.1 and waits until it takes requests. With a database file its
 * state survives `kill -9`: a write-ahead log, flushed at every commit.
 * @throws NotReady when it does not come up.
 */
export async function startTemporal(options: TemporalServerOptions): Promise<EmbeddedTemporal> {
  const server = startTethered({
    name: 'temporal',
    command: options.binary,
    args: temporalArguments(options),
    stopSignal: 'TERM',
    ...(options.logFile ? { logFile: options.logFile } : {}),
  })
  const address = `127.0.0.1:${options.port}`
  try {
    await untilReady('Temporal', server, () => answers(address, options.namespace))
  } catch (error) {
    await server.stop()
    throw error
  }
  return { ...server, address }
}

function temporalArguments({ port, uiPort, databaseFile, namespace }: TemporalServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace, '--log-level', 'warn'],
    ...(uiPort ? ['--ui-port', String(uiPort)] : ['--headless']),
    ...(databaseFile ? ['--db-filename', databaseFile, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'] : []),
  ]
}

async function answers(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 })
  try {
    // The front end answers before the namespace is known to it; a start in that moment would be refused.
    await connection.workflowService.describeNamespace({ namespace })
  } finally {
    await connection.close()
  }
}
