import type { Queryable } from './connection.ts'
import { targetName } from './link-queries.ts'

/** Pupils or guardians of a class joining a chat by one link. */
export interface JoiningRow {
  id: string
  processId: string
  spaceId: string
  spaceName: string
  classId: string
  className: string
  audience: 'student' | 'guardian'
  ownerId: string
  byName: boolean
  linkId: string
  number: string
  linkState: string
  expiresAt: Date | null
  /** The link is active and not past its term, by the database's clock. */
  linkLives: boolean
  people: number
  handedOut: number
  joined: number
  declined: number
  state: string
}

const columns = `j.id, j.process_id as "processId", j.space_id as "spaceId", s.name as "spaceName", j.class_id as "classId", c.name as "className", j.audience,
  j.owner_id as "ownerId", j.by_name as "byName", j.link_id as "linkId", l.number, l.state as "linkState", l.expires_at as "expiresAt",
  coalesce(l.state = 'active' and l.url is not null and now() < l.expires_at, false) as "linkLives",
  case when j.by_name then (select count(*)::int from invitations i where i.link_id = j.link_id) else (select count(*)::int from joining_people p where p.joining_id = j.id) end as people, j.handed_out as "handedOut",
  case when j.by_name then (select count(*)::int from invitations i where i.link_id = j.link_id and i.state in ('joined', 'joinedLate', 'lateChecked')) else j.joined end as joined,
  case when j.by_name then (select count(*)::int from invitations i where i.link_id = j.link_id and i.state = 'declined') else j.declined end as declined,
  j.state`
const tables = `joinings j join invite_links l on l.id = j.link_id join spaces s on s.id = j.space_id join school_classes c on c.id = j.class_id`
const over = `('closed', 'cancelled')`

export interface JoiningFilter {
  ids?: readonly string[] | undefined
  classIds?: readonly string[] | undefined
  audience?: string | undefined
  /** Those that are not over. */
  live?: boolean | undefined
  ownerId?: string | undefined
  after?: readonly [number: string, id: string] | undefined
  limit?: number
}

/** Joinings, the latest number first. */
export async function listJoinings(tx: Queryable, filter: JoiningFilter): Promise<JoiningRow[]> {
  const { rows } = await tx.query<JoiningRow>(
    `select ${columns} from ${tables}
     where ($1::text[] is null or j.id = any ($1)) and ($2::text[] is null or j.class_id = any ($2)) and ($3::text is null or j.audience = $3)
       and ($4::boolean is null or (j.state not in ${over}) = $4) and ($5::text is null or j.owner_id = $5) and ($6::text is null or (l.number, j.id) < ($6, $7))
     order by l.number desc, j.id desc limit $8`,
    [
      filter.ids ?? null, filter.classIds ?? null, filter.audience ?? null, filter.live ?? null, filter.ownerId ?? null,
      filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit ?? null,
    ],
  )
  return rows
}

/** Which of these spaces the audience is joining already, in counts only: by the number of the link. */
export async function findCountedJoinings(tx: Queryable, spaceIds: readonly string[], audience: string): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ spaceId: string; number: string }>(
    `select j.space_id as "spaceId", l.number from joinings j join invite_links l on l.id = j.link_id
     where j.space_id = any ($1) and j.audience = $2 and not j.by_name and j.state not in ${over}`,
    [spaceIds, audience],
  )
  return new Map(rows.map(({ spaceId, number }) => [spaceId, number]))
}

/** Instances of the joinings into this space that are not over. */
export async function listJoiningsInto(tx: Queryable, spaceProcess: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select j.process_id as id from joinings j join spaces s on s.id = j.space_id where s.process_id = $1 and j.state not in ${over} order by 1`,
    [spaceProcess],
  )
  return rows.map(({ id }) => id)
}

/** One for whom the link of a class is. */
export interface AudienceRow {
  personId: string
  classId: string
  email: boolean
  /** False for a pupil who stands for guardians that the register does not know. */
  own: boolean
}

/**
 * Pupils of these classes, or their guardians, by name. With `families` a pupil none of whose guardians is in the register
 * stands for them.
 */
export async function listAudience(tx: Queryable, classIds: readonly string[], audience: 'student' | 'guardian', families: boolean): Promise<AudienceRow[]> {
  const { rows } = await tx.query<AudienceRow>(
    `with pupils as (select person_id, class_id from memberships where class_id = any ($1) and kind = 'student' and ended_at is null),
       guardians as (select distinct g.person_id, u.class_id, u.person_id as pupil_id from memberships g join pupils u on u.person_id = g.guardian_of where g.kind = 'guardian' and g.ended_at is null),
       wanted as (
         select person_id, class_id, true as own from pupils where $2 = 'student'
         union select person_id, class_id, true from guardians where $2 = 'guardian'
         union select person_id, class_id, false from pupils where $2 = 'guardian' and $3 and person_id not in (select pupil_id from guardians))
     select w.person_id as "personId", w.class_id as "classId", w.own and p.email is not null as email, w.own
     from wanted w join people p on p.id = w.person_id order by p.search_key, p.id`,
    [classIds, audience, families],
  )
  return rows
}

/** The classes that these people belong to: as pupils, or by their children. */
export async function findClassesOf(tx: Queryable, personIds: readonly string[], audience: 'student' | 'guardian'): Promise<{ personId: string; classId: string }[]> {
  const { rows } = await tx.query<{ personId: string; classId: string }>(
    `select m.person_id as "personId", m.class_id as "classId" from memberships m
       where $2 = 'student' and m.person_id = any ($1) and m.kind = 'student' and m.ended_at is null and m.class_id is not null
     union select g.person_id, m.class_id from memberships g join memberships m on m.person_id = g.guardian_of and m.kind = 'student' and m.ended_at is null
       where $2 = 'guardian' and g.person_id = any ($1) and g.kind = 'guardian' and g.ended_at is null and m.class_id is not null`,
    [personIds, audience],
  )
  return rows
}

/** Guardians among these people who said no to this place: their word is final (BR-19), told to the process or not yet. */
export async function findDeclinedGuardians(tx: Queryable, personIds: readonly string[], place: { target: string; targetId: string }): Promise<Set<string>> {
  const { rows } = await tx.query<{ personId: string }>(
    `select distinct i.person_id as "personId" from invitations i
     where i.person_id = any ($1) and i.target = $2 and i.target_id = $3 and i.platform_role = 'guardian'
       and (i.state = 'declined' or exists (select from recipient_answers a where a.invitation_id = i.id and a.type = 'DECLINE'))`,
    [personIds, place.target, place.targetId],
  )
  return new Set(rows.map(({ personId }) => personId))
}

/** Which of these people are in the space, as a person confirmed. */
export async function findThere(tx: Queryable, spaceId: string, personIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ personId: string }>(`select person_id as "personId" from places where space_id = $1 and person_id = any ($2) and standing = 'there'`, [spaceId, personIds])
  return new Set(rows.map(({ personId }) => personId))
}

/** Whom the link of a joining is for, by name, with the invitation where there is one. */
export interface JoiningMember {
  personId: string
  lastName: string
  firstName: string
  patronymic: string | null
  invitationId: string | null
  processId: string | null
  state: string | null
  delivery: string | null
}

export async function listJoiningPeople(tx: Queryable, joiningId: string): Promise<JoiningMember[]> {
  const { rows } = await tx.query<JoiningMember>(
    `select p.id as "personId", p.last_name as "lastName", p.first_name as "firstName", p.patronymic, i.id as "invitationId", i.process_id as "processId", i.state, i.delivery
     from joinings j
       join lateral (select person_id from joining_people where joining_id = j.id union select person_id from invitations where link_id = j.link_id) w on true
       join people p on p.id = w.person_id left join invitations i on i.link_id = j.link_id and i.person_id = p.id
     where j.id = $1 order by p.search_key, p.id`,
    [joiningId],
  )
  return rows
}

/** What the letter of a class says, by the process that wrote it. */
export interface JoiningSubject {
  linkId: string
  target: 'chat'
  targetName: string
  role: 'student' | 'guardian'
  /** Null while the link has not been made. */
  expiresAt: Date | null
}

export async function findJoiningSubject(tx: Queryable, processId: string): Promise<JoiningSubject | undefined> {
  const { rows } = await tx.query<JoiningSubject>(
    `select l.id as "linkId", l.target, ${targetName('l')} as "targetName", l.platform_role as role, l.expires_at as "expiresAt"
     from joinings j join invite_links l on l.id = j.link_id where j.process_id = $1`,
    [processId],
  )
  return rows[0]
}
