import { sealLetter, type LetterRow, type StoredRendering } from '../../db/letters.ts'
import { findThread } from '../../db/letter-thread.ts'
import type { Queryable } from '../../db/connection.ts'
import type { OrganizationRow } from '../../db/organizations.ts'
import { draftLetter } from './draft-letter.ts'
import type { MailDeps } from './mail-deps.ts'
import { buildMime, messageIdOf } from './mime.ts'
import { addressOf } from './recipient.ts'

/** A letter as it will be handed over, the same at every attempt. */
export interface Rendered {
  address: string
  mime: Buffer
}

const masked = '…'

/**
 * Makes the MIME of a queued letter, and what is kept of it: from the first attempt on every one sends these bytes
 * (domain.md 6.2). What people read of it has no secrets in it.
 * @throws Undraftable when it cannot be written at all
 */
export async function renderLetter(tx: Queryable, deps: MailDeps, letter: LetterRow, school: OrganizationRow, now: Date): Promise<Rendered & { written: StoredRendering }> {
  const { keys, from, publicUrl } = deps
  const address = await addressOf(tx, letter.recipient)
  const thread = await findThread(tx, letter)
  const { text, secrets = [], attachments = [] } = await draftLetter({ tx, keys, letter, school, thread, publicUrl, now })
  const messageId = messageIdOf(letter.id, from)
  const mime = await buildMime(text, {
    from: { name: school.shortName, address: from },
    to: address,
    // Questions of people go to the school; answers of the platform to the mailbox that is read.
    replyTo: letter.outside ? null : school.email,
    messageId,
    thread: thread.map((message) => message.messageId),
    date: now,
    attachments,
  })
  const shown = secrets.reduce((body, secret) => body.replaceAll(secret, masked), text.text)
  const written = {
    address: sealLetter(keys, letter.id, 'address', address),
    subject: sealLetter(keys, letter.id, 'subject', text.subject),
    body: sealLetter(keys, letter.id, 'body', shown),
    // MIME is ASCII; latin1 keeps it byte for byte in any case.
    mime: sealLetter(keys, letter.id, 'mime', mime.toString('latin1')),
    messageId,
  }
  return { address, mime, written }
}
