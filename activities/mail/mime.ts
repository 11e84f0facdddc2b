import MailComposer from 'nodemailer/lib/mail-composer'
import { oneLine, type LetterText } from '../../school/texts/letters/letter-body.ts'

/** A letter about to become MIME. Addresses are single and checked. */
export interface Envelope {
  from: { name: string; address: string }
  to: string
  replyTo: string | null
  /** With angle brackets, as all ids here. */
  messageId: string
  /** Messages of the same correspondence, the oldest first. */
  thread: readonly string[]
  date: Date
  attachments: readonly { filename: string; contentType: string; content: Buffer }[]
}

/** More ids than this would make a header that some servers refuse. */
const maxReferences = 20
const maxName = 120

/**
 * The bytes of a letter, the same for every attempt. The set of headers is fixed, the recipient is one, and nothing in
 * a name or a subject can add to either. Says of itself that it is automatic, so automatic answers stay away (RFC 3834).
 */
export function buildMime(letter: LetterText, envelope: Envelope): Promise<Buffer> {
  const thread = envelope.thread.filter((id) => /^<[^<>\s\p{C}]{1,250}>$/u.test(id))
  return new MailComposer({
    from: { name: oneLine(envelope.from.name, maxName), address: envelope.from.address },
    // An object, not a string: no part of it is read as a list.
    to: { name: '', address: envelope.to },
    ...(envelope.replyTo ? { replyTo: { name: '', address: envelope.replyTo } } : {}),
    messageId: envelope.messageId,
    ...(thread.length > 0 ? { inReplyTo: thread.at(-1)!, references: thread.slice(-maxReferences) } : {}),
    date: envelope.date,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    attachments: [...envelope.attachments],
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
}

/** The Message-ID of a letter, the same for every attempt (RFC 5322, 3.6.4): its own id at the sender's domain. */
export function messageIdOf(letterId: string, from: string): string {
  const local = letterId.replace(/[^A-Za-z0-9._-]/g, (character) => `=${character.charCodeAt(0).toString(16)}`)
  return `<${local}@${from.slice(from.lastIndexOf('@') + 1)}>`
}
