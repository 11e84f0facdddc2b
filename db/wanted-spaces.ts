import { placeSteps, wantedSpaces, type Belonging, type LivingSpace, type PlaceStep } from '../school/wanted-spaces.ts'
import type { Queryable } from './connection.ts'

/** Spaces that are there on the platform; one that is being archived takes nobody in and lets nobody go. */
export async function listLivingSpaces(tx: Queryable): Promise<LivingSpace[]> {
  const { rows } = await tx.query<LivingSpace>(
    `select id, kind, class_id as "classId", subject_id as "subjectId", class_group as "classGroup", owner_id as "ownerId"
     from spaces where state in ('active', 'handover') order by created_at, id`,
  )
  return rows
}

/**
 * What the register says of these people now, by their id; somebody who has left belongs nowhere. Children are looked up by
 * their ids, not joined: in a school that has just come PostgreSQL would go through all pupils for each person.
 */
export async function readBelongings(tx: Queryable, personIds: readonly string[]): Promise<Map<string, Belonging>> {
  const { rows } = await tx.query<Belonging>(
    `select p.id as "personId",
       (select json_build_object('roles', m.roles, 'teachingStaff', m.teaching_staff) from memberships m
        where m.person_id = p.id and m.kind = 'staff' and m.ended_at is null limit 1) as staff,
       exists (select 1 from memberships m where m.person_id = p.id and m.kind = 'student' and m.ended_at is null) as student,
       exists (select 1 from memberships m where m.person_id = p.id and m.kind = 'guardian' and m.ended_at is null) as guardian,
       array(select m.class_id from memberships m where m.person_id = p.id and m.kind = 'student' and m.ended_at is null and m.class_id is not null) as "learnsIn",
       array(select distinct child.class_id from memberships child
         where child.person_id = any (array(select m.guardian_of from memberships m where m.person_id = p.id and m.kind = 'guardian' and m.ended_at is null))
           and child.kind = 'student' and child.ended_at is null and child.class_id is not null) as "guardianIn",
       array(select t.class_id from class_teachers t where t.person_id = p.id) as "classTeacherOf",
       coalesce((select json_agg(json_build_object('classId', l.class_id, 'subjectId', l.subject_id, 'classGroup', l.class_group)) from teaching_loads l
         where l.person_id = p.id and l.ended_at is null and exists (select 1 from memberships m where m.person_id = p.id and m.kind = 'staff' and m.ended_at is null)), '[]') as loads
     from people p where p.id = any ($1)`,
    [personIds],
  )
  return new Map(rows.map((row) => [row.personId, row]))
}

/** Ids of spaces where each of these people is on the platform, confirmed or presumed. Who is nowhere is left out. */
export async function readPlaces(tx: Queryable, personIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await tx.query<{ personId: string; spaces: string[] }>(
    `select person_id as "personId", array_agg(space_id order by space_id) as spaces from places where person_id = any ($1) group by person_id`,
    [personIds],
  )
  return new Map(rows.map(({ personId, spaces }) => [personId, spaces]))
}

/** What is left to do on the platform for each of these people, by their id: what the register wants, less who is there. */
export async function readPlaceSteps(tx: Queryable, personIds: readonly string[]): Promise<Map<string, PlaceStep[]>> {
  const spaces = await listLivingSpaces(tx)
  const belongings = await readBelongings(tx, personIds)
  const places = await readPlaces(tx, personIds)
  return new Map([...belongings.values()].map((person) => [person.personId, placeSteps(person, spaces, places.get(person.personId) ?? [])]))
}

/** Everybody whom the register puts into a living space is expected there from now on. Repeats change nothing. */
export async function expectWanted(tx: Queryable, orgId: string, spaceIds: readonly string[]): Promise<void> {
  const spaces = (await listLivingSpaces(tx)).filter(({ id }) => spaceIds.includes(id))
  if (spaces.length === 0) return
  // Whom it could be at all: not the whole school for the chat of one class.
  const { rows: people } = await tx.query<{ id: string }>(
    `select m.person_id as id from memberships m where m.ended_at is null and (m.kind = 'staff' or m.class_id = any ($1))
     union select m.person_id from memberships m join memberships child on child.person_id = m.guardian_of
       where m.kind = 'guardian' and m.ended_at is null and child.kind = 'student' and child.ended_at is null and child.class_id = any ($1)`,
    [spaces.flatMap(({ classId }) => classId ?? [])],
  )
  const belongings = await readBelongings(tx, people.map(({ id }) => id))
  const expected = [...belongings.values()].flatMap((person) => wantedSpaces(person, spaces, []).map((spaceId) => ({ spaceId, personId: person.personId })))
  await expectPlaces(tx, orgId, expected)
}

/** Whether the person is in a class or chat on the platform, confirmed or presumed. */
export async function isSomewhere(tx: Queryable, personId: string): Promise<boolean> {
  const { rowCount } = await tx.query(`select 1 from places l join spaces s on s.id = l.space_id where l.person_id = $1 and s.state in ('active', 'handover') limit 1`, [personId])
  return rowCount === 1
}

/** People are presumed to be there from now on, unless they are already. */
export async function expectPlaces(tx: Queryable, orgId: string, places: readonly { spaceId: string; personId: string }[]): Promise<void> {
  await tx.query(
    `insert into places (org_id, space_id, person_id, standing)
     select distinct $1, "spaceId", "personId", 'expected' from json_to_recordset($2) as row ("spaceId" text, "personId" text)
     on conflict do nothing`,
    [orgId, JSON.stringify(places)],
  )
}

/** What a person confirmed of the platform: who was added is there, who was removed is not. Repeats change nothing. */
export async function confirmPlaces(tx: Queryable, orgId: string, steps: readonly (PlaceStep & { personId: string })[]): Promise<void> {
  const given = (action: PlaceStep['action']) => JSON.stringify(steps.filter((step) => step.action === action))
  await tx.query(
    `insert into places (org_id, space_id, person_id, standing)
     select distinct $1, "spaceId", "personId", 'there' from json_to_recordset($2) as row ("spaceId" text, "personId" text)
     on conflict (space_id, person_id) do update set standing = 'there', since = case when places.standing = 'there' then places.since else now() end`,
    [orgId, given('add')],
  )
  await tx.query(
    `delete from places p using json_to_recordset($1) as row ("spaceId" text, "personId" text) where p.space_id = row."spaceId" and p.person_id = row."personId"`,
    [given('remove')],
  )
}
