import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MailDev } from 'maildev'
import { afterAll } from 'vitest'

/** A letter as the catcher stored it. */
export type CaughtLetter = Awaited<ReturnType<NonNullable<ReturnType<MailDev['getServers']>>['storage']['getAll']>>[number]

/**
 * A mail catcher of the caller's own: takes every letter over SMTP and gives it back parsed. Closed after the
 * file's tests; call at the top level of a test file.
 */
export async function mailCatcher() {
  const folder = await mkdtemp(join(tmpdir(), 'mail-catcher-'))
  const catcher = new MailDev({ smtp: 0, ip: '127.0.0.1', disableWeb: true, mailDirectory: folder, silent: true })
  const { smtp, storage } = await catcher.start()
  afterAll(async () => {
    await catcher.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp.getAddress().port}`,
    /** Every letter so far, the oldest first. */
    letters: async () => [...(await storage.getAll())].sort((a, b) => a.time.getTime() - b.time.getTime()),
    /** The first letter that fits, now or when it arrives. */
    async letter(fits: (letter: CaughtLetter) => boolean): Promise<CaughtLetter> {
      return new Promise((resolve, reject) => {
        const look = (letter: CaughtLetter) => {
          if (!fits(letter)) return
          smtp.off('new', look)
          resolve(letter)
        }
        // Listen first, then look at what is there: nothing can slip in between.
        smtp.on('new', look)
        storage.getAll().then((letters) => letters.forEach(look), reject)
      })
    },
  }
}
