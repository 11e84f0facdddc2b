import type { Queryable } from './connection.ts'
import { confirmPlaces, expectPlaces } from './wanted-spaces.ts'

/** Where an invitation led somebody who has joined, or was removed after joining too late. */
export interface Joined {
  personId: string
  target: string
  targetId: string
  removed: boolean
}

/** Who joined is where the invitation led; who is in «Учительская» sees the channel of the staff, too. Repeats change nothing. */
export async function placeJoined(tx: Queryable, orgId: string, joined: readonly Joined[]): Promise<void> {
  if (joined.length === 0) return
  const { rows } = await tx.query<{ spaceId: string; personId: string; removed: boolean }>(
    `select s.id as "spaceId", r."personId", r.removed
     from json_to_recordset($1) as r ("personId" text, target text, "targetId" text, removed boolean)
       join spaces s on s.state in ('active', 'handover') and (
         (r.target = 'staffRoom' and s.kind = 'staffRoom') or (r.target = 'class' and s.kind = 'schoolClass' and (s.class_id = r."targetId"
           -- Invited before the year's end, when the class was called otherwise.
           or exists (select 1 from promotion_classes c where c.class_id = r."targetId" and s.id = any (c.spaces))))
         or (r.target = 'chat' and s.id = r."targetId"))`,
    [JSON.stringify(joined)],
  )
  await confirmPlaces(tx, orgId, rows.map(({ spaceId, personId, removed }) => ({ spaceId, personId, action: removed ? 'remove' : 'add' })))

  const colleagues = joined.filter(({ target, removed }) => target === 'staffRoom' && !removed)
  const { rows: channels } = await tx.query<{ id: string }>(`select id from spaces where kind = 'staffChannel' and state = 'active'`)
  await expectPlaces(tx, orgId, channels.flatMap(({ id }) => colleagues.map(({ personId }) => ({ spaceId: id, personId }))))
}
