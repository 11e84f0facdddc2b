import type { Queryable } from './connection.ts'

/** Whose a message may be. All of these run asService: the school is what they look for. */

export interface MatchedLetter {
  id: string
  orgId: string
  processId: string
  code: string
  /** It went to the platform. */
  outside: boolean
}

/** Letters with these Message-IDs, in the order of the ids; of one school only when `orgId` is given. */
export async function findLettersByMessageId(tx: Queryable, messageIds: readonly string[], orgId: string | null): Promise<MatchedLetter[]> {
  const { rows } = await tx.query<MatchedLetter>(
    `select id, org_id as "orgId", process_id as "processId", code, outside from letters
     where message_id = any ($1) and ($2::text is null or org_id = $2) order by array_position($1, message_id)`,
    [messageIds, orgId],
  )
  return rows
}

/**
 * Processes with this public number. Numbers begin anew in every school, so the school must be known, by where the
 * message came in or by the INN that the subject names; else the answer is empty unless only one school has the number.
 */
export async function findProcessesByNumber(
  tx: Queryable,
  number: string,
  school: { orgId: string | null; inn: string | null },
): Promise<{ id: string; orgId: string }[]> {
  const { rows } = await tx.query<{ id: string; orgId: string }>(
    `select p.id, p.org_id as "orgId" from processes p join organizations o on o.id = p.org_id
     where p.number = $1 and ($2::text is null or p.org_id = $2) and ($3::text is null or o.inn = $3) order by p.id limit 2`,
    [number, school.orgId, school.inn],
  )
  return rows
}

/** When the first letter of the installation was queued: older mail answers nothing of ours. */
export async function firstLetterAt(tx: Queryable): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date | null }>(`select min(queued_at) as at from letters`)
  return rows[0]!.at
}
