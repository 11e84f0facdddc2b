import type { Queryable } from './connection.ts'
import type { KeyRing } from './key-ring.ts'
import { open, seal } from './sealed.ts'

/** What an application named when it went out; frozen from then on (BR-03). */
export interface ApplicationSnapshot {
  administrator: { id: string; fullName: string; position: string; email: string; /** E.164; the sign-in number (BR-04). */ phone: string }
  order: { id: string; number: string; date: string }
}

const contextOf = (processId: string): string => `registration_snapshots.content:${processId}`

/** Freezes what an application names. A new application of the process replaces it, nothing else does (BR-04). */
export async function freezeApplication(
  tx: Queryable,
  keys: KeyRing,
  application: { processId: string; orgId: string; letterId: string; at: Date; content: ApplicationSnapshot },
): Promise<void> {
  const { processId, orgId, letterId, at, content } = application
  await tx.query(
    `insert into registration_snapshots (process_id, org_id, letter_id, content, frozen_at) values ($1, $2, $3, $4, $5)
     on conflict (process_id) do update set letter_id = excluded.letter_id, content = excluded.content, frozen_at = excluded.frozen_at`,
    [processId, orgId, letterId, seal(keys, JSON.stringify(content), contextOf(processId)), at],
  )
}

/** What the last application of the process named; undefined while none has gone out. */
export async function findApplicationSnapshot(tx: Queryable, keys: KeyRing, processId: string): Promise<ApplicationSnapshot | undefined> {
  const { rows } = await tx.query<{ content: string }>(`select content from registration_snapshots where process_id = $1`, [processId])
  return rows[0] && (JSON.parse(open(keys, rows[0].content, contextOf(processId))) as ApplicationSnapshot)
}
