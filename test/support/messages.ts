/** Raw messages as mail servers and people send them; CRLF throughout. */

interface Headers {
  from?: string
  subject?: string
  messageId?: string | null
  inReplyTo?: string
  extra?: string[]
}

function message({ from = 'support@sferum.example', subject = 'Re: Заявка', messageId = `<${crypto.randomUUID()}@sferum.example>`, inReplyTo, extra = [] }: Headers, contentType: string, body: string): Buffer {
  return Buffer.from(
    [
      `From: ${from}`,
      'To: flow@zarechie.example',
      `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
      'Date: Mon, 31 Aug 2026 10:00:00 +0300',
      ...(messageId ? [`Message-ID: ${messageId}`] : []),
      ...(inReplyTo ? [`In-Reply-To: ${inReplyTo}`, `References: <other@elsewhere.example> ${inReplyTo}`] : []),
      ...extra,
      'MIME-Version: 1.0',
      `Content-Type: ${contentType}`,
      '',
      body,
      '',
    ]
      .join('\n')
      .replace(/\r?\n/g, '\r\n'),
  )
}

export const plainMessage = (headers: Headers, text = 'Здравствуйте! Организация зарегистрирована.'): Buffer => message(headers, 'text/plain; charset=utf-8', text)

/** A delivery report (RFC 3464) that quotes the headers of what it is about. */
export const deliveryReport = (originalMessageId: string, { action = 'failed', ...headers }: Headers & { action?: string } = {}): Buffer =>
  message(
    { from: 'MAILER-DAEMON@mx.example', subject: 'Undelivered Mail Returned to Sender', extra: ['Return-Path: <>', 'Auto-Submitted: auto-replied'], ...headers },
    'multipart/report; report-type=delivery-status; boundary="report"',
    `--report
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example. I could not deliver your message.

--report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; p3@zarechie.example
Action: ${action}
Status: 5.1.1

--report
Content-Type: message/rfc822

From: flow@zarechie.example
To: p3@zarechie.example
Subject: test
Message-ID: ${originalMessageId}

Text
--report--`,
  )

/** What a mail daemon of the old kind writes: a null sender and plain words. */
export const plainBounce = (originalMessageId: string): Buffer =>
  plainMessage(
    { from: 'postmaster@mx.example', subject: 'failure notice', extra: ['Return-Path: <>'] },
    `Hi. I wasn't able to deliver your message to the following address.\n\n--- Below this line is a copy of the message.\n\nFrom: flow@zarechie.example\nMessage-ID: ${originalMessageId}\n\nText`,
  )

/** «Я в отпуске» (RFC 3834). */
export const vacationNote = (inReplyTo: string): Buffer =>
  plainMessage({ subject: 'Автоответ', inReplyTo, extra: ['Return-Path: <>', 'Auto-Submitted: auto-replied (vacation)'] }, 'Сегодня меня нет на месте.')
