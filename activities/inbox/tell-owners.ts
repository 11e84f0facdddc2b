import { asService } from '../../db/connection.ts'
import { findUntoldInbound, markInboundTold, type UntoldInbound } from '../../db/inbound.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { InboxDeps } from './inbox-deps.ts'

/** A message that is being told as it comes in gets this long, ms, before its telling is taken over. */
const graceMs = 5_000
const atOnce = 100

/**
 * Tells processes of the messages that belong to them. An event that the process cannot take in its state is dropped:
 * the message stays where people find it. Throws when the workflow service is away; nothing is marked as told then.
 */
export async function tellOwners({ db, delivery }: Pick<InboxDeps, 'db' | 'delivery'>, messages: readonly UntoldInbound[]): Promise<void> {
  if (messages.length === 0) return
  // The id is the message's own: told twice, it happens once.
  await delivery.deliver(messages.map((message) => ({ id: `mail:${message.id}`, to: message.processId, event: eventOf(message), actor: { kind: 'mail' } })))
  await asService(db, (tx) => markInboundTold(tx, messages.map(({ id }) => id)))
}

/** Tells what an outage or a crash kept from being told, and what a person has filed since. */
export async function deliverUntold(deps: Pick<InboxDeps, 'db' | 'delivery'>): Promise<void> {
  await tellOwners(deps, await asService(deps.db, (tx) => findUntoldInbound(tx, graceMs, atOnce)))
}

function eventOf({ id, kind, letterId }: UntoldInbound): AnyEvent {
  switch (kind) {
    case 'answer':
      return { type: 'REPLY_RECEIVED', messageId: id }
    case 'autoReply':
      return { type: 'AUTO_REPLY_RECEIVED', messageId: id }
    case 'bounce':
      return { type: 'LETTER_BOUNCED', letterId }
  }
}
