import { NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { readMailbox } from '../activities/inbox/read-mailbox.ts'
import { deliverUntold } from '../activities/inbox/tell-owners.ts'
import { createActivities } from '../activities/index.ts'
import type { MailDeps } from '../activities/mail/mail-deps.ts'
import { sendOverdue } from '../activities/mail/send-overdue.ts'
import { makeUp } from '../activities/make-up.ts'
import { readAddresses } from '../db/cohorts.ts'
import { asService, longStatements, openDatabase } from '../db/connection.ts'
import { deleteOldKeys } from '../db/idempotency-keys.ts'
import { parseKeyRing } from '../db/key-ring.ts'
import { deleteOldSignIns } from '../db/sessions.ts'
import { createDispatcher } from '../workflows/dispatcher.ts'
import { SCHOOL_DAY, TASK_QUEUE } from '../workflows/messages.ts'
import { parseConfig } from './config.ts'
import { dataConverter } from './data-converter.ts'
import { temporalLog, workerLog } from './log.ts'
import { rounds } from './rounds.ts'
import { runProgram } from './run-program.ts'
import { StartError } from './start-error.ts'
import { temporalClient } from './temporal-client.ts'
import { temporalConnection } from './temporal-connection.ts'
import { workflowBundle } from './workflow-bundle.ts'

/** What runs the processes, as a process of its own; any number of them share the work. */
const required = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL', 'PAYLOAD_KEYS'] as const

// What a crash cut off is taken up again this often, ms.
const makeUpEvery = 5_000
// Kept answers of the HTTP interface end after 72 hours; an hour more or less is nothing to them, ms.
const tidyEvery = 3_600_000

await runProgram(async (closing) => {
  const config = parseConfig(process.env, required)
  const keys = parseKeyRing(config.PAYLOAD_KEYS)
  const log = workerLog(config.LOG_LEVEL)
  const onError = (error: unknown) => log.error(error)
  // The order of stopping is ours (run-program.ts), not the SDK's.
  Runtime.install({ ...temporalLog(log), shutdownSignals: [] })

  const db = openDatabase(config.DATABASE_URL, { onError })
  closing.defer(() => db.close())
  const jobs = openDatabase(config.DATABASE_URL, { max: 4, statement: longStatements, onError })
  closing.defer(() => jobs.close())
  const client = await temporalClient(config, keys)
  closing.defer(() => client.connection.close())
  const dispatcher = createDispatcher(client, (ids) => asService(db, (tx) => readAddresses(tx, ids)))

  const connection = await NativeConnection.connect(await temporalConnection(config)).catch((cause: unknown) => {
    throw new StartError(`Temporal по адресу ${config.TEMPORAL_ADDRESS} не отвечает. Проверьте TEMPORAL_ADDRESS, TLS и ключ, и что сервер запущен.`, { cause })
  })
  closing.defer(() => connection.close())
  const mail: MailDeps = {
    db,
    keys,
    smtpUrl: config.SMTP_URL,
    from: config.MAIL_FROM,
    publicUrl: config.PUBLIC_URL,
    onError: (error, letter) => log.error({ ...letter, err: error }, 'a letter could not be made'),
  }
  const worker = await Worker.create({
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(config.WORKFLOW_BUNDLE),
    dataConverter: dataConverter(keys),
    activities: createActivities({
      db,
      jobs,
      mail,
      delivery: dispatcher,
      schedules: client.schedule,
      schoolDay: { workflowType: SCHOOL_DAY, taskQueue: TASK_QUEUE },
    }),
  })
  const running = worker.run()
  // A worker that ended by itself serves nobody: the process ends too, and whoever keeps it starts it again.
  running.catch((error: unknown) => {
    log.fatal(error)
    process.exit(1)
  })
  closing.defer(async () => {
    worker.shutdown()
    await running
  })

  const inbox = { db, keys, delivery: dispatcher, onError }
  const stopping = new AbortController()
  const background = [
    rounds(() => makeUp(db, dispatcher), makeUpEvery, stopping.signal, onError),
    rounds(async () => void (await asService(db, deleteOldKeys)), tidyEvery, stopping.signal, onError),
    rounds(() => asService(db, deleteOldSignIns), tidyEvery, stopping.signal, onError),
    rounds(() => deliverUntold(inbox), makeUpEvery, stopping.signal, onError),
    rounds(() => sendOverdue(mail, dispatcher, { now: new Date(), heartbeat: () => {}, signal: stopping.signal }), makeUpEvery, stopping.signal, onError),
    ...(config.IMAP_URL ? [readMailbox(inbox, config.IMAP_URL, stopping.signal)] : []),
  ]
  closing.defer(async () => {
    stopping.abort()
    await Promise.all(background)
  })
})
