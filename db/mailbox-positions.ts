import type { Queryable } from './connection.ts'

/** How far a mailbox has been read: every message up to `lastUid` is kept, as long as UIDVALIDITY stays (RFC 3501, 2.3.1.1). */
export interface MailboxPosition {
  uidValidity: number
  lastUid: number
}

export async function readMailboxPosition(tx: Queryable, mailbox: string): Promise<MailboxPosition | undefined> {
  const { rows } = await tx.query<MailboxPosition>(`select uid_validity as "uidValidity", last_uid as "lastUid" from mailbox_positions where mailbox = $1`, [mailbox])
  return rows[0]
}

export async function writeMailboxPosition(tx: Queryable, mailbox: string, { uidValidity, lastUid }: MailboxPosition): Promise<void> {
  await tx.query(
    `insert into mailbox_positions (mailbox, uid_validity, last_uid) values ($1, $2, $3)
     on conflict (mailbox) do update set uid_validity = excluded.uid_validity, last_uid = excluded.last_uid`,
    [mailbox, uidValidity, lastUid],
  )
}
