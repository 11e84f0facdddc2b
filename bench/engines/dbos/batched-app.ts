import { DBOS } from '@dbos-inc/dbos-sdk'
import type { Invitation, Word } from '../engine.ts'
import { host } from '../peers/app-host.ts'
import { record, recordAll } from '../peers/table.ts'

interface Said {
  index: number
  word: Word
}
const idOf = (group: number) => `group-${group}`

await host(async ({ db, databaseUrl, mail }) => {
  const inviteGroup = DBOS.registerWorkflow(
    async (members: readonly Invitation[]): Promise<void> => {
      // One step for all letters: when it is cut off, all go out again.
      await DBOS.runStep(async () => void (await Promise.all(members.map(({ index, email }) => mail.send(index, email)))), { name: 'letters' })
      const waiting = new Set(members.map(({ index }) => index))
      const deadlineEpochMS = members[0]!.dueAt
      while (waiting.size > 0) {
        const said = await DBOS.recv<Said>('word', { deadlineEpochMS })
        if (said === null) break
        waiting.delete(said.index)
        await DBOS.runStep(() => record(db, said.index, said.word), { name: 'record' })
      }
      await DBOS.runStep(() => recordAll(db, [...waiting], 'expired'), { name: 'expiry' })
    },
    { name: 'inviteGroup' },
  )
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: databaseUrl, systemDatabasePoolSize: 20, logLevel: 'error' })
  await DBOS.launch()
  const groupOf = new Map<number, number>()
  return {
    async issue(invitations) {
      for (const { index, group } of invitations) groupOf.set(index, group)
      for (const [group, members] of Map.groupBy(invitations, (invitation) => invitation.group)) await DBOS.startWorkflow(inviteGroup, { workflowID: idOf(group) })(members)
    },
    async tell(index, word) {
      await DBOS.send(idOf(groupOf.get(index)!), { index, word } satisfies Said, 'word')
      return true
    },
  }
})
