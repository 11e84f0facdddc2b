import type { AnyEvent } from '../machines/effects.ts'
import { staffMovementKinds } from '../machines/movement-kinds.ts'
import type { MovementStep } from '../machines/movement-steps.ts'
import type { Queryable } from './connection.ts'
import { findMovement, type MovementRow } from './movements.ts'
import { lockOrganization } from './organizations.ts'

/** A right or a class that somebody has on the platform. */
export interface Duty {
  duty: string
  classId: string
}

/** What a movement did beside memberships. */
export interface Applied {
  /** Roles taken from a membership that goes on. */
  roles?: string[]
  /** Rights and classes that are to be taken away on the platform without an assignment. */
  duties?: Duty[]
  /** The class that the membership named. */
  classId?: string | null
  /** Classes whose class teacher the person was. */
  classes?: string[]
  endedLoads?: string[]
  newLoads?: string[]
  /** Assignments that are taken away; instances of those that it begins. */
  relieved?: { processId: string; duty: string; classId: string }[]
  begun?: string[]
  /** Ids of spaces that change hands. */
  handovers?: string[]
  /** Of who is back from leave: roles that the register gives again, and whether additional rights are to be given anew. */
  givenBack?: string[]
  rightsAnew?: boolean
}

export interface LockedMovement extends MovementRow {
  applied: Applied
  /** What the jobs answered. */
  begun: AnyEvent | null
  takenBack: AnyEvent | null
}

export const isStaffKind = (kind: string): boolean => (staffMovementKinds as readonly string[]).includes(kind)

/** The leave that the person is on: begun, not taken back, and not come back from. */
export async function findLeave(tx: Queryable, personId: string): Promise<Pick<LockedMovement, 'processId' | 'applied'> | undefined> {
  const { rows } = await tx.query<Pick<LockedMovement, 'processId' | 'applied'>>(
    `select v.process_id as "processId", v.applied from movements v
     where v.person_id = $1 and v.kind = 'longLeave' and v.begun_at is not null and v.taken_back_at is null
       and not exists (select 1 from movements r where r.person_id = v.person_id and r.kind = 'leaveReturn' and r.begun_at > v.begun_at and r.taken_back_at is null)
     order by v.begun_at desc limit 1`,
    [personId],
  )
  return rows[0]
}

/**
 * Makes whoever works on this movement wait, on these people (the person and the guardians), and for staff on the
 * school: two administrators may leave at once (BR-12). People are locked in the order of their ids.
 */
export async function lockMovement(tx: Queryable, orgId: string, processId: string): Promise<{ movement: LockedMovement; people: string[] }> {
  const { rows: known } = await tx.query<{ id: string; kind: string; personId: string }>(`select id, kind, person_id as "personId" from movements where process_id = $1`, [processId])
  if (!known[0]) throw new Error(`no movement ${processId}`)
  const { id, kind, personId } = known[0]
  if (isStaffKind(kind)) await lockOrganization(tx, orgId)
  const { rows } = await tx.query<Pick<LockedMovement, 'applied' | 'begun' | 'takenBack'>>(`select applied, begun, taken_back as "takenBack" from movements where id = $1 for update`, [id])
  const guardians = isStaffKind(kind) ? [] : await listGuardians(tx, personId)
  const people = [personId, ...guardians.filter((one) => one !== personId)]
  await tx.query('select id from people where id = any ($1) order by id for no key update', [people])
  return { movement: { ...(await findMovement(tx, id))!, ...rows[0]! }, people }
}

async function listGuardians(tx: Queryable, childId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`select distinct person_id as id from memberships where kind = 'guardian' and guardian_of = $1 order by 1`, [childId])
  return rows.map(({ id }) => id)
}

export async function noteBegun(tx: Queryable, id: string, applied: Applied, answer: AnyEvent): Promise<void> {
  await tx.query('update movements set begun_at = now(), begun = $2, applied = $3 where id = $1', [id, JSON.stringify(answer), JSON.stringify(applied)])
}

export async function noteTakenBack(tx: Queryable, id: string, answer: AnyEvent): Promise<void> {
  await tx.query('update movements set taken_back_at = now(), taken_back = $2 where id = $1', [id, JSON.stringify(answer)])
}

/** The steps that are open now: others count on them, also on those of a movement that was overtaken and has been taken up again. */
export async function noteSteps(tx: Queryable, id: string, steps: readonly Pick<MovementStep, 'id' | 'action' | 'person' | 'space' | 'state'>[]): Promise<void> {
  await tx.query('update movements set steps = $2, overtaken = false where id = $1', [id, JSON.stringify(steps)])
}

/** Unfinished movements of the person that have changed the register before this one. */
export async function listUnfinished(tx: Queryable, { id, personId }: Pick<MovementRow, 'id' | 'personId'>): Promise<{ id: string; processId: string }[]> {
  const { rows } = await tx.query<{ id: string; processId: string }>(
    `select id, process_id as "processId" from movements
     where person_id = $1 and id <> $2 and begun_at is not null and state in ('platformWork', 'reversing') and not overtaken order by entered`,
    [personId, id],
  )
  return rows
}

/** From now on their work is another movement's. */
export async function markOvertaken(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query('update movements set overtaken = true where id = any ($1)', [ids])
}

/** Open steps of other movements about these people. */
export async function listOtherSteps(tx: Queryable, movementId: string, people: readonly string[]): Promise<{ processId: string; id: string; action: string; person: string; space: string | null }[]> {
  const { rows } = await tx.query<{ processId: string; id: string; action: string; person: string; space: string | null }>(
    `select v.process_id as "processId", s.id, s.action, s.person, s.space
     from movements v, jsonb_to_recordset(v.steps) as s (id text, action text, person text, space text, state text)
     where v.id <> $1 and v.state in ('platformWork', 'reversing') and not v.overtaken and s.state in ('open', 'failed') and s.person = any ($2)
     order by v.entered, s.id`,
    [movementId, people],
  )
  return rows
}
