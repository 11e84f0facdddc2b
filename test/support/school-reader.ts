import { inSchool, type Database } from '../../db/connection.ts'

/** What people read of one school: states, deadlines, tasks, letters, timelines, as rows. */
export function schoolReader(db: Database, orgId: string) {
  const rows = <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => inSchool(db, orgId, async (tx) => (await tx.query<T>(sql, values)).rows)

  return {
    rows,

    async stateOf(id: string): Promise<string | undefined> {
      return (await rows<{ state: string }>('select state from processes where id = $1 union all select state from tasks where id = $1', [id]))[0]?.state
    },

    /** Live deadlines of an instance by name. */
    async deadlinesOf(id: string): Promise<Record<string, Date>> {
      const found = await rows<{ name: string; at: Date }>('select name, at from deadlines where process_id = $1 order by at', [id])
      return Object.fromEntries(found.map(({ name, at }) => [name, at]))
    },

    /** The one open task of a kind, of this owner if given; fails when there is none or there are several. */
    async openTask(kind: string, owner?: string): Promise<{ id: string; dueAt: Date; roles: string[]; urgent: boolean; overdue: boolean; escalated: boolean; attempt: number; assignee: string | null }> {
      const found = await rows<{ id: string; dueAt: Date; roles: string[]; urgent: boolean; overdue: boolean; escalated: boolean; attempt: number; assignee: string | null }>(
        `select id, due_at as "dueAt", roles, urgent, overdue, escalated, attempt, assignee from tasks where kind = $1 and closed_at is null and ($2::text is null or owner_id = $2)`,
        [kind, owner ?? null],
      )
      if (found.length !== 1) throw new Error(`${found.length} open tasks ${kind}`)
      return found[0]!
    },

    /** Kinds of the open tasks of an instance. */
    async tasksOf(owner: string): Promise<string[]> {
      return (await rows<{ kind: string }>('select kind from tasks where owner_id = $1 and closed_at is null order by kind', [owner])).map(({ kind }) => kind)
    },

    /** What an instance wrote: codes, to whom, and what became of it, in the order of writing. */
    async lettersOf(processId: string): Promise<string[]> {
      const found = await rows<{ code: string; to: string; state: string }>(
        `select code, coalesce(recipient ->> 'person', recipient ->> 'role', 'platform') as "to", state from letters where process_id = $1 order by queued_at, id`,
        [processId],
      )
      return found.map(({ code, to, state }) => `${code} ${to} ${state}`)
    },

    /** Events of an instance in their order; those that were not applied in brackets. */
    async timelineOf(id: string): Promise<string[]> {
      const found = await rows<{ event: string; applied: boolean }>('select event, applied from timeline where process_id = $1 order by seq', [id])
      return found.map(({ event, applied }) => (applied ? event : `(${event})`))
    },

    /** When an event of an instance was applied last. */
    async momentOf(id: string, event: string): Promise<Date | undefined> {
      return (await rows<{ at: Date }>('select at from timeline where process_id = $1 and event = $2 and applied order by seq desc limit 1', [id, event]))[0]?.at
    },

    /** Whether an instance has ended, and its cohort with it. */
    async endOf(id: string): Promise<{ ended: boolean; cohort: string } | undefined> {
      const [found] = await rows<{ ended: boolean; cohort: string }>(
        `select p.ended_at is not null as ended, c.status as cohort from processes p join cohorts c on c.id = p.cohort_id where p.id = $1`,
        [id],
      )
      return found
    },
  }
}
