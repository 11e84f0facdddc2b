import { replayMemberships, type Mark, type NoEffect, type Segment } from '../school/membership-replay.ts'
import type { MovementKind } from '../machines/movement-kinds.ts'
import type { Queryable } from './connection.ts'
import type { MovementRow } from './movements.ts'

/*
 * Memberships of one person as they follow from everything that was decided: what people, imports and the year's end
 * entered, and the movements that have begun, sorted by the day they count from (docs/decisions/0013-movement.md).
 */

/** How a membership ended, if no movement ended it. */
interface OwnEnd {
  endedAt: string
  endsOn: string
  orderId: string | null
}

interface HistoryRow {
  id: string
  classId: string | null
  /** The membership it goes on from: of one that no movement began, at the year's end. */
  previousId: string | null
  startsOn: string | null
  createdOn: string
  endedAt: string | null
  endsOn: string | null
  endedOn: string | null
  endOrderId: string | null
  begunBy: string | null
  endedBy: string | null
  ownEnd: OwnEnd | null
}

type Told = Pick<MovementRow, 'id' | 'kind' | 'personId' | 'effectiveOn' | 'toClassId' | 'membershipId' | 'orderId'>

interface History {
  rows: Map<string, HistoryRow>
  marks: Mark[]
  /** Movements that count, by id. */
  movements: Map<string, Told>
}

const actions: Record<MovementKind, Mark['action']> = {
  enrollment: 'in', readmission: 'in', classTransfer: 'move', departure: 'out', hire: 'in', assignmentChange: 'stays', longLeave: 'stays', leaveReturn: 'stays', staffDeparture: 'out',
}
const kindsOf: Record<'student' | 'staff', readonly MovementKind[]> = {
  student: ['enrollment', 'classTransfer', 'departure', 'readmission'],
  staff: ['hire', 'assignmentChange', 'longLeave', 'leaveReturn', 'staffDeparture'],
}
const membershipKindOf = (kind: MovementKind) => (kindsOf.student.includes(kind) ? 'student' : 'staff')

/** Since ever, as far as the register knows. */
const always = '0001-01-01'

async function readHistory(tx: Queryable, { id, kind, personId }: Told, counts: boolean): Promise<History> {
  const membershipKind = membershipKindOf(kind)
  const { rows } = await tx.query<HistoryRow>(
    `select m.id, m.class_id as "classId", m.previous_id as "previousId", m.starts_on as "startsOn", (m.created_at at time zone o.timezone)::date as "createdOn", m.ended_at::text as "endedAt",
       m.ends_on as "endsOn", (m.ended_at at time zone o.timezone)::date as "endedOn", m.end_order_id as "endOrderId",
       m.begun_by as "begunBy", m.ended_by as "endedBy", m.own_end as "ownEnd"
     from memberships m join organizations o on o.id = m.org_id
     where m.person_id = $1 and m.kind = $2 order by m.created_at, m.id for update of m`,
    [personId, membershipKind],
  )
  const { rows: movements } = await tx.query<Told>(
    `select id, kind, person_id as "personId", effective_on as "effectiveOn", to_class_id as "toClassId", membership_id as "membershipId", order_id as "orderId"
     from movements where person_id = $1 and kind = any ($2) and case id when $3 then $4 else begun_at is not null and taken_back_at is null end order by entered`,
    [personId, kindsOf[membershipKind], id, counts],
  )
  const marks: Mark[] = []
  const dayOf = (row: HistoryRow, index: number) => row.startsOn ?? (index === 0 ? always : row.createdOn)
  const entered = rows.map((row, index) => ({ row, from: dayOf(row, index), end: ownEndOf(row) }))
    // What ended on the day it began was taken back: it never was.
    .filter(({ row, from, end }) => row.begunBy !== null || end === null || end.endsOn > from)
  const wentOn = new Set(entered.flatMap(({ row, from }) => (goesOn(row) ? [`${row.previousId} ${from}`] : [])))
  for (const { row, from, end } of entered) {
    if (row.begunBy === null) marks.push({ on: from, action: goesOn(row) ? 'move' : 'in', membershipId: row.id, classId: row.classId, movementId: null })
    // Into the next year with the class: who turns out to have left before that does not go.
    if (end && !wentOn.has(`${row.id} ${end.endsOn}`)) marks.push({ on: end.endsOn, action: 'out', membershipId: row.id, classId: null, movementId: null })
  }
  for (const one of movements) marks.push(markOf(one))
  return { rows: new Map(rows.map((row) => [row.id, row])), marks, movements: new Map(movements.map((one) => [one.id, one])) }
}

const markOf = ({ id, kind, effectiveOn, toClassId, membershipId }: Told): Mark => ({ on: effectiveOn, action: actions[kind], membershipId, classId: toClassId, movementId: id })

/** Whether the year's end put the pupil there, from the class before. */
const goesOn = ({ begunBy, previousId }: Pick<HistoryRow, 'begunBy' | 'previousId'>) => begunBy === null && previousId !== null

function ownEndOf({ endedAt, endedBy, endsOn, endedOn, endOrderId, ownEnd }: HistoryRow): OwnEnd | null {
  return endedAt !== null && endedBy === null ? { endedAt, endsOn: endsOn ?? endedOn!, orderId: endOrderId } : ownEnd
}

/** Why a movement cannot change the register: itself, or because of `other`, which would mean nothing any more. */
export type Obstacle = { reason: NoEffect } | { reason: 'laterMovement'; other: string }

/** Whether a movement that is not entered yet would change nothing on its day, as the register is now. */
export async function idleOnItsDay(tx: Queryable, movement: Told): Promise<NoEffect | null> {
  const { marks } = await readHistory(tx, movement, false)
  return replayMemberships([...marks, markOf(movement)]).idle.get(movement.id) ?? null
}

/** What stands in the way of a movement that begins. */
export async function obstacleToBegin(tx: Queryable, movement: Told): Promise<Obstacle | null> {
  const before = replayMemberships((await readHistory(tx, movement, false)).marks)
  const after = replayMemberships((await readHistory(tx, movement, true)).marks)
  const own = after.idle.get(movement.id)
  return own ? { reason: own } : newlyIdle(before.idle, after.idle)
}

/** What stands in the way of a movement that is taken back. */
export async function obstacleToReverse(tx: Queryable, movement: Told): Promise<Obstacle | null> {
  const before = replayMemberships((await readHistory(tx, movement, true)).marks)
  const after = replayMemberships((await readHistory(tx, movement, false)).marks)
  return newlyIdle(before.idle, after.idle)
}

function newlyIdle(before: ReadonlyMap<string, NoEffect>, after: ReadonlyMap<string, NoEffect>): Obstacle | null {
  const other = [...after.keys()].find((id) => !before.has(id))
  return other === undefined ? null : { reason: 'laterMovement', other }
}

/** Writes the memberships that follow with the movement, or without it. */
export async function rewriteMemberships(tx: Queryable, orgId: string, movement: MovementRow, counts: boolean): Promise<void> {
  const history = await readHistory(tx, movement, counts)
  const { segments } = replayMemberships(history.marks)
  await endVanished(tx, history, segments, movement.id)
  for (const segment of segments) if (history.rows.has(segment.membershipId) && segment.to !== null) await writeEnd(tx, history, segment)
  for (const segment of segments) if (!history.rows.has(segment.membershipId)) await insertBegun(tx, orgId, movement, history, segment)
  for (const segment of segments) {
    if (segment.to === null && history.rows.get(segment.membershipId)?.endedAt) await reopen(tx, segment.membershipId)
  }
}

/**
 * A membership whose beginning was taken back never was; nor was one that the year's end gave to somebody who, as
 * `movementId` says now, had left by then. The row stays for who refers to it.
 */
async function endVanished(tx: Queryable, { rows, marks }: History, segments: readonly Segment[], movementId: string): Promise<void> {
  const stays = new Set(segments.map(({ membershipId }) => membershipId))
  const told = new Set(marks.filter(({ action }) => action === 'move').map(({ membershipId }) => membershipId))
  const gone = [...rows.values()].filter((row) => !stays.has(row.id) && (row.begunBy !== null || (goesOn(row) && told.has(row.id))))
  await tx.query('update memberships set ended_at = coalesce(ended_at, now()), ends_on = starts_on, ended_by = coalesce(begun_by, ended_by, $2) where id = any ($1)', [gone.map(({ id }) => id), movementId])
}

async function writeEnd(tx: Queryable, { rows, movements }: History, { membershipId, to, endedBy }: Segment): Promise<void> {
  const row = rows.get(membershipId)!
  const own = ownEndOf(row)
  const movement = endedBy!.movementId === null ? undefined : movements.get(endedBy!.movementId)
  const asEntered = () => (endedBy!.action === 'out' ? ownEndOf(rows.get(endedBy!.membershipId)!) : own?.endsOn === to ? own : null)
  const end = movement ? { endedAt: row.endedAt, endsOn: to, orderId: movement.orderId } : (asEntered() ?? { endedAt: row.endedAt, endsOn: to, orderId: null })
  await tx.query('update memberships set ended_at = coalesce($2, now()), ends_on = $3, end_order_id = $4, ended_by = $5, own_end = $6 where id = $1', [
    membershipId, end.endedAt, end.endsOn, end.orderId, movement?.id ?? null, movement && own ? JSON.stringify(own) : null,
  ])
}

const reopen = (tx: Queryable, id: string) => tx.query('update memberships set ended_at = null, ends_on = null, end_order_id = null, ended_by = null, own_end = null where id = $1', [id])

async function insertBegun(tx: Queryable, orgId: string, movement: MovementRow, { movements }: History, segment: Segment): Promise<void> {
  const { orderId } = movements.get(segment.begunBy!)!
  const { position = null, roles = [], teachingStaff = false } = segment.begunBy === movement.id ? movement.details : {}
  await tx.query(
    `insert into memberships (id, org_id, person_id, kind, roles, position, teaching_staff, class_id, platform_status, starts_on, basis_order_id, previous_id, begun_by,
       ended_at, ends_on, end_order_id, ended_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce((select platform_status from memberships where id = $9 and kind = 'student'), 'absent'), $10, $11, $9, $12,
       case when $13::date is null then null else now() end, $13, $14, $15)`,
    [
      segment.membershipId, orgId, movement.personId, membershipKindOf(movement.kind), roles, position, teachingStaff, segment.classId, segment.previousId,
      segment.from, orderId, segment.begunBy, segment.to, segment.endedBy?.movementId ? movements.get(segment.endedBy.movementId)!.orderId : null, segment.endedBy?.movementId ?? null,
    ],
  )
}

/** Guardians go with the last child they have here: their memberships end with the child's, and go on with it again. */
export async function followGuardians(tx: Queryable, childId: string, movementId: string): Promise<void> {
  await tx.query(
    `update memberships g set ended_at = now(), ended_by = $2 where g.kind = 'guardian' and g.guardian_of = $1 and g.ended_at is null
       and not exists (select 1 from memberships c where c.person_id = $1 and c.kind = 'student' and c.ended_at is null)`,
    [childId, movementId],
  )
  await tx.query(
    `update memberships g set ended_at = null, ends_on = null, ended_by = null, end_order_id = null
     where g.kind = 'guardian' and g.guardian_of = $1 and (g.ended_by is not null or g.end_order_id is not null)
       and exists (select 1 from memberships c where c.person_id = $1 and c.kind = 'student' and c.ended_at is null)`,
    [childId],
  )
}
