import type { Rule } from '../machines/rule.ts'
import type { Queryable } from './connection.ts'

export interface CountedDeadline {
  processId: string
  name: string
  at: Date
  rule: Rule
  countedFrom: Date
  provisional: boolean
}

/** Live deadlines of the school whose rule counts working time. */
export async function readWorkingDeadlines(tx: Queryable): Promise<CountedDeadline[]> {
  const { rows } = await tx.query<CountedDeadline>(
    `select process_id as "processId", name, at, rule, counted_from as "countedFrom", provisional from deadlines
     where rule ?| array['workingDays', 'workingHours', 'workingDaysBefore', 'termDays']`,
  )
  return rows
}
