import type { Queryable } from './connection.ts'

/** A live assignment of the same thing to the same person, if there is one; the class of another year is another thing. */
export async function findLiveAssignment(tx: Queryable, wanted: { kind: string; personId: string; className: string | null; classId: string | null }): Promise<{ processId: string } | undefined> {
  const { rows } = await tx.query<{ processId: string }>(
    `select process_id as "processId" from staff_assignments
     where kind = $1 and person_id = $2 and class_name is not distinct from $3 and state not in ('removed', 'cancelled')
       and ($4::text is null or class_id is null or class_id = $4)`,
    [wanted.kind, wanted.personId, wanted.className, wanted.classId],
  )
  return rows[0]
}

/** People of the school with confirmed rights that nobody is taking away; who has left is none of them (BR-12). */
const administrators = `(
  select m.person_id from memberships m join organizations o on o.id = m.org_id
  where o.registered_at is not null and m.ended_at is null and 'platformAdmin' = any (m.roles)
  union
  select a.person_id from staff_assignments a join memberships m on m.person_id = a.person_id and m.kind = 'staff' and m.ended_at is null
  where a.kind = 'extraAdmin' and a.state = 'active') administrators`

/** Administrators beside this person. */
export async function countOtherAdministrators(tx: Queryable, personId: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(`select count(distinct person_id)::int as count from ${administrators} where person_id <> $1`, [personId])
  return rows[0]!.count
}

/** Whether an administrator is left if this person goes; the school that has none yet loses none (BR-12). */
export async function administratorRemains(tx: Queryable, personId: string): Promise<boolean> {
  const { rows } = await tx.query<{ remains: boolean }>(`select count(*) = 0 or count(*) filter (where person_id <> $1) > 0 as remains from ${administrators}`, [personId])
  return rows[0]!.remains
}
