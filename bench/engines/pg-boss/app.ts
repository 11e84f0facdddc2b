import { PgBoss } from 'pg-boss'
import { host } from '../peers/app-host.ts'
import { decide, insertInvitations } from '../peers/table.ts'

/** Jobs taken at once; looked for every half second, the shortest the library takes, and at once after a full batch. */
const work = { batchSize: 100, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true }

await host(async ({ db, databaseUrl, mail }) => {
  const boss = new PgBoss({ connectionString: databaseUrl, schema: 'pgboss' })
  boss.on('error', (error) => console.error(error))
  await boss.start()
  await boss.createQueue('letter')
  await boss.createQueue('expiry')
  await boss.work<{ id: number; email: string }>('letter', work, async (jobs) => {
    await Promise.all(jobs.map(({ data }) => mail.send(data.id, data.email)))
  })
  await boss.work<{ id: number }>('expiry', work, async (jobs) => {
    await db.query(`update invitations set state = 'expired' where id = any($1) and state = 'waiting'`, [jobs.map(({ data }) => data.id)])
  })
  return {
    async issue(invitations) {
      await insertInvitations(db, invitations)
      await boss.insert('expiry', invitations.map(({ index, dueAt }) => ({ data: { id: index }, startAfter: new Date(dueAt) })))
      await boss.insert('letter', invitations.map(({ index, email }) => ({ data: { id: index, email } })))
    },
    tell: (index, word) => decide(db, index, word),
  }
})
