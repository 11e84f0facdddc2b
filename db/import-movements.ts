import type { Queryable } from './connection.ts'

/** Kinds of movements that an import can find (domain.md 7.6). */
export const foundMovementKinds = ['classTransfer', 'departure', 'readmission', 'staffDeparture'] as const

/** What a committed import found and only an order may do (BR-16): to be drafted as a movement. */
export interface FoundMovement {
  id: string
  importId: string
  kind: (typeof foundMovementKinds)[number]
  personId: string
  /** The membership it ends or changes; null for who comes back. */
  membershipId: string | null
  fromClassId: string | null
  toClassId: string | null
  foundAt: Date
}

/** Writes down what is to be drafted; a person for whom the same waits already gets the newer one. */
export async function insertFoundMovements(tx: Queryable, orgId: string, importId: string, rows: readonly Pick<FoundMovement, 'id' | 'kind' | 'personId' | 'membershipId' | 'toClassId'>[]): Promise<void> {
  await tx.query(
    `insert into import_movements (id, org_id, import_id, kind, person_id, membership_id, to_class_id)
     select id, $1, $2, kind, "personId", "membershipId", "toClassId"
     from json_to_recordset($3) as r (id text, kind text, "personId" text, "membershipId" text, "toClassId" text)
     on conflict (org_id, person_id, kind) where movement_id is null
       do update set import_id = excluded.import_id, membership_id = excluded.membership_id, to_class_id = excluded.to_class_id, found_at = now()`,
    [orgId, importId, JSON.stringify(rows)],
  )
}

/**
 * A page of what waits to be drafted: found by an import, taken up by no movement, and still so — a pupil who is in that
 * class by now, or who has left, is not among them.
 */
export async function listFoundMovements(tx: Queryable, filter: { ids?: readonly string[] | undefined; importId?: string | undefined; after?: string | undefined; limit: number }): Promise<FoundMovement[]> {
  const { rows } = await tx.query<FoundMovement>(
    `select f.id, f.import_id as "importId", f.kind, f.person_id as "personId", f.membership_id as "membershipId", m.class_id as "fromClassId",
       f.to_class_id as "toClassId", f.found_at as "foundAt"
     from import_movements f left join memberships m on m.id = f.membership_id
     where f.movement_id is null and ($1::text is null or f.import_id = $1) and ($2::text is null or f.id > $2) and ($4::text[] is null or f.id = any ($4))
       and case f.kind when 'readmission' then not exists (select 1 from memberships s where s.person_id = f.person_id and s.kind = 'student' and s.ended_at is null)
                       when 'classTransfer' then m.ended_at is null and m.class_id is distinct from f.to_class_id
                       else m.ended_at is null end
     order by f.id limit $3`,
    [filter.importId ?? null, filter.after ?? null, filter.limit, filter.ids ?? null],
  )
  return rows
}

/** What an import found and this movement does waits no more. */
export async function takeFoundMovement(tx: Queryable, movement: { id: string; kind: string; personId: string }): Promise<void> {
  await tx.query('update import_movements set movement_id = $1 where kind = $2 and person_id = $3 and movement_id is null', [movement.id, movement.kind, movement.personId])
}
