import { inWholeSchool, type Queryable } from '../../db/connection.ts'
import { listMovedAssignments, listMovedSpaces, listSourcesOf, lockPromotion, noteRolledBack, restoreRegister } from '../../db/promotion-work.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { ClassStep, MovedAssignment, MovedSpace } from '../../machines/year-end-promotion-events.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import type { DoJob } from './index.ts'

/**
 * Takes the year's end back: memberships as they were, classes and their spaces where they were, and a task for every
 * class that a person had already changed on the platform (domain.md 7.11). An application that has not begun never will.
 */
export const rollBackPromotion: DoJob = ({ db }, { orgId, params }) =>
  inWholeSchool(db, orgId, async (tx): Promise<AnyEvent> => {
    const id = String(params.promotionId)
    const attempt = Number(params.attempt)
    const standing = await lockPromotion(tx, id)
    if (standing.rolledBackAttempt >= attempt) return standing.rolledBack as AnyEvent
    const applied = standing.appliedAttempt === attempt && (standing.applied as AnyEvent).type === 'REGISTER_UPDATED'
    const answer = applied
      ? { type: 'ROLLED_BACK', steps: await undoingOf(tx, id, params.done as string[]), spaces: await spacesBack(tx, id, standing), assignments: await assignmentsBack(tx, id) }
      : { type: 'ROLLED_BACK', steps: [], spaces: [], assignments: [] }
    if (applied) await restoreRegister(tx, id)
    await noteRolledBack(tx, id, attempt, answer)
    return answer
  })

/** Only what was confirmed is undone: in every class that came into one changed on the platform, or whose chats were closed. */
async function undoingOf(tx: Queryable, id: string, done: readonly string[]): Promise<ClassStep[]> {
  const confirmed = done.map((key) => key.split(':') as [ClassStep['kind'], string])
  const closed = confirmed.flatMap(([kind, classId]) => (kind === 'archiveChats' ? [classId] : []))
  const opened = confirmed.flatMap(([kind, classId]) => (kind === 'openClass' ? [classId] : []))
  const classes = new Set([...(await listSourcesOf(tx, id, opened)), ...closed])
  return [...classes].sort().map((classId) => ({ key: `restoreClass:${classId}`, kind: 'restoreClass', classId, after: 'now', ends: [] }))
}

async function spacesBack(tx: Queryable, id: string, { fromYear, toYear }: { fromYear: string; toYear: string }): Promise<MovedSpace[]> {
  return (await listMovedSpaces(tx, id)).map(({ processId, name, from, fromName, toName }) => ({
    processId,
    classId: from,
    name: name.replace(toName, fromName).replace(academicYearLabel(toYear), academicYearLabel(fromYear)),
  }))
}

const assignmentsBack = async (tx: Queryable, id: string) => (await listMovedAssignments(tx, id)).map(({ processId, from, fromName }): MovedAssignment => ({ processId, classId: from, className: fromName }))
