import type { MovementKind } from '../machines/movement-kinds.ts'
import type { MovementStep } from '../machines/movement-steps.ts'
import type { Queryable } from './connection.ts'

/** What a movement needs beside persons, classes and dates: depends on its kind (domain.md 7.6). */
export interface MovementDetails {
  /** Hire. */
  position?: string
  roles?: string[]
  teachingStaff?: boolean
  /** Leave: the last day, as far as it is known. */
  until?: string
  /** The instant after that day, by the school's clock. */
  endsAt?: string
  /** Who takes over chats, and classes that are taken away. */
  successorId?: string
  /** Ids of classes whose class teacher the person becomes or is no more. */
  giveClasses?: string[]
  takeClasses?: string[]
  giveLoads?: { classId: string; subjectId: string; classGroup: string }[]
  /** Ids of loads. */
  takeLoads?: string[]
}

/** A movement in its register. */
export interface MovementRow {
  id: string
  processId: string
  number: string
  kind: MovementKind
  personId: string
  /** Local date it counts from. */
  effectiveOn: string
  fromClassId: string | null
  fromClassName: string | null
  toClassId: string | null
  toClassName: string | null
  reason: string | null
  details: MovementDetails
  state: string
  orderId: string | null
  reverseOrderId: string | null
  /** The membership it begins, where its kind begins one. */
  membershipId: string
  begunAt: Date | null
  takenBackAt: Date | null
  createdAt: Date
}

const columns = `v.id, v.process_id as "processId", v.number, v.kind, v.person_id as "personId", v.effective_on as "effectiveOn",
  v.from_class_id as "fromClassId", f.name as "fromClassName", v.to_class_id as "toClassId", t.name as "toClassName", v.reason, v.details, v.state,
  v.order_id as "orderId", v.reverse_order_id as "reverseOrderId", v.membership_id as "membershipId", v.begun_at as "begunAt",
  v.taken_back_at as "takenBackAt", v.created_at as "createdAt"`
const tables = `movements v left join school_classes f on f.id = v.from_class_id left join school_classes t on t.id = v.to_class_id`

export type NewMovement = Pick<MovementRow, 'id' | 'processId' | 'number' | 'kind' | 'personId' | 'effectiveOn' | 'fromClassId' | 'toClassId' | 'reason' | 'details' | 'membershipId'>

/** Enters a movement. The same kind for one person on one day is there once. */
export async function insertMovement(tx: Queryable, orgId: string, movement: NewMovement): Promise<void> {
  await tx.query(
    `insert into movements (id, org_id, process_id, number, kind, person_id, effective_on, from_class_id, to_class_id, reason, details, membership_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      movement.id, orgId, movement.processId, movement.number, movement.kind, movement.personId, movement.effectiveOn, movement.fromClassId, movement.toClassId,
      movement.reason, JSON.stringify(movement.details), movement.membershipId,
    ],
  )
}

export async function findMovement(tx: Queryable, id: string): Promise<MovementRow | undefined> {
  return (await tx.query<MovementRow>(`select ${columns} from ${tables} where v.id = $1`, [id])).rows[0]
}

/** Movements of the person that are not over: they may still change the register, or are about to. */
export async function listLiveMovements(tx: Queryable, personId: string): Promise<MovementRow[]> {
  const { rows } = await tx.query<MovementRow>(`select ${columns} from ${tables} where v.person_id = $1 and v.state not in ('cancelled', 'reversed') order by v.entered`, [personId])
  return rows
}

export interface MovementFilter {
  kind?: string | undefined
  state?: string | undefined
  personId?: string | undefined
  /** Leads into or out of the class. */
  classId?: string | undefined
  after?: readonly [createdAt: string, id: string] | undefined
  limit: number
}

/** A page of the register, the latest first; `enteredAt` is what the next page continues after. */
export async function listMovements(tx: Queryable, filter: MovementFilter): Promise<(MovementRow & { enteredAt: string })[]> {
  const { rows } = await tx.query<MovementRow & { enteredAt: string }>(
    `select ${columns}, v.created_at::text as "enteredAt" from ${tables}
     where ($1::text is null or v.kind = $1) and ($2::text is null or v.state = $2) and ($3::text is null or v.person_id = $3)
       and ($4::text is null or v.from_class_id = $4 or v.to_class_id = $4)
       and ($5::timestamptz is null or (v.created_at, v.id) < ($5, $6))
     order by v.created_at desc, v.id desc limit $7`,
    [filter.kind ?? null, filter.state ?? null, filter.personId ?? null, filter.classId ?? null, filter.after?.[0] ?? null, filter.after?.[1] ?? null, filter.limit],
  )
  return rows
}

/** Movements that rest on the order and have not ended. */
export async function listMovementsOn(tx: Queryable, orderId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select process_id as id from movements where order_id = $1 and state not in ('draft', 'awaitingOrder', 'reversing', 'reversed', 'cancelled') order by entered`,
    [orderId],
  )
  return rows.map(({ id }) => id)
}

/** The process as it is now (projection). Steps are kept once the register has been changed. */
export async function updateMovement(
  tx: Queryable,
  id: string,
  { state, orderId, reverseOrderId, steps }: { state: string; orderId: string | null; reverseOrderId: string | null; steps: readonly MovementStep[] | null },
): Promise<void> {
  await tx.query(`update movements set state = $2, order_id = $3, reverse_order_id = $4, steps = coalesce($5, steps) where id = $1`, [
    id, state, orderId, reverseOrderId, steps && JSON.stringify(steps),
  ])
}

/** Steps confirmed since the last look, by their ids; from now on they are known. */
export async function takeUnsettledSteps(tx: Queryable, id: string, done: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ settled: string[] }>('select settled_steps as settled from movements where id = $1 for update', [id])
  const fresh = done.filter((step) => !rows[0]!.settled.includes(step))
  await tx.query('update movements set settled_steps = $2 where id = $1', [id, done])
  return new Set(fresh)
}
