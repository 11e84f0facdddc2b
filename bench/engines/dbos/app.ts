import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Invitation, Word } from '../engine.ts'
import { host } from '../peers/app-host.ts'
import { record } from '../peers/table.ts'

const startsAtOnce = 50
const idOf = (index: number) => `invitation-${index}`

await host(async ({ db, databaseUrl, mail }) => {
  const invite = DBOS.registerWorkflow(
    async ({ index, email, dueAt }: Invitation): Promise<void> => {
      await DBOS.runStep(() => mail.send(index, email), { name: 'letter' })
      const word = await DBOS.recv<Word>('word', { deadlineEpochMS: dueAt })
      await DBOS.runStep(() => record(db, index, word ?? 'expired'), { name: 'record' })
    },
    { name: 'invite' },
  )
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: 20, logLevel: 'error' })
  await DBOS.launch()
  return {
    async issue(invitations) {
      const waiting = [...invitations]
      const startRest = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await DBOS.startWorkflow(invite, { workflowID: idOf(next.index) })(next)
      }
      await Promise.all(Array.from({ length: startsAtOnce }, startRest))
    },
    async tell(index, word) {
      await DBOS.send(idOf(index), word, 'word')
      return true
    },
  }
})
