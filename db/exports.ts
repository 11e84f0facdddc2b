import type { Queryable } from './connection.ts'

export const exportFormats = ['csv', 'xlsx'] as const

/** A register that somebody takes away: written anew each time it is fetched, within a day. */
export interface ExportRow {
  id: string
  personId: string
  /** A kind of table, or `all`. */
  register: string
  format: (typeof exportFormats)[number]
  academicYear: string
  fullContacts: boolean
  createdAt: Date
}

/** Enters an export; those that nobody can fetch any more go. */
export async function insertExport(tx: Queryable, orgId: string, row: Omit<ExportRow, 'createdAt'>): Promise<void> {
  await tx.query(`delete from exports where created_at < now() - interval '1 day'`)
  await tx.query(`insert into exports (id, org_id, person_id, register, format, academic_year, full_contacts) values ($1, $2, $3, $4, $5, $6, $7)`, [
    row.id,
    orgId,
    row.personId,
    row.register,
    row.format,
    row.academicYear,
    row.fullContacts,
  ])
}

/** An export that can still be fetched. */
export async function findExport(tx: Queryable, id: string): Promise<ExportRow | undefined> {
  const { rows } = await tx.query<ExportRow>(
    `select id, person_id as "personId", register, format, academic_year as "academicYear", full_contacts as "fullContacts", created_at as "createdAt"
     from exports where id = $1 and created_at >= now() - interval '1 day'`,
    [id],
  )
  return rows[0]
}
