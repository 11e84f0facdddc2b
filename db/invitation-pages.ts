import type { Queryable } from './connection.ts'
import { targetName } from './link-queries.ts'
import type { RecipientAnswer } from './recipient-answers.ts'

/** Whose invitation the token opens. Runs as the service; `hash` is SHA-256 in hex. */
export async function findInvitationByToken(tx: Queryable, hash: string): Promise<{ orgId: string; invitationId: string } | undefined> {
  const { rows } = await tx.query<{ orgId: string; invitationId: string }>(`select org_id as "orgId", invitation_id as "invitationId" from invitation_tokens where hash = $1`, [hash])
  return rows[0]
}

/** What the page of an invited person shows, decided by the database's clock at this moment. */
export interface InvitationPage {
  /** The invitation is out, its link active and not past its term. */
  live: boolean
  state: string
  target: 'staffRoom' | 'class' | 'chat'
  /** Name of the class or chat; empty for the staff room. */
  targetName: string
  platformRole: 'teacher' | 'student' | 'guardian'
  expiresAt: Date | null
  requestSent: boolean
  declined: boolean
  newLinkPending: boolean
  shortName: string
  timezone: string
  phone: string
  email: string
  linkHosts: string[] | null
}

const live = `i.state = 'sent' and l.state = 'active' and l.url is not null and now() < l.expires_at`
const said = (type: string) => `exists (select 1 from recipient_answers a where a.invitation_id = i.id and a.type = '${type}'`

export async function readInvitationPage(tx: Queryable, invitationId: string): Promise<InvitationPage | undefined> {
  const { rows } = await tx.query<InvitationPage>(
    `select coalesce(${live}, false) as live, i.state, i.target, ${targetName('i')} as "targetName", i.platform_role as "platformRole", l.expires_at as "expiresAt",
       ${said('REQUEST_SENT')}) as "requestSent", i.state = 'declined' or ${said('DECLINE')}) as declined,
       ${said('NEW_LINK_REQUESTED')} and a.closed_at is null) as "newLinkPending",
       o.short_name as "shortName", o.timezone, o.phone, o.email, o.settings -> 'linkHosts' as "linkHosts"
     from invitations i join invite_links l on l.id = i.link_id join organizations o on o.id = i.org_id where i.id = $1`,
    [invitationId],
  )
  return rows[0]
}

/**
 * Holds the link and the invitation as they are until the end of the transaction, so that the step which closes them
 * comes wholly before or wholly after. In the order that steps write them, the link first: two who wait for each other
 * would both fail. What is read after this is what stands.
 */
async function holdStill(tx: Queryable, invitationId: string): Promise<void> {
  await tx.query(`select 1 from invite_links where id = (select link_id from invitations where id = $1) for share`, [invitationId])
  await tx.query(`select 1 from invitations where id = $1 for share`, [invitationId])
}

/**
 * Opens the link for the invited person: the platform's address, sealed, if the invitation is live at this moment, and
 * a line that it was opened.
 */
export async function openInvitation(tx: Queryable, answer: Pick<RecipientAnswer, 'id' | 'invitationId'>): Promise<string | undefined> {
  await holdStill(tx, answer.invitationId)
  const { rows } = await tx.query<{ url: string }>(`select l.url from invitations i join invite_links l on l.id = i.link_id where i.id = $1 and ${live}`, [answer.invitationId])
  if (!rows[0]) return undefined
  await tx.query(
    `insert into recipient_answers (id, org_id, invitation_id, type)
     select $1, org_id, id, 'OPENED' from invitations i where i.id = $2
       -- A person who taps twice has opened it once.
       and not ${said('OPENED')} and a.at > now() - interval '1 minute')`,
    [answer.id, answer.invitationId],
  )
  return rows[0].url
}

/** What became of an answer: taken, said before, or too late. */
export type Answered = 'taken' | 'saidBefore' | 'closed'

/**
 * Takes «я отправил заявку» or «отказаться» while the invitation is live, by the database's clock; of many at once one
 * is taken (a unique index decides).
 */
export async function answerInvitation(tx: Queryable, answer: RecipientAnswer): Promise<Answered> {
  await holdStill(tx, answer.invitationId)
  const { rows } = await tx.query<{ open: boolean; said: boolean }>(
    `select coalesce(${live}, false) as open, ${said(answer.type)}) as said from invitations i join invite_links l on l.id = i.link_id where i.id = $1`,
    [answer.invitationId],
  )
  if (rows[0]?.said) return 'saidBefore'
  if (!rows[0]?.open) return 'closed'
  return insertAnswer(tx, answer)
}

/** Takes a wish for a new link once the old one is not live any more; one at a time is open. */
export async function askForNewLink(tx: Queryable, answer: RecipientAnswer): Promise<Answered> {
  await holdStill(tx, answer.invitationId)
  const { rowCount } = await tx.query(
    `select 1 from invitations i join invite_links l on l.id = i.link_id
     where i.id = $1 and not coalesce(${live}, false) and i.state in ('sent', 'expired', 'superseded', 'cancelled')`,
    [answer.invitationId],
  )
  return rowCount === 1 ? insertAnswer(tx, answer) : 'closed'
}

async function insertAnswer(tx: Queryable, { id, invitationId, type, reason }: RecipientAnswer): Promise<Answered> {
  const { rowCount } = await tx.query(
    `insert into recipient_answers (id, org_id, invitation_id, type, reason)
     select $1, org_id, id, $3, $4 from invitations where id = $2 on conflict do nothing`,
    [id, invitationId, type, reason],
  )
  return rowCount === 1 ? 'taken' : 'saidBefore'
}
