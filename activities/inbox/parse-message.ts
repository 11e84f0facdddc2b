import { simpleParser, type Attachment, type ParsedMail, type StructuredHeader } from 'mailparser'

/** A message as far as the service looks at it. */
export interface IncomingMessage {
  /** With angle brackets; null where the sender gave none. */
  messageId: string | null
  from: string
  subject: string
  text: string
  date: Date | null
  /** The header as it stands: unlike the date it is the same each time even when it makes no sense. */
  dateLine: string
  attachments: { filename: string; contentType: string; size: number; sha256: string }[]
  kind: MessageKind
  /** Ids it says it answers, the nearest first. */
  answers: string[]
  /** Ids of the message that a bounce brings back. */
  returned: string[]
}

export type MessageKind = 'answer' | 'bounce' | 'autoReply'

const maxHtml = 1_000_000
/** Where a bounce quotes what came back; headers come first, so the rest of a long part is not looked at. */
const maxQuoted = 64 * 1024

/** Reads a raw message. Never throws: what cannot be parsed is an answer without words, for a person to look at. */
export async function parseMessage(raw: Buffer): Promise<IncomingMessage> {
  const mail = await simpleParser(raw, {
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: maxHtml,
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
    checksumAlgo: 'sha256',
  }).catch(() => undefined)
  if (!mail) return { messageId: null, from: '', subject: '', text: '', date: null, dateLine: '', attachments: [], kind: 'answer', answers: [], returned: [] }
  const kind = kindOf(mail)
  return {
    messageId: idsIn(mail.messageId)[0] ?? null,
    from: mail.from?.text ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    date: mail.date ?? null,
    dateLine: mail.headerLines.find(({ key }) => key === 'date')?.line ?? '',
    attachments: mail.attachments.map(({ filename, contentType, size, checksum }) => ({ filename: filename ?? '', contentType, size, sha256: checksum })),
    kind,
    answers: [...idsIn(mail.inReplyTo), ...idsIn(...[mail.references ?? []].flat()).toReversed()],
    returned: kind === 'bounce' ? returnedIds(mail) : [],
  }
}

/**
 * A bounce says that a letter came back (RFC 3464, or the word of a mail daemon); an automatic reply says nothing of
 * its own (RFC 3834). A mailing list's or a help desk's `Precedence` is no sign of a machine: a person's answer through
 * a help desk carries it too, and a missed answer is worse than one task too many.
 */
function kindOf(mail: ParsedMail): MessageKind {
  const report = reportType(mail)
  if (report === 'delivery-status') return deliveryFailed(mail) ? 'bounce' : 'autoReply'
  if (report !== undefined) return 'autoReply'
  if (mail.headers.has('x-failed-recipients') || /^(mailer-daemon|postmaster)@/i.test(mail.from?.value[0]?.address ?? '')) return 'bounce'
  const submitted = headerText(mail, 'auto-submitted')
  if ((submitted !== undefined && !/^no\b/i.test(submitted)) || mail.headers.has('x-autoreply') || mail.headers.has('x-autorespond')) return 'autoReply'
  if (/^auto_reply$/i.test(headerText(mail, 'precedence') ?? '')) return 'autoReply'
  const nullReturnPath = mail.headerLines.some(({ key, line }) => key === 'return-path' && /:\s*<>\s*$/.test(line))
  return nullReturnPath ? 'bounce' : 'answer'
}

/** The kind of a multipart/report (RFC 6522), undefined for other messages. */
function reportType({ headers }: ParsedMail): string | undefined {
  const type = headers.get('content-type')
  if (typeof type !== 'object' || !('params' in type)) return undefined
  const { value, params } = type as StructuredHeader
  return value === 'multipart/report' ? (params['report-type']?.toLowerCase() ?? '') : undefined
}

/** Whether a delivery report is about a failure; «delayed» and «delivered» are no reason to give a letter up. */
function deliveryFailed({ attachments }: ParsedMail): boolean {
  const actions = attachments
    .filter(({ contentType }) => contentType === 'message/delivery-status')
    .flatMap((part) => [...quoted(part).matchAll(/^action:\s*(\w+)/gim)].map(([, action]) => action!.toLowerCase()))
  return actions.length === 0 || actions.includes('failed')
}

function returnedIds({ text = '', attachments }: ParsedMail): string[] {
  const parts = attachments.filter(({ contentType }) => contentType.startsWith('message/') || contentType === 'text/rfc822-headers')
  return [text.slice(0, maxQuoted), ...parts.map(quoted)].flatMap((part) => [...part.matchAll(/^message-id:\s*(<[^>]*>)/gim)].flatMap(([, id]) => idsIn(id)))
}

function quoted({ content }: Attachment): string {
  return content.subarray(0, maxQuoted).toString('latin1')
}

function headerText({ headers }: ParsedMail, name: string): string | undefined {
  const value = headers.get(name)
  return typeof value === 'string' ? value.trim() : undefined
}

/** Message-IDs in a header. One with a control character is none: PostgreSQL takes no NUL, and a message it refuses would be asked for again for ever. */
function idsIn(...texts: (string | undefined)[]): string[] {
  return texts.flatMap((text) => text?.match(/<[^<>\s\p{Cc}]{1,250}>/gu) ?? [])
}
