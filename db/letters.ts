import type { Recipient } from '../machines/effects.ts'
import type { LetterState } from '../machines/letter.ts'
import type { Queryable } from './connection.ts'
import type { KeyRing } from './key-ring.ts'
import { open, seal } from './sealed.ts'

/** Letters that go out together: those of a cohort, or of one owner that has none (the digest). */
export type Batch = { cohortId: string } | { processId: string }

export interface LetterRow {
  id: string
  orgId: string
  processId: string
  code: string
  recipient: Recipient
  values: Record<string, string | number | boolean | null>
  urgent: boolean
  state: LetterState
  /** Goes to the platform: a person decides about an unknown outcome (domain.md 6.2). */
  outside: boolean
  /** Sealed, null until rendered. */
  address: string | null
  mime: string | null
  /** Started so far; the number of an attempt is its fencing number. */
  attempts: number
  firstAttemptAt: Date | null
  queuedAt: Date
}

/** The sealed columns of a letter. */
type SealedColumn = 'address' | 'subject' | 'body' | 'mime'

const contextOf = (letterId: string, column: SealedColumn): string => `letters.${column}:${letterId}`

/** Seals a text for one column of one letter. */
export function sealLetter(keys: KeyRing, letterId: string, column: SealedColumn, text: string): string {
  return seal(keys, text, contextOf(letterId, column))
}

/** Opens what {@link sealLetter} sealed. Throws for a key that is gone or a text moved from another place. */
export function openLetter(keys: KeyRing, letterId: string, column: SealedColumn, sealed: string): string {
  return open(keys, sealed, contextOf(letterId, column))
}

const columns = `id, org_id as "orgId", process_id as "processId", code, recipient, values, urgent, state, outside, address, mime,
  attempts, first_attempt_at as "firstAttemptAt", queued_at as "queuedAt"`
const waiting = `state in ('queued', 'rendered', 'sending')`

/** The condition of a batch over parameter $1, and the parameter. */
function within(batch: Batch): [condition: string, value: string] {
  return 'cohortId' in batch ? ['cohort_id = $1', batch.cohortId] : ['process_id = $1', batch.processId]
}

/**
 * Locks the next letter that is due at `now` and in nobody's hands, the urgent ones first. One in `sending` is a
 * letter whose attempt died: its claim has passed.
 */
export async function lockDueLetter(tx: Queryable, batch: Batch, now: Date): Promise<LetterRow | undefined> {
  const [condition, value] = within(batch)
  const { rows } = await tx.query<LetterRow>(
    `select ${columns} from letters
     where ${condition} and ${waiting} and next_attempt_at <= $2 and (claimed_until is null or claimed_until <= clock_timestamp())
     order by urgent desc, queued_at, id limit 1 for update skip locked`,
    [value, now],
  )
  return rows[0]
}

/** Locks one letter by its id, whatever its state. */
export async function lockLetter(tx: Queryable, id: string): Promise<LetterRow | undefined> {
  const { rows } = await tx.query<LetterRow>(`select ${columns} from letters where id = $1 for update`, [id])
  return rows[0]
}

/** A letter as it is kept for every attempt; everything but the Message-ID is sealed. */
export interface StoredRendering {
  address: string
  subject: string
  body: string
  mime: string
  messageId: string
}

/**
 * Begins an attempt: for `claimSeconds` of the database's clock the letter is in this worker's hands. The first one keeps
 * what was just written with it: a row of its own for that would be as wide as this one. Returns its number.
 */
export async function beginAttempt(tx: Queryable, id: string, state: LetterState, now: Date, claimSeconds: number, written: StoredRendering | null): Promise<number> {
  const { rows } = await tx.query<{ attempts: number }>(
    `update letters set state = $2, attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $3),
       claimed_until = clock_timestamp() + make_interval(secs => $4),
       address = coalesce($5, address), subject = coalesce($6, subject), body = coalesce($7, body), mime = coalesce($8, mime), message_id = coalesce($9, message_id)
     where id = $1 returning attempts`,
    [id, state, now, claimSeconds, written?.address ?? null, written?.subject ?? null, written?.body ?? null, written?.mime ?? null, written?.messageId ?? null],
  )
  return rows[0]!.attempts
}

/** Moves a letter on and lets go of it. `nextAt` is given for one that waits, `settledAt` for one that has ended. */
export async function moveLetter(
  tx: Queryable,
  id: string,
  to: { state: LetterState; error?: string; nextAt?: Date; settledAt?: Date },
): Promise<void> {
  await tx.query(
    `update letters set state = $2, last_error = coalesce($3, last_error), next_attempt_at = coalesce($4, next_attempt_at),
       settled_at = $5, claimed_until = null where id = $1`,
    [id, to.state, to.error ?? null, to.nextAt ?? null, to.settledAt ?? null],
  )
}

/** Puts a letter off that has not been tried (quiet hours), or counts a try that never reached the mail server. */
export async function postponeLetter(tx: Queryable, id: string, nextAt: Date, tried?: { at: Date; error: string }): Promise<void> {
  await tx.query(
    `update letters set next_attempt_at = $2, claimed_until = null, attempts = attempts + $3::int,
       first_attempt_at = coalesce(first_attempt_at, $4), last_error = coalesce($5, last_error) where id = $1`,
    [id, nextAt, tried ? 1 : 0, tried?.at ?? null, tried?.error ?? null],
  )
}

/** Puts off the batch's letters that are due before `nextAt`: the mail server is away, so none is tried alone. */
export async function postponeBatch(tx: Queryable, batch: Batch, now: Date, nextAt: Date): Promise<void> {
  const [condition, value] = within(batch)
  await tx.query(
    `update letters set next_attempt_at = $3, first_attempt_at = coalesce(first_attempt_at, $2)
     where ${condition} and state in ('queued', 'rendered') and next_attempt_at <= $2`,
    [value, now, nextAt],
  )
}

/** Notes what came of an attempt; `detail` is a reply code, never a server's words (they repeat addresses). */
export async function noteAttempt(tx: Queryable, orgId: string, letterId: string, attempt: number, outcome: string, detail: string | null): Promise<void> {
  await tx.query(
    `insert into letter_attempts (letter_id, org_id, attempt, outcome, detail) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [letterId, orgId, attempt, outcome, detail],
  )
}

/** Whether just this came of an attempt, as far as is noted. */
export async function isNoted(tx: Queryable, letterId: string, attempt: number, { outcome, code }: { outcome: string; code: string }): Promise<boolean> {
  const { rowCount } = await tx.query(`select from letter_attempts where letter_id = $1 and attempt = $2 and outcome = $3 and detail = $4`, [letterId, attempt, outcome, code])
  return rowCount === 1
}

/** How many attempts of the letter ended without anybody knowing whether it arrived. */
export async function countUncertain(tx: Queryable, letterId: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(`select count(*)::int as count from letter_attempts where letter_id = $1 and outcome = 'uncertain'`, [letterId])
  return rows[0]!.count
}

export interface SettledLetter {
  letterId: string
  processId: string
  state: 'accepted' | 'failed' | 'unknownOutcome'
  attempts: number
}

/** Letters of the batch whose outcome their owners have not been told. */
export async function untoldLetters(tx: Queryable, batch: Batch): Promise<SettledLetter[]> {
  const [condition, value] = within(batch)
  const { rows } = await tx.query<SettledLetter>(
    `select id as "letterId", process_id as "processId", state, attempts from letters
     where ${condition} and told_at is null and state in ('accepted', 'failed', 'unknownOutcome') order by settled_at, id`,
    [value],
  )
  return rows
}

/** Marks outcomes as told: their owners know, or there is no owner. */
export async function markLettersTold(tx: Queryable, ids: readonly string[], at: Date): Promise<void> {
  await tx.query(`update letters set told_at = $2 where id = any ($1) and told_at is null`, [ids, at])
}

/** When the next letter of the batch may be tried, not before `now`; null when none waits. */
export async function nextLetterAt(tx: Queryable, batch: Batch, now: Date): Promise<Date | null> {
  const [condition, value] = within(batch)
  const { rows } = await tx.query<{ at: Date | null }>(
    `select min(greatest(next_attempt_at, $2::timestamptz + greatest(claimed_until - clock_timestamp(), interval '0'))) as at
     from letters where ${condition} and ${waiting}`,
    [value, now],
  )
  return rows[0]!.at
}

/**
 * Batches of all schools that somebody should have looked after before `before` (asService): letters that should have
 * gone out (their sender was lost, a person sent one again), or outcomes that their owners should have heard of. Letters
 * of `withoutSender` are late as soon as they are due.
 */
export async function findOverdueBatches(tx: Queryable, { before, now, withoutSender }: { before: Date; now: Date; withoutSender: readonly string[] }, limit: number): Promise<{ orgId: string; cohortId: string | null; processId: string }[]> {
  const { rows } = await tx.query<{ orgId: string; cohortId: string | null; processId: string }>(
    `select org_id as "orgId", cohort_id as "cohortId", min(process_id) as "processId" from letters
     where (${waiting} and next_attempt_at <= case when code = any ($3) then $4::timestamptz else $1 end and (claimed_until is null or claimed_until <= clock_timestamp()))
       or (told_at is null and settled_at <= $1 and state in ('accepted', 'failed', 'unknownOutcome'))
     group by org_id, cohort_id, case when cohort_id is null then process_id end order by min(next_attempt_at) limit $2`,
    [before, limit, withoutSender, now],
  )
  return rows
}
