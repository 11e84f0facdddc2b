import type { Queryable } from './connection.ts'
import type { ErasedCounts } from './erasure-certificates.ts'
import { sealInbound } from './inbound.ts'
import type { KeyRing } from './key-ring.ts'

/** Letters to these people that nobody will send any more. */
const settled = `recipient ->> 'person' = any ($1) and state not in ('queued', 'rendered', 'sending')`

/**
 * Erases the letters to these people, with their addresses, and what came back because of them. That they went out, when
 * and about what stays. Letters to the platform stay whole: they are the school's correspondence (domain.md 13).
 */
export async function eraseLetters(tx: Queryable, keys: KeyRing, personIds: readonly string[], at: Date): Promise<Pick<ErasedCounts, 'letters' | 'messages'>> {
  const { rowCount } = await tx.query(`update letters set address = null, subject = null, body = null, mime = null where ${settled} and coalesce(address, subject, body, mime) is not null`, [personIds])
  const { rows: messages } = await tx.query<{ id: string }>(
    `select id from inbound_messages where erased_at is null and (letter_id in (select id from letters where ${settled})
       or process_id in (select id from processes where context ->> 'personId' = any ($1)))`,
    [personIds],
  )
  for (const { id } of messages) {
    const { content, raw } = sealInbound(keys, id, { from: '', subject: '', text: '', date: null, attachments: [] }, Buffer.alloc(0))
    await tx.query(`update inbound_messages set content = $2, raw = $3, erased_at = $4 where id = $1`, [id, content, raw, at])
  }
  return { letters: rowCount ?? 0, messages: messages.length }
}
