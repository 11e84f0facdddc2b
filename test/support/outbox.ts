import { randomUUID } from 'node:crypto'
import { inSchool, type Database } from '../../db/connection.ts'
import type { LetterState } from '../../machines/letter.ts'
import type { Recipient } from '../../machines/effects.ts'
import { samplePeople } from './sample-people.ts'
import { sampleSchool } from './sample-school.ts'

/** A row of the outbox as tests look at it. */
export interface OutboxRow {
  id: string
  state: LetterState
  attempts: number
  last_error: string | null
  next_attempt_at: Date
  message_id: string | null
  mime: string | null
  body: string | null
  subject: string | null
}

let letters = 0

/**
 * A school with people and an order (the first call on a database), and in it a cohort with a registration
 * (`orgRegistration:{org}`), an active staff link and an invitation of p3 (`invitation:inv_p3`). Letters are queued
 * into it as a recorded step would queue them.
 */
export async function outbox(db: Database, orgId = 'org_zarechie') {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId)
  const cohortId = `coh_${randomUUID()}`
  const run = <T extends object>(sql: string, values: unknown[] = []) => inSchool(db, orgId, async (tx) => (await tx.query<T>(sql, values)).rows)
  await run(`insert into cohorts (id, org_id, workflow_id, status) values ($1, $2, $1, 'running')`, [cohortId, orgId])
  await run(
    `insert into processes (id, org_id, cohort_id, kind, machine_version, number, state, context, seq, opened_at, changed_at)
     values ('orgRegistration:' || $1, $1, $2, 'organizationRegistration', 1, 'СФ-2026-000001', 'sending', '{"administratorId": "p2", "orderId": "o1"}', 1, now(), now()),
       ('invitation:inv_p3', $1, $2, 'invitation', 1, null, 'sent', '{}', 1, now(), now())`,
    [orgId, cohortId],
  )
  await run(
    `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, issued_at, expires_at, state, platform_state)
     values ('lnk_1', $1, 'inviteLink:lnk_1', 'ПР-2026-000004', 'staffRoom', 'teacher', 'group', '2026-09-08T05:00:00Z', '2026-09-22T19:59:59Z', 'active', 'live')`,
    [orgId],
  )
  await run(
    `insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery)
     values ('inv_p3', $1, 'invitation:inv_p3', 'lnk_1', 'p3', 'staffRoom', 'teacher', 'sent', 'notSent')`,
    [orgId],
  )

  return {
    orgId,
    cohortId,
    run,
    /** Queues a letter of the cohort and returns its id. */
    async queue(code: string, to: Recipient, more: { processId?: string; values?: object; urgent?: boolean; at?: Date } = {}): Promise<string> {
      const processId = more.processId ?? ('platform' in to || code.startsWith('L-REG') ? `orgRegistration:${orgId}` : 'invitation:inv_p3')
      const id = `letter.${orgId}.${++letters}`
      await run(
        `insert into letters (id, org_id, process_id, cohort_id, code, recipient, values, urgent, outside, queued_at, next_attempt_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
        [id, orgId, processId, cohortId, code, to, more.values ?? {}, more.urgent ?? false, 'platform' in to, more.at ?? new Date()],
      )
      return id
    },
    async row(id: string): Promise<OutboxRow> {
      return (await run<OutboxRow>(`select id, state, attempts, last_error, next_attempt_at, message_id, mime, body, subject from letters where id = $1`, [id]))[0]!
    },
    /** What came of each attempt, in order. */
    async attempts(id: string): Promise<string[]> {
      return (await run<{ outcome: string }>(`select outcome from letter_attempts where letter_id = $1 order by attempt, at`, [id])).map(({ outcome }) => outcome)
    },
    /** Makes a waiting letter due now, as if its pause had passed. */
    async due(id: string): Promise<void> {
      await run(`update letters set next_attempt_at = now() - interval '1 second', claimed_until = case when claimed_until is not null then now() - interval '1 second' end where id = $1`, [id])
    },
  }
}
