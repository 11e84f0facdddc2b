import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import type { GreenMailFacts } from './green-mail-server.ts'
import { sharedService } from './shared-services.ts'

/** The shared SMTP and IMAP server. Every test takes mailboxes of its own, so there is nothing to clean up. */
export async function greenMail() {
  const { smtpPort, imapPort } = await sharedService<GreenMailFacts>(inject('brokerUrl'), 'greenMail')
  return {
    /** Where letters to any mailbox are handed in. */
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    /** An address nobody used before, and the URL its letters are read at. */
    newMailbox() {
      const address = `box-${randomUUID()}@school.example`
      return { address, imapUrl: `imap://${encodeURIComponent(address)}:secret@127.0.0.1:${imapPort}` }
    },
  }
}
