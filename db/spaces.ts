import type { SpaceKind } from '../school/space-kinds.ts'
import type { Queryable } from './connection.ts'

/** States in which a space is on the platform and people come and go. */
const livingStates = ['active', 'handover']

/** A space on the platform, or on its way there; its address is shown on demand only. */
export interface SpaceRow {
  id: string
  /** Null for what came with the registration and has no process. */
  processId: string | null
  kind: SpaceKind
  classId: string | null
  className: string | null
  academicYear: string | null
  subjectId: string | null
  subjectName: string | null
  classGroup: string
  name: string
  ownerId: string | null
  state: string
  /** How many people are in it, confirmed or presumed. */
  people: number
}

const columns = `s.id, s.process_id as "processId", s.kind, s.class_id as "classId", c.name as "className", c.academic_year as "academicYear",
  s.subject_id as "subjectId", u.name as "subjectName", s.class_group as "classGroup", s.name, s.owner_id as "ownerId", s.state,
  (select count(*)::int from places p where p.space_id = s.id) as people`
const tables = `spaces s left join school_classes c on c.id = s.class_id left join subjects u on u.id = s.subject_id`

export interface SpaceFilter {
  kind?: string | undefined
  classId?: string | undefined
  ownerId?: string | undefined
  state?: string | undefined
  /** Of classes of this year, and of the school as a whole. */
  academicYear?: string | undefined
  after?: readonly [name: string, id: string] | undefined
  limit: number
}

/** A page of spaces by name. */
export async function listSpaces(tx: Queryable, filter: SpaceFilter): Promise<SpaceRow[]> {
  const { rows } = await tx.query<SpaceRow>(
    `select ${columns} from ${tables}
     where ($1::text is null or s.kind = $1) and ($2::text is null or s.class_id = $2) and ($3::text is null or s.owner_id = $3)
       and ($4::text is null or s.state = $4) and ($5::text is null or c.academic_year = $5 or s.class_id is null)
       and ($6::text is null or (s.name, s.id) > ($6, $7))
     order by s.name, s.id limit $8`,
    [
      filter.kind ?? null, filter.classId ?? null, filter.ownerId ?? null, filter.state ?? null, filter.academicYear ?? null,
      filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit,
    ],
  )
  return rows
}

export async function findSpace(tx: Queryable, id: string): Promise<SpaceRow | undefined> {
  const { rows } = await tx.query<SpaceRow>(`select ${columns} from ${tables} where s.id = $1`, [id])
  return rows[0]
}

/** Spaces by their ids; unknown ones are left out. */
export async function findSpaces(tx: Queryable, ids: readonly string[]): Promise<Map<string, SpaceRow>> {
  const { rows } = await tx.query<SpaceRow>(`select ${columns} from ${tables} where s.id = any ($1)`, [ids])
  return new Map(rows.map((space) => [space.id, space]))
}

/** The chat's own address, sealed ('linkUrl'). Undefined before it is made, and for a class. */
export async function findSpaceUrl(tx: Queryable, id: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ url: string | null }>(`select url from spaces where id = $1`, [id])
  return rows[0]?.url ?? undefined
}

/** Who is in a space, by name. */
export async function listPlaces(tx: Queryable, spaceId: string): Promise<{ personId: string; standing: 'expected' | 'there'; since: Date }[]> {
  const { rows } = await tx.query<{ personId: string; standing: 'expected' | 'there'; since: Date }>(
    `select l.person_id as "personId", l.standing, l.since from places l join people p on p.id = l.person_id where l.space_id = $1 order by p.search_key, p.id`,
    [spaceId],
  )
  return rows
}

/** The class on the platform, where people may be invited; undefined before a person has made it there. */
export async function findLivingClass(tx: Queryable, classId: string): Promise<SpaceRow | undefined> {
  const { rows } = await tx.query<SpaceRow>(`select ${columns} from ${tables} where s.kind = 'schoolClass' and s.class_id = $1 and s.state = any ($2)`, [classId, livingStates])
  return rows[0]
}

/** The chats of a kind that these classes have on the platform, by class. */
export async function findClassChats(tx: Queryable, classIds: readonly string[], kind: SpaceKind): Promise<Map<string, SpaceRow>> {
  const { rows } = await tx.query<SpaceRow & { classId: string }>(`select ${columns} from ${tables} where s.class_id = any ($1) and s.kind = $2 and s.state = any ($3)`, [classIds, kind, livingStates])
  return new Map(rows.map((space) => [space.classId, space]))
}

/** Whether people may be invited into it now. */
export const isLiving = ({ state }: Pick<SpaceRow, 'state'>): boolean => livingStates.includes(state)

/** What the person owns and has not closed; each has a process that can be told to hand it over. */
export async function listOwnedSpaces(tx: Queryable, personId: string): Promise<SpaceRow[]> {
  const { rows } = await tx.query<SpaceRow>(
    `select ${columns} from ${tables} where s.owner_id = $1 and s.process_id is not null and s.state not in ('archived', 'cancelled') order by s.name, s.id`,
    [personId],
  )
  return rows
}

/** Spaces that are there or on their way, by what there is one of. */
export async function listTakenSpaces(tx: Queryable): Promise<Pick<SpaceRow, 'kind' | 'classId' | 'subjectId' | 'classGroup'>[]> {
  const { rows } = await tx.query<Pick<SpaceRow, 'kind' | 'classId' | 'subjectId' | 'classGroup'>>(
    `select kind, class_id as "classId", subject_id as "subjectId", class_group as "classGroup" from spaces where state not in ('archived', 'cancelled')`,
  )
  return rows
}

/** Instances of the links into these spaces that are not closing yet, by the instance of the space; a space without any is left out. */
export async function listLinksOf(tx: Queryable, processIds: readonly string[]): Promise<{ space: string; links: string[] }[]> {
  const { rows } = await tx.query<{ space: string; links: string[] }>(
    `select s.process_id as space, array_agg(l.process_id order by l.process_id) as links
     from spaces s join invite_links l on l.state in ('requested', 'creating', 'creationFailed', 'active')
       and (case s.kind
         -- A link of the year before leads into the class as it goes on.
         when 'schoolClass' then l.target = 'class' and (l.target_id = s.class_id or exists (select 1 from promotion_classes c where c.class_id = l.target_id and s.id = any (c.spaces)))
         when 'staffRoom' then l.target = 'staffRoom'
         else l.target = 'chat' and l.target_id = s.id end)
     where s.process_id = any ($1) group by 1 order by 1`,
    [processIds],
  )
  return rows
}
