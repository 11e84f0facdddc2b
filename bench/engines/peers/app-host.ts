import pg from 'pg'
import type { Invitation, Word } from '../engine.ts'
import { mailer } from './letter.ts'

/** What an application on a peer can do. */
export interface App {
  issue(invitations: readonly Invitation[]): Promise<void>
  tell(index: number, word: Word): Promise<boolean>
}

export interface AppServices {
  db: pg.Pool
  databaseUrl: string
  mail: ReturnType<typeof mailer>
  env: NodeJS.ProcessEnv
}

export type Call = { id: number } & ({ issue: readonly Invitation[] } | { tell: [index: number, word: Word] })
export type Answer = { id: number; value?: boolean; error?: string }

/** Runs an application as a process of its own: workers of the engine and its client in one, as small services are. */
export async function host(open: (services: AppServices) => Promise<App>): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL!
  const db = new pg.Pool({ connectionString: databaseUrl, max: 10 })
  db.on('error', () => undefined)
  const app = await open({ db, databaseUrl, mail: mailer(process.env.SMTP_URL!), env: process.env })
  process.on('message', (call: Call) => {
    const done = 'issue' in call ? app.issue(call.issue).then(() => true) : app.tell(...call.tell)
    done.then(
      (value) => process.send!({ id: call.id, value } satisfies Answer),
      (error: unknown) => process.send!({ id: call.id, error: String(error) } satisfies Answer),
    )
  })
  process.once('disconnect', () => process.exit(0))
  process.send!({ id: 0 } satisfies Answer)
}
