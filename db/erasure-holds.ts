import { RETENTION } from '../machines/process.ts'
import type { Queryable } from './connection.ts'

/** Why a person cannot be forgotten yet. */
export interface Hold {
  personId: string
  kind: 'membership' | 'process' | 'task' | 'import' | 'start' | 'place' | 'space'
  /** What holds: a membership, process, task, import or space by its id. */
  id: string
  /** Its own kind: of membership, process or task; the name of a space. */
  name: string
  /** State and number of a process. */
  state: string | null
  number: string | null
}

/** In this state an instance has done its work and only waits to be forgotten. */
const over = `p.context -> 'deadlines' ? '${RETENTION}'`

const select = (kind: Hold['kind'], person: string, id: string, name: string, more = `null::text, null::text`) => `select ${person} as "personId", '${kind}' as kind, ${id} as id, ${name} as name, ${more}`

/** Whether membership m goes on. A guardian is one for as long as the child is here, whoever forgot to end it. */
const goesOn = `m.ended_at is null and (m.kind <> 'guardian' or exists (select from memberships c where c.person_id = m.guardian_of and c.ended_at is null))`
/** When a list had person p, who had left, back in it: that waits for an order, which needs the name. */
const foundBack = `(select max(f.found_at) from import_movements f where f.person_id = p.id and f.kind = 'readmission' and f.movement_id is null)`
/** When membership m ended, for one that does not go on. */
const ended = `coalesce(m.ended_at, (select max(c.ended_at) from memberships c where c.person_id = m.guardian_of))`

/**
 * What goes on about these people: being at the school, processes, tasks, imports that are looked at, starts that have only
 * been announced. Nobody of whom there is any is erased.
 */
export async function findHolds(tx: Queryable, personIds: readonly string[]): Promise<Hold[]> {
  const { rows } = await tx.query<Hold>(
    `${select('membership', 'm.person_id', 'm.id', 'm.kind', 'null::text as state, null::text as number')} from memberships m where m.person_id = any ($1) and ${goesOn}
     union all ${select('process', `p.context ->> 'personId'`, 'p.id', 'p.kind', 'p.state, p.number')} from processes p
       where p.context ->> 'personId' = any ($1) and p.ended_at is null and not (${over})
     union all ${select('task', 'x.person', 't.id', 't.kind')} from tasks t, lateral (values (t.assignee), (t.values ->> 'person')) as x (person)
       where t.closed_at is null and x.person = any ($1)
     union all ${select('import', 'r.person_id', 'i.id', `'import'`)} from imports i join import_rows r on r.import_id = i.id
       where i.state in ('received', 'previewing', 'preview', 'committing') and r.person_id = any ($1)
     union all ${select('start', 'x.person', 'c.id', `'start'`)} from cohorts c, unnest($1::text[]) as x (person)
       where c.status = 'starting' and position('"' || x.person || '"' in c.start_input::text) > 0`,
    [personIds],
  )
  return rows
}

/** Where the person still is on the platform, and whose owner they are there: somebody has to look after it by their name. */
export async function findPlacesLeft(tx: Queryable, personId: string): Promise<Hold[]> {
  const { rows } = await tx.query<Hold>(
    `${select('place', 'p.person_id', 's.id', 's.name', 'null::text as state, null::text as number')} from places p join spaces s on s.id = p.space_id
       where p.person_id = $1 and s.state in ('active', 'handover')
     union all ${select('space', 's.owner_id', 's.id', 's.name')} from spaces s where s.owner_id = $1 and s.state not in ('archived', 'cancelled')`,
    [personId],
  )
  return rows
}

/**
 * The next people, by id, whose last membership ended before `before` and whom no list has had back since, or who never had
 * one and were entered before it, and people already pseudonymised of whom a process has ended since: it has left words about them.
 */
export async function nextLeavers(tx: Queryable, before: Date, after: string, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `with words as (
       select context ->> 'personId' as id, max(ended_at) as at from processes where ended_at is not null and context ? 'personId' group by 1)
     select p.id from people p left join words on words.id = p.id
     where p.id > $2 and case when p.erased_at is not null then words.at > p.erased_at
       else not exists (select from memberships m where m.person_id = p.id and ${goesOn})
         and coalesce(greatest((select max(${ended}) from memberships m where m.person_id = p.id), ${foundBack}), p.created_at) < $1 end
     order by p.id limit $3`,
    [before, after, limit],
  )
  return rows.map(({ id }) => id)
}

/** Makes everybody who gives these people something new wait until this transaction is over. Unknown ids are left out. */
export async function lockPeople(tx: Queryable, ids: readonly string[]): Promise<{ id: string; erasedAt: Date | null }[]> {
  const { rows } = await tx.query<{ id: string; erasedAt: Date | null }>(`select id, erased_at as "erasedAt" from people where id = any ($1) order by id for update`, [ids])
  return rows
}

/** Whether what was known of the person has been erased. Held against an erasure until the transaction ends. */
export async function isErased(tx: Queryable, id: string): Promise<boolean> {
  const { rows } = await tx.query<{ erased: boolean }>(`select erased_at is not null as erased from people where id = $1 for key share`, [id])
  return rows[0]?.erased ?? false
}
