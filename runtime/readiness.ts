import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client } from '@temporalio/client'
import type { Database } from '../db/connection.ts'
import type { Dependency } from '../server/deps.ts'
import { TASK_QUEUE } from '../workflows/messages.ts'
import type { Config } from './config.ts'

/** How long Temporal may take over a question, ms. */
const patience = 2_000
const taskQueueTypeWorkflow = 1

/** What the server needs, each with a question that shows whether it is there (GET /ready). */
export function dependencies({ SMTP_URL, IMAP_URL, TEMPORAL_NAMESPACE: namespace }: Config, db: Database, client: Client): Readonly<Record<string, Dependency>> {
  const ask = <T>(question: () => Promise<T>) => client.connection.withDeadline(Date.now() + patience, question)
  return {
    postgres: { required: true, check: () => postgres(db) },
    temporal: { required: true, check: async () => void (await ask(() => client.workflowService.getSystemInfo({}))) },
    worker: {
      required: false,
      check: async () => {
        const { pollers } = await ask(() => client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE }, taskQueueType: taskQueueTypeWorkflow }))
        if (!pollers?.length) throw new Error('no worker asks for tasks')
      },
    },
    ...(SMTP_URL && { smtp: { required: false, check: () => greets(SMTP_URL) } }),
    ...(IMAP_URL && { imap: { required: false, check: () => greets(IMAP_URL) } }),
  }
}

/** One that follows another, or was told so, takes no writes: what is there can be read. */
async function postgres({ pool }: Database): Promise<'readOnly' | void> {
  const { rows } = await pool.query<{ readOnly: string }>(`select current_setting('transaction_read_only') as "readOnly"`)
  if (rows[0]?.readOnly === 'on') return 'readOnly'
}

/** Both SMTP and IMAP servers speak first; nobody signs in to ask. Rejects when nothing is said. */
async function greets(url: string): Promise<void> {
  const { protocol, hostname: host, port } = new URL(url)
  const standard = { 'smtp:': 587, 'smtps:': 465, 'imap:': 143, 'imaps:': 993 }[protocol]
  const to = { host, port: port ? Number(port) : standard!, timeout: patience }
  const socket = protocol.endsWith('s:') ? connectTls({ ...to, servername: host }) : connect(to)
  socket.once('timeout', () => socket.destroy(new Error('no greeting')))
  try {
    await once(socket, 'data')
  } finally {
    socket.destroy()
  }
}
