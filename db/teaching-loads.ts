import type { Queryable } from './connection.ts'

/** Who teaches what to which class, or to a part of it. */
export interface LoadRow {
  id: string
  classId: string
  className: string
  academicYear: string
  subjectId: string
  subjectName: string
  personId: string
  /** Part of the class («1-я группа»); empty for all of it. */
  classGroup: string
}

const columns = `l.id, l.class_id as "classId", c.name as "className", c.academic_year as "academicYear", l.subject_id as "subjectId",
  s.name as "subjectName", l.person_id as "personId", l.class_group as "classGroup"`
const tables = `teaching_loads l join school_classes c on c.id = l.class_id join subjects s on s.id = l.subject_id`

export interface LoadFilter {
  academicYear?: string | undefined
  classId?: string | undefined
  personId?: string | undefined
  /** Continue after this id. */
  after?: string | undefined
  limit?: number
}

/** Loads that stand, by id; all of them without a limit. */
export async function listLoads(tx: Queryable, filter: LoadFilter): Promise<LoadRow[]> {
  const { rows } = await tx.query<LoadRow>(
    `select ${columns} from ${tables}
     where l.ended_at is null and ($1::text is null or c.academic_year = $1) and ($2::text is null or l.class_id = $2) and ($3::text is null or l.person_id = $3)
       and ($4::text is null or l.id > $4)
     order by l.id limit $5`,
    [filter.academicYear ?? null, filter.classId ?? null, filter.personId ?? null, filter.after ?? null, filter.limit ?? null],
  )
  return rows
}

export type NewLoad = Pick<LoadRow, 'id' | 'classId' | 'subjectId' | 'personId' | 'classGroup'>

/** Enters loads in one statement; those that are there already stay. Returns the ids of those that are new. */
export async function insertLoads(tx: Queryable, orgId: string, loads: readonly NewLoad[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into teaching_loads (id, org_id, class_id, subject_id, person_id, class_group)
     select id, $1, "classId", "subjectId", "personId", "classGroup"
     from json_to_recordset($2) as row (id text, "classId" text, "subjectId" text, "personId" text, "classGroup" text)
     on conflict (org_id, class_id, subject_id, person_id, class_group) where ended_at is null do nothing returning id`,
    [orgId, JSON.stringify(loads)],
  )
  return new Set(rows.map(({ id }) => id))
}

/** Ends loads; they stay for who looks back. Returns the ids of those that stood. */
export async function endLoads(tx: Queryable, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(`update teaching_loads set ended_at = now() where id = any ($1) and ended_at is null returning id`, [ids])
  return new Set(rows.map(({ id }) => id))
}
