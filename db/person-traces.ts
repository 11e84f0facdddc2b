import type { Queryable } from './connection.ts'
import type { TaskOutcome } from './task-queries.ts'

/** Ids of what is about a person: processes, tasks, and the person's invitations, which the journal names. */
export interface Traces {
  processes: string[]
  tasks: string[]
  invitations: string[]
}

export async function findTraces(tx: Queryable, personId: string): Promise<Traces> {
  const ids = async (query: string) => (await tx.query<{ id: string }>(query, [personId])).rows.map(({ id }) => id)
  return {
    processes: await ids(`select id from processes where context ->> 'personId' = $1 order by id`),
    tasks: await ids(`select id from tasks where values ->> 'person' = $1 or owner_id in (select id from processes where context ->> 'personId' = $1) order by id`),
    invitations: await ids(`select id from invitations where person_id = $1 order by id`),
  }
}

/** A letter to the person; address, subject and body are sealed, or erased. */
export interface LetterTrace {
  id: string
  code: string
  state: string
  queuedAt: Date
  settledAt: Date | null
  address: string | null
  subject: string | null
  body: string | null
}

export async function listLettersTo(tx: Queryable, personId: string): Promise<LetterTrace[]> {
  const { rows } = await tx.query<LetterTrace>(
    `select id, code, state, queued_at as "queuedAt", settled_at as "settledAt", address, subject, body from letters where recipient ->> 'person' = $1 order by queued_at, id`,
    [personId],
  )
  return rows
}

export interface TaskTrace {
  kind: string
  state: string
  openedAt: Date
  closedAt: Date | null
  outcome: TaskOutcome | null
}

export async function listTasksAbout(tx: Queryable, ids: readonly string[]): Promise<TaskTrace[]> {
  const { rows } = await tx.query<TaskTrace>(`select kind, state, opened_at as "openedAt", closed_at as "closedAt", outcome from tasks where id = any ($1) order by opened_at, id`, [ids])
  return rows
}

/** Messages that came because of letters to the person, or to processes about them; the content is sealed. */
export async function listMessagesAbout(tx: Queryable, personId: string, processIds: readonly string[]): Promise<{ id: string; receivedAt: Date; content: string }[]> {
  const { rows } = await tx.query<{ id: string; receivedAt: Date; content: string }>(
    `select id, received_at as "receivedAt", content from inbound_messages
     where process_id = any ($2) or letter_id in (select id from letters where recipient ->> 'person' = $1) order by received_at, id`,
    [personId, processIds],
  )
  return rows
}

/** Processes whose application went out, with when. */
export async function listApplications(tx: Queryable): Promise<{ processId: string; number: string | null; frozenAt: Date }[]> {
  const { rows } = await tx.query<{ processId: string; number: string | null; frozenAt: Date }>(
    `select s.process_id as "processId", p.number, s.frozen_at as "frozenAt" from registration_snapshots s join processes p on p.id = s.process_id order by s.frozen_at`,
  )
  return rows
}

