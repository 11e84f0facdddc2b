import type pg from 'pg'
import type { Word } from '../engine.ts'
import type { mailer } from '../peers/letter.ts'
import { record } from '../peers/table.ts'

export const createActivities = ({ db, mail }: { db: pg.Pool; mail: ReturnType<typeof mailer> }) => ({
  sendLetter: (index: number, email: string) => mail.send(index, email),
  recordOutcome: (index: number, outcome: Word | 'expired') => record(db, index, outcome),
})
