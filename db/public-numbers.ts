import type { Queryable } from './connection.ts'

/** Prefixes of numbers for people: registration, invitation link, movement (domain.md 5), act of destruction. */
export type NumberPrefix = 'СФ' | 'ПР' | 'ДВ' | 'АУ'

/** The next number of the school and of the calendar year by its own clock: «СФ-2026-000123». Concurrent callers wait for each other. */
export async function nextPublicNumber(tx: Queryable, orgId: string, prefix: NumberPrefix): Promise<string> {
  const { rows } = await tx.query<{ year: number; last: number }>(
    `insert into public_numbers (org_id, prefix, year, last)
     select id, $2, extract(year from now() at time zone timezone), 1 from organizations where id = $1
     on conflict (org_id, prefix, year) do update set last = public_numbers.last + 1
     returning year, last`,
    [orgId, prefix],
  )
  const { year, last } = rows[0]!
  return `${prefix}-${year}-${String(last).padStart(6, '0')}`
}
