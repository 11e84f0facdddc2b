import type { Queryable } from './connection.ts'

/** What an invited person said on the public page. */
export interface RecipientAnswer {
  id: string
  invitationId: string
  type: 'OPENED' | 'REQUEST_SENT' | 'DECLINE' | 'NEW_LINK_REQUESTED'
  reason: string | null
}

/** Schools with answers their workflows have not heard for a while (asService). */
export async function readSchoolsWithUntoldAnswers(tx: Queryable, olderThanMs: number): Promise<string[]> {
  const { rows } = await tx.query<{ orgId: string }>(
    `select distinct org_id as "orgId" from recipient_answers
     where told_at is null and at < now() - make_interval(secs => $1::double precision / 1000)`,
    [olderThanMs],
  )
  return rows.map(({ orgId }) => orgId)
}

/** Those answers, oldest first. */
export async function readUntoldAnswers(tx: Queryable, olderThanMs: number, limit: number): Promise<RecipientAnswer[]> {
  const { rows } = await tx.query<RecipientAnswer>(
    `select id, invitation_id as "invitationId", type, reason from recipient_answers
     where told_at is null and at < now() - make_interval(secs => $1::double precision / 1000)
     order by at limit $2`,
    [olderThanMs, limit],
  )
  return rows
}

/** The workflow has heard these answers. */
export async function markAnswersTold(tx: Queryable, ids: string[]): Promise<void> {
  await tx.query('update recipient_answers set told_at = now() where id = any($1) and told_at is null', [ids])
}
