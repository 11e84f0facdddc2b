import type { Queryable } from './connection.ts'
import type { InboundKind } from './inbound.ts'

/** A message in the school's inbox; `content` is sealed (db/inbound.ts). */
export interface InboundLine {
  id: string
  source: string
  kind: InboundKind
  processId: string | null
  letterId: string | null
  content: string
  receivedAt: Date
  filedBy: string | null
}

const columns = `id, source, kind, process_id as "processId", letter_id as "letterId", content, received_at as "receivedAt", filed_by as "filedBy"`

export interface InboundFilter {
  kind?: InboundKind | undefined
  process?: string | undefined
  /** Only those that belong to no process yet. */
  unfiled?: boolean | undefined
  after?: readonly [receivedAt: string, id: string] | undefined
  limit: number
}

/** A page of the inbox, the latest first. `sortKey` is what the next page continues after: PostgreSQL's instants are finer than JavaScript's. */
export async function listInbound(tx: Queryable, filter: InboundFilter): Promise<(InboundLine & { sortKey: string })[]> {
  const { rows } = await tx.query<InboundLine & { sortKey: string }>(
    `select ${columns}, received_at::text as "sortKey" from inbound_messages
     where ($1::text is null or kind = $1) and ($2::text is null or process_id = $2) and ($3::boolean is null or (process_id is null) = $3)
       and ($4::timestamptz is null or (received_at, id) < ($4, $5))
     order by received_at desc, id desc limit $6`,
    [filter.kind ?? null, filter.process ?? null, filter.unfiled ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit],
  )
  return rows
}

export async function findInbound(tx: Queryable, id: string): Promise<InboundLine | undefined> {
  const { rows } = await tx.query<InboundLine>(`select ${columns} from inbound_messages where id = $1`, [id])
  return rows[0]
}

/** Files a message to a process by hand; its process is told with the next round. False when it has one already. */
export async function fileInbound(tx: Queryable, id: string, filing: { processId: string; personId: string }): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update inbound_messages set process_id = $2, filed_by = $3, told_at = null where id = $1 and process_id is distinct from $2`,
    [id, filing.processId, filing.personId],
  )
  return rowCount === 1
}

/** A message that belongs to no school yet, without anything of its content. */
export interface StrayLine {
  id: string
  source: string
  kind: InboundKind
  receivedAt: Date
}

/** Messages of a shared mailbox that nobody could tell a school for, the oldest first (asService). */
export async function listStray(tx: Queryable, limit: number): Promise<StrayLine[]> {
  const { rows } = await tx.query<StrayLine>(`select id, source, kind, received_at as "receivedAt" from inbound_messages where org_id is null order by received_at, id limit $1`, [limit])
  return rows
}

/** Gives a stray message to a school, whose people read it and file it (asService). False when it has one. */
export async function giveToSchool(tx: Queryable, id: string, orgId: string): Promise<boolean> {
  const { rowCount } = await tx.query(`update inbound_messages set org_id = $2 where id = $1 and org_id is null`, [id, orgId])
  return rowCount === 1
}
