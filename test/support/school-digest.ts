import { inSchool, type Database } from '../../db/connection.ts'

/** A hash of every row of the school, by table. Answers kept for repeats are no part of its data. */
export function schoolDigest(db: Database, orgId: string): Promise<Record<string, string>> {
  return inSchool(db, orgId, async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `select table_name as name from information_schema.columns where column_name = 'org_id' and table_schema = 'public' and table_name <> 'idempotency_keys' order by 1`,
    )
    const sums = tables.rows.map(({ name }) => `(select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from ${name} t) as ${name}`)
    return (await tx.query<Record<string, string>>(`select ${sums.join(', ')}`)).rows[0]!
  })
}
