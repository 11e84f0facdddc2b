import { inSchool, type Database, type Queryable } from '../../db/connection.ts'

/** Tables of a school. Answers kept for repeats are no part of its data. */
async function tablesOf(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select table_name as name from information_schema.columns where column_name = 'org_id' and table_schema = 'public' and table_name <> 'idempotency_keys' order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** A hash of every row of the school, by table. */
export function schoolDigest(db: Database, orgId: string): Promise<Record<string, string>> {
  return inSchool(db, orgId, async (tx) => {
    const sums = (await tablesOf(tx)).map((name) => `(select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from ${name} t) as ${name}`)
    return (await tx.query<Record<string, string>>(`select ${sums.join(', ')}`)).rows[0]!
  })
}

/** Every row of the school as text, by table. */
export function schoolRows(db: Database, orgId: string): Promise<Record<string, string[]>> {
  return inSchool(db, orgId, async (tx) => {
    const lists = (await tablesOf(tx)).map((name) => `(select coalesce(array_agg(t::text), '{}') from ${name} t) as ${name}`)
    return (await tx.query<Record<string, string[]>>(`select ${lists.join(', ')}`)).rows[0]!
  })
}
