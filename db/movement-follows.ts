import type { Queryable } from './connection.ts'

/** An invitation that may still lead somewhere, and whether its link is for this person alone. */
export interface OutstandingInvitation {
  processId: string
  personId: string
  target: 'staffRoom' | 'class' | 'chat'
  targetId: string
  platformRole: 'teacher' | 'student' | 'guardian'
  link: string
  linkState: string
  alone: boolean
}

/** Live invitations of these people. */
export async function listOutstanding(tx: Queryable, people: readonly string[]): Promise<OutstandingInvitation[]> {
  const { rows } = await tx.query<OutstandingInvitation>(
    `select i.process_id as "processId", i.person_id as "personId", i.target, i.target_id as "targetId", i.platform_role as "platformRole", l.process_id as link, l.state as "linkState",
       l.scope = 'personal' and not exists (select 1 from invitations o where o.link_id = l.id and o.person_id <> i.person_id) as alone
     from invitations i join invite_links l on l.id = i.link_id
     where i.person_id = any ($1) and i.state in ('planned', 'sent') order by i.process_id`,
    [people],
  )
  return rows
}

/** Links that the person made for their own chats and that are not closing yet. */
export async function listOwnLinks(tx: Queryable, personId: string): Promise<{ to: string; active: boolean }[]> {
  const { rows } = await tx.query<{ to: string; active: boolean }>(
    `select process_id as "to", state = 'active' as active from invite_links
     where owner_id = $1 and state in ('requested', 'creating', 'creationFailed', 'active') order by process_id`,
    [personId],
  )
  return rows
}

/** Onboardings of the person that go on. */
export async function listOnboardings(tx: Queryable, personId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from processes where kind = 'teacherOnboarding' and context ->> 'personId' = $1 and ended_at is null and state not in ('active', 'declined', 'cancelled') order by id`,
    [personId],
  )
  return rows.map(({ id }) => id)
}
