import type { Role } from '../machines/role.ts'
import type { Queryable } from './connection.ts'
import { targetName } from './link-queries.ts'

/** What letters speak of, looked up by the ids that machines and rows carry. */

/** A registration as its letters name it. */
export interface RegistrationSubject {
  number: string
  administratorId: string | null
  orderId: string | null
}

export async function findRegistration(tx: Queryable, processId: string): Promise<RegistrationSubject | undefined> {
  const { rows } = await tx.query<RegistrationSubject>(
    `select number, context ->> 'administratorId' as "administratorId", context ->> 'orderId' as "orderId" from processes where id = $1`,
    [processId],
  )
  return rows[0]
}

/** An invitation with the term of its link. */
export interface InvitationSubject {
  id: string
  target: 'staffRoom' | 'class' | 'chat'
  /** Name of the class or chat; empty for the staff room. */
  targetName: string
  role: 'teacher' | 'student' | 'guardian'
  /** Null while the link has not been made. */
  expiresAt: Date | null
}

export async function findInvitation(tx: Queryable, processId: string): Promise<InvitationSubject | undefined> {
  const { rows } = await tx.query<InvitationSubject>(
    `select i.id, i.target, ${targetName('i')} as "targetName", i.platform_role as role, l.expires_at as "expiresAt"
     from invitations i join invite_links l on l.id = i.link_id where i.process_id = $1`,
    [processId],
  )
  return rows[0]
}

/** Whether the invited person has said that the request is sent, and it was not turned down, or has declined; heard by the workflow or not yet. */
export async function hasAnswered(tx: Queryable, processId: string): Promise<boolean> {
  const { rows } = await tx.query(
    `select from processes p join invitations i on i.process_id = p.id where p.id = $1
       and (p.state = 'declined' or p.context ->> 'request' = 'sent'
         or exists (select from recipient_answers a where a.invitation_id = i.id and a.type in ('REQUEST_SENT', 'DECLINE') and a.told_at is null))`,
    [processId],
  )
  return rows.length > 0
}

/** The e-mail address of a person; null when there is none. */
export async function findAddress(tx: Queryable, personId: string): Promise<string | null> {
  const { rows } = await tx.query<{ email: string | null }>(`select email from people where id = $1`, [personId])
  return rows[0]?.email ?? null
}

/** Who holds the role now, the longest first; those with an e-mail address before those without. */
export async function findHolder(tx: Queryable, role: Role): Promise<{ personId: string; email: string | null } | undefined> {
  const { rows } = await tx.query<{ personId: string; email: string | null }>(
    `select p.id as "personId", p.email from memberships m join people p on p.id = m.person_id
     where m.ended_at is null and $1 = any (m.roles) order by p.email is null, m.created_at, m.id limit 1`,
    [role],
  )
  return rows[0]
}

/** When a task is due: the letter is its own, or of the process that the task belongs to. */
export async function findTaskDue(tx: Queryable, processId: string, kind: string): Promise<Date | null> {
  const { rows } = await tx.query<{ dueAt: Date | null }>(
    `select due_at as "dueAt" from tasks where (id = $1 or (owner_id = $1 and kind = $2)) and closed_at is null order by opened_at desc limit 1`,
    [processId, kind],
  )
  return rows[0]?.dueAt ?? null
}

/** When a named deadline of the process fires; null when it is not set. */
export async function findDeadline(tx: Queryable, processId: string, name: string): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date }>(`select at from deadlines where process_id = $1 and name = $2`, [processId, name])
  return rows[0]?.at ?? null
}
