import type { Queryable } from './connection.ts'

/** What the school's announced cohorts begin with that have recorded no step yet: their processes are not in the register. */
export async function readStarting<Input>(tx: Queryable): Promise<Input[]> {
  const { rows } = await tx.query<{ input: Input }>(`select start_input as input from cohorts where status = 'starting' and start_input is not null`)
  return rows.map(({ input }) => input)
}

/** Instances of a kind by a member of their context, whether they have ended or not. */
export async function findByContext(
  tx: Queryable,
  kind: string,
  member: 'membershipId',
  values: readonly string[],
): Promise<{ id: string; value: string; state: string; ended: boolean }[]> {
  const { rows } = await tx.query<{ id: string; value: string; state: string; ended: boolean }>(
    `select id, context ->> $2 as value, state, ended_at is not null as ended from processes where kind = $1 and context ->> $2 = any ($3)`,
    [kind, member, values],
  )
  return rows
}

/** How many cohorts of the school have had a workflow id that begins so. */
export async function countWorkflows(tx: Queryable, prefix: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from cohorts where workflow_id = $1 or starts_with(workflow_id, $1 || ':')`,
    [prefix],
  )
  return rows[0]!.count
}
