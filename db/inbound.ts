import type { Queryable } from './connection.ts'
import type { KeyRing } from './key-ring.ts'
import { open, seal } from './sealed.ts'

export type InboundKind = 'answer' | 'bounce' | 'autoReply'

/** What people read of a message. */
export interface InboundContent {
  from: string
  subject: string
  text: string
  /** ISO instant the sender gave. */
  date: string | null
  attachments: { filename: string; contentType: string; size: number }[]
}

const contextOf = (id: string, column: 'content' | 'raw'): string => `inbound_messages.${column}:${id}`

/** Opens what people read of a message. Throws for a key that is gone. */
export function openInboundContent(keys: KeyRing, id: string, sealed: string): InboundContent {
  return JSON.parse(open(keys, sealed, contextOf(id, 'content'))) as InboundContent
}

/** Opens the message as it came, byte for byte. */
export function openInboundRaw(keys: KeyRing, id: string, sealed: string): Buffer {
  return Buffer.from(open(keys, sealed, contextOf(id, 'raw')), 'latin1')
}

/** Seals a message for its row. */
export const sealInbound = (keys: KeyRing, id: string, content: InboundContent, raw: Buffer): { content: string; raw: string } => ({
  content: seal(keys, JSON.stringify(content), contextOf(id, 'content')),
  raw: seal(keys, raw.toString('latin1'), contextOf(id, 'raw')),
})

export interface NewInbound {
  id: string
  /** Null: nobody knows whose it is. */
  orgId: string | null
  source: string
  messageId: string | null
  contentHash: string
  kind: InboundKind
  processId: string | null
  letterId: string | null
  content: InboundContent
  raw: Buffer
  /** The owner has nothing to be told. */
  told: boolean
}

/** Keeps a message, once. Returns the id it is kept under: another than the new one when it was here before. */
export async function insertInbound(tx: Queryable, keys: KeyRing, message: NewInbound): Promise<string> {
  const { id, orgId, source, messageId, contentHash, kind, processId, letterId, told } = message
  const { content, raw } = sealInbound(keys, id, message.content, message.raw)
  const { rowCount } = await tx.query(
    `insert into inbound_messages (id, org_id, source, message_id, content_hash, kind, process_id, letter_id, content, raw, told_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11 then now() end) on conflict (content_hash) do nothing`,
    [id, orgId, source, messageId, contentHash, kind, processId, letterId, content, raw, told],
  )
  if (rowCount === 1) return id
  const { rows } = await tx.query<{ id: string }>(`select id from inbound_messages where content_hash = $1`, [contentHash])
  return rows[0]!.id
}

/** The id a message is kept under, if it was here before. */
export async function findInboundByHash(tx: Queryable, contentHash: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(`select id from inbound_messages where content_hash = $1`, [contentHash])
  return rows[0]?.id
}

/** A kept message whose owner has not been told. */
export interface UntoldInbound {
  id: string
  processId: string
  letterId: string | null
  kind: InboundKind
}

/** Messages that belong to a process which has not heard of them, older than `graceMs` (asService). */
export async function findUntoldInbound(tx: Queryable, graceMs: number, limit: number): Promise<UntoldInbound[]> {
  const { rows } = await tx.query<UntoldInbound>(
    `select id, process_id as "processId", letter_id as "letterId", kind from inbound_messages
     where told_at is null and process_id is not null and received_at < now() - make_interval(secs => $1 / 1000.0)
     order by received_at limit $2`,
    [graceMs, limit],
  )
  return rows
}

/** The owners know (asService). */
export async function markInboundTold(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query(`update inbound_messages set told_at = now() where id = any ($1) and told_at is null`, [ids])
}
