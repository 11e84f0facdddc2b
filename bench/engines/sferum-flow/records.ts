import type pg from 'pg'
import type { Outcome } from '../engine.ts'

const stateOf: Readonly<Record<string, Outcome['state']>> = { joined: 'joined', superseded: 'revoked', expired: 'expired' }

/** What became of every invitation; when is read off the line of its timeline, which is written once. */
export async function outcomesIn(admin: pg.Client): Promise<Outcome[]> {
  const { rows } = await admin.query<{ person: string; state: string; at: Date | null }>(
    `select i.person_id as person, i.state, (
       select min(pg_xact_commit_timestamp(t.xmin)) from timeline t where t.process_id = i.process_id and t.to_state = i.state and t.from_state <> i.state
     ) as at from invitations i`,
  )
  return rows.map(({ person, state, at }) => ({ index: Number(person.replace('per_', '')), state: stateOf[state] ?? 'waiting', at: at && at.getTime() }))
}

/** Reminders and the notice that the invitation has expired. */
export async function otherLetters(admin: pg.Client): Promise<{ messageIds: ReadonlySet<string>; waiting: number }> {
  const { rows } = await admin.query<{ message_id: string | null; waits: boolean }>(
    `select message_id, state in ('queued', 'rendered', 'sending') or told_at is null as waits from letters where code <> 'L-INV-TEACHER'`,
  )
  return { messageIds: new Set(rows.flatMap(({ message_id: id }) => id ?? [])), waiting: rows.filter(({ waits }) => waits).length }
}
