import type { Queryable } from './connection.ts'

/** A letter in the register. Address, subject and body are sealed (db/letters.ts). */
export interface LetterLine {
  id: string
  processId: string
  code: string
  state: string
  outside: boolean
  urgent: boolean
  attempts: number
  lastError: string | null
  queuedAt: Date
  nextAttemptAt: Date
  settledAt: Date | null
  address: string | null
  subject: string | null
  body: string | null
}

const columns = `id, process_id as "processId", code, state, outside, urgent, attempts, last_error as "lastError", queued_at as "queuedAt",
  next_attempt_at as "nextAttemptAt", settled_at as "settledAt", address, subject, body`

export interface LetterFilter {
  state?: string | undefined
  code?: string | undefined
  process?: string | undefined
  after?: readonly [queuedAt: string, id: string] | undefined
  limit: number
}

/** A page of letters, the latest first. */
export async function listLetters(tx: Queryable, filter: LetterFilter): Promise<LetterLine[]> {
  const { rows } = await tx.query<LetterLine>(
    `select ${columns} from letters
     where ($1::text is null or state = $1) and ($2::text is null or code = $2) and ($3::text is null or process_id = $3)
       and ($4::timestamptz is null or (queued_at, id) < ($4, $5))
     order by queued_at desc, id desc limit $6`,
    [filter.state ?? null, filter.code ?? null, filter.process ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit],
  )
  return rows
}

export async function findLetter(tx: Queryable, id: string): Promise<LetterLine | undefined> {
  const { rows } = await tx.query<LetterLine>(`select ${columns} from letters where id = $1`, [id])
  return rows[0]
}
