import { fork } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

export interface SunkLetter {
  to: string
  messageId: string
  /** When the last byte had been taken, ms. */
  at: number
}

export interface MailSink {
  smtpUrl: string
  /** Every letter so far. */
  letters(): readonly SunkLetter[]
  /** Resolves when so many different people have a letter. */
  untilReached(people: number, patienceMs: number): Promise<void>
  stop(): void
}

/** Takes every letter by SMTP on 127.0.0.1, as fast as it can, and remembers to whom and which it was. */
export async function startMailSink(): Promise<MailSink> {
  const child = fork(new URL('./sink.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const letters: SunkLetter[] = []
  const people = new Set<string>()
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.on('message', (message: { port?: number; letters?: [string, string, number][] }) => {
      if (message.port !== undefined) resolve(message.port)
      for (const [to, messageId, at] of message.letters ?? []) {
        letters.push({ to, messageId, at })
        people.add(to)
      }
    })
  })
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    letters: () => letters,
    async untilReached(wanted, patienceMs) {
      const deadline = Date.now() + patienceMs
      while (people.size < wanted) {
        if (Date.now() > deadline) throw new Error(`${people.size} of ${wanted} people had a letter after ${patienceMs / 1000} s`)
        await delay(20)
      }
    },
    stop: () => child.disconnect(),
  }
}
