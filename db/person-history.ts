import type { Queryable } from './connection.ts'
import { targetName } from './link-queries.ts'

/** Processes about a person, by the registers that refer to them: invitations, movements, what staff took over, onboardings. */
export async function listPersonProcesses(tx: Queryable, personId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select process_id as id from invitations where person_id = $1
     union select process_id from movements where person_id = $1
     union select process_id from staff_assignments where person_id = $1
     union select p.id from processes p where p.kind = 'teacherOnboarding' and split_part(p.id, ':', 2) in (select id from memberships where person_id = $1)`,
    [personId],
  )
  return rows.map(({ id }) => id)
}

/** An invitation of a person: where to, by which link, what became of it. */
export interface PersonInvitation {
  id: string
  processId: string
  linkId: string
  number: string
  target: 'staffRoom' | 'class' | 'chat'
  targetName: string
  state: string
  delivery: string
  issuedAt: Date | null
  expiresAt: Date | null
}

/** The latest link first. */
export async function listPersonInvitations(tx: Queryable, personId: string): Promise<PersonInvitation[]> {
  const { rows } = await tx.query<PersonInvitation>(
    `select i.id, i.process_id as "processId", l.id as "linkId", l.number, l.target, ${targetName('l')} as "targetName", i.state, i.delivery, l.issued_at as "issuedAt", l.expires_at as "expiresAt"
     from invitations i join invite_links l on l.id = i.link_id where i.person_id = $1 order by l.number desc, i.id`,
    [personId],
  )
  return rows
}
