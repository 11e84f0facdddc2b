import type { Rule } from '../machines/rule.ts'
import type { Queryable } from './connection.ts'

export interface CountedDeadline {
  processId: string
  kind: string
  name: string
  at: Date
  rule: Rule
  countedFrom: Date
  provisional: boolean
}

/** Every live deadline of the school, with the kind of its instance. */
export async function readLiveDeadlines(tx: Queryable): Promise<CountedDeadline[]> {
  const { rows } = await tx.query<CountedDeadline>(
    `select d.process_id as "processId", coalesce(p.kind, 'humanTask') as kind, d.name, d.at, d.rule, d.counted_from as "countedFrom", d.provisional
     from deadlines d left join processes p on p.id = d.process_id`,
  )
  return rows
}
