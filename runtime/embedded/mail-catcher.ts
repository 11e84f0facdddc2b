import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTethered, type TetheredProcess } from './tethered-process.ts'
import { untilReady } from './until-ready.ts'

export type MailCatcherOptions = {
  smtpPort: number
  /** Port of the page that shows the caught letters. */
  webPort: number
  /** Where letters are kept between starts. */
  directory: string
  logFile?: string
}

/**
 * Starts MailDev on 127.0.0.1: it takes every letter by SMTP, keeps it in a file and sends none on.
 * @throws NotReady when it does not come up
 */
export async function startMailCatcher({ smtpPort, webPort, directory, logFile }: MailCatcherOptions): Promise<TetheredProcess> {
  const program = join(dirname(fileURLToPath(import.meta.resolve('maildev'))), 'bin', 'maildev.js')
  const catcher = startTethered({
    name: 'maildev',
    command: process.execPath,
    args: [
      program,
      ...['--smtp', String(smtpPort), '--ip', '127.0.0.1', '--web', String(webPort), '--web-ip', '127.0.0.1'],
      ...['--mail-directory', directory],
    ],
    stopSignal: 'TERM',
    ...(logFile ? { logFile } : {}),
  })
  try {
    await untilReady('MailDev', catcher, async () => {
      await fetch(`http://127.0.0.1:${webPort}/healthz`)
    })
  } catch (error) {
    await catcher.stop()
    throw error
  }
  return catcher
}
