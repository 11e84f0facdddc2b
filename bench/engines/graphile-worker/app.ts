import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { host } from '../peers/app-host.ts'
import { decide, insertInvitations } from '../peers/table.ts'

/** As its page on performance advises: jobs fetched in batches, completed in batches. */
const concurrency = 24
const worker = { localQueue: { size: 100 }, completeJobBatchDelay: 0, failJobBatchDelay: 0, pollInterval: 500 }
const quiet = new Logger(() => () => undefined)

await host(async ({ db, mail }) => {
  await run({
    pgPool: db,
    concurrency,
    noHandleSignals: true,
    logger: quiet,
    preset: { worker },
    taskList: {
      letter: async (payload) => {
        const { id, email } = payload as { id: number; email: string }
        await mail.send(id, email)
      },
      expiry: async (payload) => {
        await decide(db, (payload as { id: number }).id, 'expired')
      },
    },
  })
  const utils = await makeWorkerUtils({ pgPool: db, logger: quiet })
  return {
    async issue(invitations) {
      await insertInvitations(db, invitations)
      await utils.addJobs(invitations.map(({ index, email }) => ({ identifier: 'letter', payload: { id: index, email } })))
      await utils.addJobs(invitations.map(({ index, dueAt }) => ({ identifier: 'expiry', payload: { id: index }, runAt: new Date(dueAt) })))
    },
    tell: (index, word) => decide(db, index, word),
  }
})
