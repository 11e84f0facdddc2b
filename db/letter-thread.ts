import type { Queryable } from './connection.ts'
import type { LetterRow } from './letters.ts'

/** A message that went before in the same correspondence. */
export interface ThreadMessage {
  /** With its angle brackets. */
  messageId: string
  /** Null for an answer. */
  letter: { id: string; code: string; subject: string; settledAt: Date | null } | null
}

/**
 * What went before a letter, the oldest first: letters of the same process to the same recipient that left, and the
 * answers of the outside party among them.
 */
export async function findThread(tx: Queryable, letter: LetterRow): Promise<ThreadMessage[]> {
  const { rows } = await tx.query<ThreadMessage>(
    `select message_id as "messageId", json_build_object('id', id, 'code', code, 'subject', subject) as letter, settled_at as at, settled_at
     from letters
     where process_id = $1 and recipient = $2 and id <> $3 and message_id is not null and state in ('accepted', 'unknownOutcome', 'bounced')
     union all
     select message_id, null, received_at, null from inbound_messages
     where process_id = $1 and kind = 'answer' and message_id is not null and $4
     order by at`,
    [letter.processId, letter.recipient, letter.id, letter.outside],
  )
  return (rows as (ThreadMessage & { settled_at: Date | null })[]).map(({ messageId, letter: found, settled_at }) => ({
    messageId,
    letter: found && { ...found, settledAt: settled_at },
  }))
}
