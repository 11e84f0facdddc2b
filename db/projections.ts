import type { Queryable } from './connection.ts'

/** What recorded steps mean for the school's own tables: each statement takes all rows of its kind at once. */

export interface LinkProjection {
  id: string
  processId: string
  number: string
  target: string
  targetId: string
  platformRole: string
  scope: string
  /** Who owns the chat it leads into. */
  ownerId: string | null
  url: string | null
  issuedAt: string | null
  /** End of the term while the link is active; null keeps what is known of one that closed, unless it was never issued. */
  expiresAt: string | null
  state: string
  platformState: string
  closeReason: string | null
}

export async function upsertLinks(tx: Queryable, orgId: string, rows: LinkProjection[]): Promise<void> {
  await tx.query(
    `insert into invite_links (id, org_id, process_id, number, target, target_id, platform_role, scope, owner_id, url, issued_at, expires_at, state, platform_state, close_reason)
     select r.id, $1, r."processId", r.number, r.target, r."targetId", r."platformRole", r.scope, r."ownerId", r.url, r."issuedAt", r."expiresAt", r.state, r."platformState", r."closeReason"
     from jsonb_to_recordset($2::jsonb) as r(id text, "processId" text, number text, target text, "targetId" text, "platformRole" text, scope text, "ownerId" text,
       url text, "issuedAt" timestamptz, "expiresAt" timestamptz, state text, "platformState" text, "closeReason" text)
     on conflict (id) do update set owner_id = excluded.owner_id, url = excluded.url, issued_at = excluded.issued_at, state = excluded.state,
       expires_at = case when excluded.issued_at is null then null else coalesce(excluded.expires_at, invite_links.expires_at) end,
       platform_state = excluded.platform_state, close_reason = excluded.close_reason`,
    [orgId, JSON.stringify(rows)],
  )
}

export interface InvitationProjection {
  id: string
  processId: string
  linkId: string
  personId: string
  target: string
  targetId: string
  platformRole: string
  state: string
  delivery: string
  onboardingId: string | null
  newLinkPending: boolean
}

/** What these invitations were before the step, by id; a new one is left out. */
export async function readInvitationStates(tx: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ id: string; state: string }>(`select id, state from invitations where id = any ($1)`, [ids])
  return new Map(rows.map(({ id, state }) => [id, state]))
}

export async function upsertInvitations(tx: Queryable, orgId: string, at: string, rows: InvitationProjection[]): Promise<void> {
  const given = JSON.stringify(rows)
  await tx.query(
    `insert into invitations (id, org_id, process_id, link_id, person_id, target, target_id, platform_role, state, delivery, onboarding_id)
     select r.id, $1, r."processId", r."linkId", r."personId", r.target, r."targetId", r."platformRole", r.state, r.delivery, r."onboardingId"
     from jsonb_to_recordset($2::jsonb) as r(id text, "processId" text, "linkId" text, "personId" text, target text, "targetId" text,
       "platformRole" text, state text, delivery text, "onboardingId" text)
     on conflict (id) do update set state = excluded.state, delivery = excluded.delivery`,
    [orgId, given],
  )
  // A request for a new link that the workflow has heard and no longer holds open was answered: another may come.
  await tx.query(
    `update recipient_answers a set closed_at = $2 from jsonb_to_recordset($1::jsonb) as r(id text, "newLinkPending" boolean)
     where a.invitation_id = r.id and not r."newLinkPending" and a.type = 'NEW_LINK_REQUESTED' and a.closed_at is null and a.told_at is not null`,
    [given, at],
  )
}

/** What was last confirmed of these memberships on the platform. */
export async function readPlatformStatuses(tx: Queryable, membershipIds: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ id: string; status: string }>(`select id, platform_status as status from memberships where id = any ($1)`, [membershipIds])
  return new Map(rows.map(({ id, status }) => [id, status]))
}

/** What a person last confirmed of memberships on the platform. */
export async function updatePlatformStatus(tx: Queryable, rows: { membershipId: string; platformStatus: string }[]): Promise<void> {
  await tx.query(
    `update memberships m set platform_status = r."platformStatus"
     from jsonb_to_recordset($1::jsonb) as r("membershipId" text, "platformStatus" text) where m.id = r."membershipId"`,
    [JSON.stringify(rows)],
  )
}

/** A registered school: since when, and the spaces it has from then on: «Учительская» and two system channels (BR-05, BR-22). */
export async function markRegistered(tx: Queryable, at: string, staffRoomOn: string): Promise<void> {
  await tx.query('update organizations set registered_at = $1, staff_room_on = $2 where id = current_org()', [at, staffRoomOn])
  await tx.query(
    `insert into spaces (id, org_id, kind, name, state)
     select 'spc_' || replace(gen_random_uuid()::text, '-', ''), current_org(), kind, name, 'active'
     from (values ('staffRoom', 'Учительская'), ('schoolWideChannel', 'Общешкольный канал'), ('staffChannel', 'Сотрудники')) as s (kind, name)
     on conflict do nothing`,
  )
}

export interface AssignmentProjection {
  id: string
  processId: string
  kind: 'extraAdmin' | 'classTeacher'
  personId: string
  className: string | null
  /** Null until it takes effect, where the class was only named. */
  classId: string | null
  orderId: string | null
  state: string
}

export async function upsertAssignments(tx: Queryable, orgId: string, rows: AssignmentProjection[]): Promise<void> {
  await tx.query(
    `insert into staff_assignments (id, org_id, process_id, kind, person_id, class_name, class_id, order_id, state)
     select r.id, $1, r."processId", r.kind, r."personId", r."className", r."classId", r."orderId", r.state
     from jsonb_to_recordset($2::jsonb) as r(id text, "processId" text, kind text, "personId" text, "className" text, "classId" text, "orderId" text, state text)
     on conflict (id) do update set state = excluded.state`,
    [orgId, JSON.stringify(rows)],
  )
}

/** Gives the role that an assignment means to the person's staff membership; a class teacher gets the class with it. */
export async function giveRole(tx: Queryable, { id, kind, personId }: AssignmentProjection, classId: string | null): Promise<void> {
  await tx.query('update staff_assignments set class_id = $2 where id = $1', [id, classId])
  await tx.query(
    `update memberships set roles = case when $2 = any (roles) then roles else roles || $2::text end, class_id = coalesce($3, class_id)
     where person_id = $1 and kind = 'staff' and ended_at is null`,
    [personId, kind, classId],
  )
}

/** Takes it away again, unless another assignment of the same kind stands; the class only if it is still the one given. */
export async function takeRole(tx: Queryable, { id, kind, personId }: AssignmentProjection): Promise<void> {
  await tx.query(
    `update memberships m set class_id = case when m.class_id = (select class_id from staff_assignments where id = $3) then null else m.class_id end,
       roles = case when exists (select 1 from staff_assignments a where a.person_id = $1 and a.kind = $2 and a.state in ('active', 'removing')) then m.roles
                    else array_remove(m.roles, $2) end
     where m.person_id = $1 and m.kind = 'staff' and m.ended_at is null`,
    [personId, kind, id],
  )
}

/** Writes down a sweep, also when it found nothing (domain.md 7.3). */
export async function insertSweep(tx: Queryable, orgId: string, at: string, checked: number, findings: unknown): Promise<void> {
  await tx.query('insert into sweeps (org_id, at, checked, findings) values ($1, $2, $3, $4)', [orgId, at, checked, JSON.stringify(findings)])
}

/** Links without a process of their own that a person confirmed as annulled (BR-08). */
export async function markLinksRevoked(tx: Queryable, linkIds: string[]): Promise<void> {
  await tx.query(`update invite_links set platform_state = 'revoked' where id = any($1) and platform_state = 'live'`, [linkIds])
}
