import { inWholeSchool, type Queryable } from '../../db/connection.ts'
import { findOrder } from '../../db/orders.ts'
import { listClassWork, listMovedAssignments, listMovedSpaces, lockPromotion, moveClasses, moveRegister, noteApplied } from '../../db/promotion-work.ts'
import { countDraftGaps } from '../../db/promotions.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { ClassStep, MovedAssignment, MovedSpace } from '../../machines/year-end-promotion-events.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import type { DoJob } from './index.ts'

/**
 * Carries the approved year's end into the register, a whole school in one transaction: either every pupil has moved or
 * none has. An approval that was rolled back meanwhile, or whose order was cancelled, changes nothing.
 */
export const applyPromotion: DoJob = ({ db }, { orgId, params }) =>
  inWholeSchool(db, orgId, async (tx): Promise<AnyEvent> => {
    const id = String(params.promotionId)
    const attempt = Number(params.attempt)
    const standing = await lockPromotion(tx, id)
    if (standing.appliedAttempt === attempt) return standing.applied as AnyEvent
    // A worker that was held up comes too late.
    if (standing.rolledBackAttempt >= attempt || (standing.appliedAttempt ?? 0) > attempt) return { type: 'APPLY_REFUSED', undecided: 0 }
    const orderStands = (await findOrder(tx, String(params.orderId)))?.status === 'registered'
    const { undecided, missing, withoutTarget } = await countDraftGaps(tx, id)
    const gaps = undecided + missing + withoutTarget
    if (!orderStands || gaps > 0) {
      // An answer for good: a worker that was held up does not apply what the list was returned for.
      const answer = { type: 'APPLY_REFUSED', undecided: orderStands ? gaps : 0 }
      await noteApplied(tx, id, attempt, answer)
      return answer
    }

    await moveRegister(tx, orgId, id, String(params.orderId), String(params.applyOn))
    // Somebody was moved by an order between the count and the move: nothing of this stays, and the next attempt counts them.
    if ((await countDraftGaps(tx, id)).missing > 0) throw new Error('a pupil has changed the class meanwhile')
    await moveClasses(tx, orgId, id)
    const answer = { type: 'REGISTER_UPDATED', steps: await stepsOf(tx, id), spaces: await spacesOf(tx, id, standing), assignments: await assignmentsOf(tx, id) }
    await noteApplied(tx, id, attempt, answer)
    return answer
  })

async function stepsOf(tx: Queryable, id: string): Promise<ClassStep[]> {
  const { filled, left, ended } = await listClassWork(tx, id)
  return [
    ...filled.map((classId): ClassStep => ({ key: `openClass:${classId}`, kind: 'openClass', classId, after: 'now', ends: [] })),
    // Graduates and leavers keep their chats until the year is over (domain.md 7.11).
    ...left.map((classId): ClassStep => ({ key: `removeLeavers:${classId}`, kind: 'removeLeavers', classId, after: 'yearEnd', ends: [] })),
    ...ended.map(({ classId, gone, spaces }): ClassStep => ({ key: `archiveChats:${classId}`, kind: 'archiveChats', classId, after: gone ? 'yearEnd' : 'now', ends: spaces })),
  ]
}

/** The names of spaces go along: «5А — родители — 2026/27» becomes «6А — родители — 2027/28», a name of people's own stays. */
async function spacesOf(tx: Queryable, id: string, { fromYear, toYear }: { fromYear: string; toYear: string }): Promise<MovedSpace[]> {
  return (await listMovedSpaces(tx, id)).map(({ processId, name, fromName, to, toName }) => ({
    processId,
    classId: to,
    name: name.replace(fromName, toName).replace(academicYearLabel(fromYear), academicYearLabel(toYear)),
  }))
}

const assignmentsOf = async (tx: Queryable, id: string) => (await listMovedAssignments(tx, id)).map(({ processId, to, toName }): MovedAssignment => ({ processId, classId: to, className: toName }))
