import type { Queryable } from './connection.ts'

export interface SpaceProjection {
  id: string
  processId: string
  kind: string
  classId: string | null
  subjectId: string | null
  classGroup: string
  name: string
  ownerId: string | null
  state: string
  url: string | null
}

/** What these spaces were before the step, by id; a new one is left out. */
export async function readSpacesBefore(tx: Queryable, ids: readonly string[]): Promise<Map<string, { state: string; ownerId: string | null }>> {
  const { rows } = await tx.query<{ id: string; state: string; ownerId: string | null }>(`select id, state, owner_id as "ownerId" from spaces where id = any ($1)`, [ids])
  return new Map(rows.map(({ id, ...before }) => [id, before]))
}

/** Spaces as their processes have them. */
export async function upsertSpaces(tx: Queryable, orgId: string, rows: readonly SpaceProjection[]): Promise<void> {
  await tx.query(
    `insert into spaces (id, org_id, process_id, kind, class_id, subject_id, class_group, name, owner_id, state, url)
     select r.id, $1, r."processId", r.kind, r."classId", r."subjectId", r."classGroup", r.name, r."ownerId", r.state, r.url
     from jsonb_to_recordset($2::jsonb) as r(id text, "processId" text, kind text, "classId" text, "subjectId" text, "classGroup" text, name text,
       "ownerId" text, state text, url text)
     on conflict (id) do update set class_id = excluded.class_id, name = excluded.name, owner_id = excluded.owner_id, state = excluded.state, url = excluded.url`,
    [orgId, JSON.stringify(rows)],
  )
}

/** Classes by the name they have on the platform; null where there is none any more. */
export async function updatePlatformNames(tx: Queryable, rows: readonly { classId: string; platformName: string | null }[]): Promise<void> {
  await tx.query(
    `update school_classes c set platform_name = r."platformName" from jsonb_to_recordset($1::jsonb) as r("classId" text, "platformName" text) where c.id = r."classId"`,
    [JSON.stringify(rows)],
  )
}
