import { createHash } from 'node:crypto'
import { asService, inSchool, type Queryable } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { findInboundByHash, insertInbound } from '../../db/inbound.ts'
import { nextLetterState } from '../../machines/letter.ts'
import { lockLetter, moveLetter } from '../../db/letters.ts'
import type { InboxDeps } from './inbox-deps.ts'
import { matchMessage, type Match } from './match-message.ts'
import { parseMessage, type IncomingMessage } from './parse-message.ts'
import { tellOwners } from './tell-owners.ts'

/** Where a message came in: the mailbox that is read, or a school's webhook. */
export interface MailSource {
  name: string
  /** The school it can only belong to; null for a mailbox that serves several. */
  orgId: string | null
}

/** What became of a message. */
export interface ReceivedMail {
  id: string
  /** The same message was here before; nothing was done again. */
  duplicate: boolean
}

/**
 * Takes one raw message in: what it is, whose it is, kept sealed, its process told. The same message twice is one,
 * whichever way it came (same Message-ID and content). When this returns the message is safe; a process that could not
 * be reached is told later ({@link deliverUntold}). Nothing is ever answered automatically.
 */
export async function receiveRaw(deps: InboxDeps, raw: Buffer, source: MailSource): Promise<ReceivedMail> {
  const message = await parseMessage(raw)
  const match = await asService(deps.db, (tx) => matchMessage(tx, message, source.orgId))
  const { orgId, processId } = match
  const kept = orgId === null
    ? await asService(deps.db, (tx) => keep(tx, deps, raw, source, message, match))
    : await inSchool(deps.db, orgId, (tx) => keep(tx, deps, raw, source, message, match))
  if (kept.tell && processId !== null) {
    await tellOwners(deps, [{ id: kept.id, processId, letterId: match.letterId, kind: message.kind }]).catch(deps.onError)
  }
  return { id: kept.id, duplicate: kept.duplicate }
}

async function keep(
  tx: Queryable,
  { keys }: InboxDeps,
  raw: Buffer,
  source: MailSource,
  message: IncomingMessage,
  match: Match,
): Promise<ReceivedMail & { tell: boolean }> {
  const contentHash = hashOf(message, raw, match.orgId)
  const known = await findInboundByHash(tx, contentHash)
  if (known) return { id: known, duplicate: true, tell: false }
  // A bounce is told once: the second report of a letter that came back is kept and changes nothing (F22).
  const news = message.kind !== 'bounce' || (await markBounced(tx, match.letterId))
  const tell = match.tells && news
  const id = newId('msg')
  const { from, subject, text, date, attachments, kind, messageId } = message
  const keptAs = await insertInbound(tx, keys, {
    id,
    orgId: match.orgId,
    source: source.name,
    messageId,
    contentHash,
    kind,
    processId: match.processId,
    letterId: match.letterId,
    content: { from, subject, text, date: date?.toISOString() ?? null, attachments: attachments.map(({ filename, contentType, size }) => ({ filename, contentType, size })) },
    raw,
    told: match.processId !== null && !tell,
  })
  return { id: keptAs, duplicate: keptAs !== id, tell: tell && keptAs === id }
}

/** True when the letter is marked as come back now; false when it was before, or is not a letter that left. */
async function markBounced(tx: Queryable, letterId: string | null): Promise<boolean> {
  const letter = letterId === null ? undefined : await lockLetter(tx, letterId)
  const state = letter && nextLetterState(letter.state, letter.outside, { type: 'BOUNCE' })
  if (!state) return false
  await moveLetter(tx, letter.id, { state, error: 'bounced', settledAt: new Date() })
  return true
}

/**
 * Same school, Message-ID and content: the same message, whatever headers its ways have added. Without a Message-ID
 * every byte counts: better twice than lost.
 */
function hashOf({ messageId, from, subject, text, dateLine, attachments }: IncomingMessage, raw: Buffer, orgId: string | null): string {
  const content = messageId ? [from, subject, text, dateLine, attachments.map(({ sha256 }) => sha256)] : createHash('sha256').update(raw).digest('hex')
  return createHash('sha256').update(JSON.stringify([orgId, messageId, content])).digest('hex')
}
