import type { FastifyBaseLogger } from 'fastify'
import { receiveRaw } from '../activities/inbox/receive-raw.ts'
import { readAddresses } from '../db/cohorts.ts'
import { asService, openDatabase } from '../db/connection.ts'
import { parseKeyRing } from '../db/key-ring.ts'
import { createApp } from '../server/app.ts'
import { createDispatcher } from '../workflows/dispatcher.ts'
import { parseConfig, trustedProxies } from './config.ts'
import { dependencies } from './readiness.ts'
import { runProgram } from './run-program.ts'
import { StartError } from './start-error.ts'
import { temporalClient } from './temporal-client.ts'

/** The HTTP server as a process of its own; any number of them serve one database and one Temporal. */
const required = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PUBLIC_URL', 'PAYLOAD_KEYS'] as const

// Requests in flight get this long to finish after SIGTERM.
const grace = 8_000

await runProgram(async (closing) => {
  const config = parseConfig(process.env, required)
  const keys = parseKeyRing(config.PAYLOAD_KEYS)
  let log: FastifyBaseLogger | undefined
  const onError = (error: unknown) => log?.error(error)

  const db = openDatabase(config.DATABASE_URL, { onError })
  closing.defer(() => db.close())
  const client = await temporalClient(config, keys)
  closing.defer(() => client.connection.close())
  const dispatcher = createDispatcher(client, (ids) => asService(db, (tx) => readAddresses(tx, ids)))

  const app = await createApp({
    db,
    dispatcher,
    keys,
    publicUrl: config.PUBLIC_URL,
    receiveMail: (raw, source) => receiveRaw({ db, keys, delivery: dispatcher, onError }, raw, source),
    ready: dependencies(config, db, client),
    log: { level: config.LOG_LEVEL },
    trustProxy: config.TRUST_PROXY ? trustedProxies(config.TRUST_PROXY) : [],
  })
  log = app.log
  closing.defer(async () => {
    const timer = setTimeout(() => app.server.closeAllConnections(), grace)
    await app.close()
    clearTimeout(timer)
  })
  await app.listen({ host: config.HOST, port: config.PORT }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw new StartError(`Порт ${config.PORT} занят другой программой. Остановите её или задайте другой порт: PORT=${config.PORT + 1}.`, { cause })
  })
})
