import { host } from '../peers/app-host.ts'
import { decide, insertInvitations } from '../peers/table.ts'

const every = 1_000
const batch = 500

await host(async ({ db, mail }) => {
  let busy = false

  /** Letters in batches until none waits. A crash after the letters and before the update sends a batch again. */
  async function sendLetters(): Promise<void> {
    for (;;) {
      const { rows } = await db.query<{ id: number; email: string }>(
        `update invitations set letter = 'sending' where id in (select id from invitations where letter = 'waiting' order by id limit ${batch} for update skip locked) returning id, email`,
      )
      if (rows.length === 0) return
      await Promise.all(rows.map(({ id, email }) => mail.send(id, email)))
      await db.query(`update invitations set letter = 'sent' where id = any($1)`, [rows.map(({ id }) => id)])
    }
  }

  async function tick(): Promise<void> {
    if (busy) return
    busy = true
    await db.query(`update invitations set state = 'expired' where state = 'waiting' and due_at <= now()`)
    await sendLetters()
    busy = false
  }

  await db.query(`create index invitations_due on invitations (due_at) where state = 'waiting'; create index invitations_letters on invitations (id) where letter = 'waiting'`)
  setInterval(() => void tick(), every)
  return { issue: (invitations) => insertInvitations(db, invitations), tell: (index, word) => decide(db, index, word) }
})
