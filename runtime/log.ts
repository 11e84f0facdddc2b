import { pino, type LevelWithSilent, type Logger } from 'pino'
import { DefaultLogger, makeTelemetryFilterString, type RuntimeOptions } from '@temporalio/worker'
import { loggerOptions } from '../server/log.ts'

/** A worker's log: the same shape and the same silence about people as the server's. */
export function workerLog(level: LevelWithSilent): Logger {
  return pino({ ...loggerOptions({ level }), base: { part: 'worker' } })
}

/**
 * Temporal's own words in our log. It attaches errors under a name whose properties would be written out in full,
 * PostgreSQL's offending row among them; under `err` only what names no one is kept.
 */
export function temporalLog(log: Logger): RuntimeOptions {
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const
  return {
    logger: new DefaultLogger('INFO', ({ level, message, meta = {} }) => {
      const { error, ...rest } = meta
      log[levels[level]]({ ...rest, ...(error === undefined ? {} : { err: error }) }, message)
    }),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
  }
}
