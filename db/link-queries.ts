import type { Queryable } from './connection.ts'

/** An invite link in the register; its address is shown on demand only. */
export interface LinkRow {
  id: string
  processId: string
  number: string
  target: 'staffRoom' | 'class' | 'chat'
  targetId: string
  /** Name of the class or chat; empty for the staff room. */
  targetName: string
  ownerId: string | null
  platformRole: 'teacher' | 'student' | 'guardian'
  scope: 'group' | 'personal'
  issuedAt: Date | null
  expiresAt: Date | null
  state: string
  platformState: 'none' | 'live' | 'revoked'
  closeReason: string | null
  /** Active, but its term is over: the timer has not been handled yet (domain.md 7.3). */
  termOver: boolean
  /** Since when it has to be annulled on the platform; null while there is nothing to annul. */
  annulSince: Date | null
  recipients: number
  joined: number
}

/**
 * How the class or chat is called that a row of links or invitations leads into: by its id, or what stands there itself
 * where a link was made before classes and chats had one.
 */
export const targetName = (row: string): string => `coalesce(
  (select name from school_classes c where ${row}.target = 'class' and c.id = ${row}.target_id),
  (select name from spaces s where ${row}.target = 'chat' and s.id = ${row}.target_id), ${row}.target_id)`

const columns = `l.id, l.process_id as "processId", l.number, l.target, l.target_id as "targetId", ${targetName('l')} as "targetName", l.owner_id as "ownerId", l.platform_role as "platformRole", l.scope,
  l.issued_at as "issuedAt", l.expires_at as "expiresAt", l.state, l.platform_state as "platformState", l.close_reason as "closeReason",
  l.state = 'active' and l.expires_at <= now() as "termOver",
  case when l.state = 'active' and l.expires_at <= now() then l.expires_at
    when l.state in ('closing', 'revocationOverdue') then (select min(t.opened_at) from tasks t where t.owner_id = l.process_id and t.kind = 'T-LINK-REVOKE' and t.closed_at is null) end as "annulSince",
  (select count(*)::int from invitations i where i.link_id = l.id) as recipients,
  (select count(*)::int from invitations i where i.link_id = l.id and i.state in ('joined', 'joinedLate')) as joined`

export interface LinkFilter {
  state?: string | undefined
  platformState?: string | undefined
  target?: string | undefined
  targetId?: string | undefined
  ownerId?: string | undefined
  /** Only those that have to be annulled on the platform. */
  toAnnul?: boolean | undefined
  after?: readonly [number: string, id: string] | undefined
  limit: number
}

/** A page of the register, the latest number first. */
export async function listLinks(tx: Queryable, filter: LinkFilter): Promise<LinkRow[]> {
  const { rows } = await tx.query<LinkRow>(
    `select ${columns} from invite_links l
     where ($1::text is null or l.state = $1) and ($2::text is null or l.platform_state = $2) and ($3::text is null or l.target = $3)
       and ($4::text is null or (l.number, l.id) < ($4, $5)) and ($7::text is null or l.target_id = $7) and ($8::text is null or l.owner_id = $8)
       and ($9::boolean is null or (l.state in ('closing', 'revocationOverdue') or coalesce(l.state = 'active' and l.expires_at <= now(), false)) = $9)
     order by l.number desc, l.id desc limit $6`,
    [
      filter.state ?? null, filter.platformState ?? null, filter.target ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit,
      filter.targetId ?? null, filter.ownerId ?? null, filter.toAnnul ?? null,
    ],
  )
  return rows
}

export async function findLink(tx: Queryable, id: string): Promise<LinkRow | undefined> {
  const { rows } = await tx.query<LinkRow>(`select ${columns} from invite_links l where l.id = $1`, [id])
  return rows[0]
}

/** The platform's own address of the link, sealed ('linkUrl'). Undefined before it is made and after it is erased. */
export async function findLinkUrl(tx: Queryable, id: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ url: string | null }>(`select url from invite_links where id = $1`, [id])
  return rows[0]?.url ?? undefined
}

/** An active group link into the staff room that lives in this cohort and has a day or more to go. */
export async function findUsableStaffLink(tx: Queryable, cohortId: string): Promise<{ id: string; number: string } | undefined> {
  const { rows } = await tx.query<{ id: string; number: string }>(
    `select l.id, l.number from invite_links l join processes p on p.id = l.process_id
     where p.cohort_id = $1 and l.target = 'staffRoom' and l.scope = 'group' and l.state in ('creating', 'active')
       and (l.expires_at is null or l.expires_at > now() + interval '1 day')
     order by l.number desc limit 1`,
    [cohortId],
  )
  return rows[0]
}

/** Who is invited by the link, and how far each has come. */
export async function listRecipients(tx: Queryable, linkId: string): Promise<{ invitationId: string; processId: string; personId: string; state: string; delivery: string }[]> {
  const { rows } = await tx.query<{ invitationId: string; processId: string; personId: string; state: string; delivery: string }>(
    `select id as "invitationId", process_id as "processId", person_id as "personId", state, delivery from invitations where link_id = $1 order by id`,
    [linkId],
  )
  return rows
}

/** Live invitations of these people to a target and role (BR-09), with the number of the link: `planned` or `sent`, not past the term. */
export async function findLiveInvitations(
  tx: Queryable,
  personIds: readonly string[],
  place: { target: string; targetId: string; platformRole: string },
): Promise<{ personId: string; number: string; processId: string }[]> {
  const { rows } = await tx.query<{ personId: string; number: string; processId: string }>(
    `select i.person_id as "personId", l.number, i.process_id as "processId" from invitations i join invite_links l on l.id = i.link_id
     where i.person_id = any ($1) and i.target = $2 and i.target_id = $3 and i.platform_role = $4
       and i.state in ('planned', 'sent') and (l.expires_at is null or l.expires_at > now())`,
    [personIds, place.target, place.targetId, place.platformRole],
  )
  return rows
}
