import type { Queryable } from './connection.ts'
import { newId } from './ids.ts'
import { nextPublicNumber } from './public-numbers.ts'

/** By what right something was erased: a term (domain.md 13), or the person's own demand. */
export const erasureRules = ['leavers', 'demand', 'importTerm', 'linkTerm'] as const
export type ErasureRule = (typeof erasureRules)[number]

/** What is erased, by kind. */
export const erasedKinds = [
  'names', 'memberships', 'keys', 'codes', 'places', 'pages', 'answers', 'letters', 'messages', 'tasks', 'timeline', 'processes', 'steps', 'movements',
  'decisions', 'found', 'importRows', 'importFiles', 'importNames', 'linkAddresses',
] as const
export type ErasedKind = (typeof erasedKinds)[number]
export type ErasedCounts = Partial<Record<ErasedKind, number>>

/** A person by what is left of them. */
export interface ErasedPerson {
  id: string
  pseudonym: string
}

/** The act of a destruction. */
export interface ErasureCertificate {
  id: string
  /** «АУ-2026-000001». */
  number: string
  at: Date
  rule: ErasureRule
  /** Null: the service, by term. */
  erasedBy: string | null
  counts: ErasedCounts
  people: ErasedPerson[]
}

/** Writes the act of what this transaction has erased; undefined when that was nothing. */
export async function certify(
  tx: Queryable,
  orgId: string,
  erased: { rule: ErasureRule; at: Date; erasedBy: string | null; counts: ErasedCounts; people: readonly ErasedPerson[] },
): Promise<ErasureCertificate | undefined> {
  const counts = Object.fromEntries(Object.entries(erased.counts).filter(([, count]) => count > 0))
  if (Object.keys(counts).length === 0) return undefined
  const certificate = { ...erased, counts, people: [...erased.people], id: newId('act'), number: await nextPublicNumber(tx, orgId, 'АУ') }
  await tx.query(`insert into erasure_certificates (id, org_id, number, at, rule, erased_by, counts, people) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    certificate.id, orgId, certificate.number, certificate.at, certificate.rule, certificate.erasedBy, JSON.stringify(counts), JSON.stringify(certificate.people),
  ])
  return certificate
}

/** A page of acts, the latest first. `sortKey` is what the next page continues after. */
export async function listCertificates(tx: Queryable, filter: { after?: readonly [at: string, id: string] | undefined; limit: number }): Promise<(ErasureCertificate & { sortKey: string })[]> {
  const { rows } = await tx.query<ErasureCertificate & { sortKey: string }>(
    `select id, number, at, rule, erased_by as "erasedBy", counts, people, at::text as "sortKey" from erasure_certificates
     where $1::timestamptz is null or (at, id) < ($1, $2) order by at desc, id desc limit $3`,
    [filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit],
  )
  return rows
}
