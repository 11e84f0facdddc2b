import type { Queryable } from './connection.ts'

/** A joining as its process has it, and whom its link is for. */
export interface JoiningProjection {
  id: string
  processId: string
  spaceId: string
  classId: string
  audience: string
  ownerId: string
  linkId: string
  byName: boolean
  handedOut: number
  joined: number
  declined: number
  state: string
  personIds: readonly string[]
}

/** Writes what joinings are after a step. Repeats change nothing. */
export async function upsertJoinings(tx: Queryable, orgId: string, at: string, rows: readonly JoiningProjection[]): Promise<void> {
  const given = JSON.stringify(rows)
  await tx.query(
    `insert into joinings (id, org_id, process_id, space_id, class_id, audience, owner_id, link_id, by_name, handed_out, joined, declined, state, opened_at)
     select r.id, $1, r."processId", r."spaceId", r."classId", r.audience, r."ownerId", r."linkId", r."byName", r."handedOut", r.joined, r.declined, r.state, $3
     from jsonb_to_recordset($2::jsonb) as r(id text, "processId" text, "spaceId" text, "classId" text, audience text, "ownerId" text, "linkId" text,
       "byName" boolean, "handedOut" integer, joined integer, declined integer, state text)
     on conflict (id) do update set owner_id = excluded.owner_id, handed_out = excluded.handed_out, joined = excluded.joined, declined = excluded.declined, state = excluded.state`,
    [orgId, given, at],
  )
  await tx.query(
    `insert into joining_people (org_id, joining_id, person_id)
     select $1, r.id, p from jsonb_to_recordset($2::jsonb) as r(id text, "personIds" jsonb), jsonb_array_elements_text(r."personIds") as p
     on conflict do nothing`,
    [orgId, given],
  )
}
