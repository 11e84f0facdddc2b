import pg from 'pg'
import type { Database, Queryable } from './connection.ts'

/** Something of a school has changed: which processes, or null for more than are named. Ids, nothing else (P7). */
export interface Change {
  orgId: string
  processes: readonly string[] | null
}

const channel = 'school_changes'
/** PostgreSQL takes no more than 8,000 bytes; ids have at most 250 characters. */
const mostNamed = 25

/** Tells every server, when the transaction has committed, that these processes have changed. */
export async function tellChange(tx: Queryable, orgId: string, processes: readonly string[]): Promise<void> {
  const change: Change = { orgId, processes: processes.length > mostNamed ? null : processes }
  await tx.query('select pg_notify($1, $2)', [channel, JSON.stringify(change)])
}

/**
 * Hears of changes on a connection of its own. `onLost` is called once when it breaks: what happened meanwhile nobody
 * tells afterwards. Rejects when PostgreSQL cannot be reached.
 */
export async function hearChanges({ pool }: Database, onChange: (change: Change) => void, onLost: () => void): Promise<{ close(): Promise<void> }> {
  const client = new pg.Client(pool.options)
  let over = false
  const lost = () => {
    if (!over) onLost()
    over = true
  }
  client.on('error', lost)
  client.on('end', lost)
  client.on('notification', ({ payload }) => onChange(JSON.parse(payload!) as Change))
  const close = async () => {
    over = true
    await client.end()
  }
  try {
    await client.connect()
    await client.query(`listen ${channel}`)
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
  return { close }
}
