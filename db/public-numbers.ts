import type { Queryable } from './connection.ts'

/** Prefixes of numbers for people: registration and invitation link (domain.md 5). */
export type NumberPrefix = 'СФ' | 'ПР'

/** The next number of the school and calendar year: «СФ-2026-000123». Concurrent callers wait for each other. */
export async function nextPublicNumber(tx: Queryable, orgId: string, prefix: NumberPrefix, year: number): Promise<string> {
  const { rows } = await tx.query<{ last: number }>(
    `insert into public_numbers (org_id, prefix, year, last) values ($1, $2, $3, 1)
     on conflict (org_id, prefix, year) do update set last = public_numbers.last + 1
     returning last`,
    [orgId, prefix, year],
  )
  return `${prefix}-${year}-${String(rows[0]!.last).padStart(6, '0')}`
}
