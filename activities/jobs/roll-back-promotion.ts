import { inSchool, type Queryable } from '../../db/connection.ts'
import { listMovedSpaces, lockPromotion, noteRolledBack, restoreRegister } from '../../db/promotion-work.ts'
import type { AnyEvent } from '../../machines/effects.ts'
import type { ClassStep, MovedSpace } from '../../machines/year-end-promotion-events.ts'
import { academicYearLabel } from '../../school/calendar/academic-year.ts'
import type { DoJob } from './index.ts'

/**
 * Takes the year's end back: memberships as they were, classes and their spaces where they were, and a task for every
 * class that a person had already changed on the platform (domain.md 7.11). An application that has not begun never will.
 */
export const rollBackPromotion: DoJob = ({ db }, { orgId, params }) =>
  inSchool(db, orgId, async (tx): Promise<AnyEvent> => {
    const id = String(params.promotionId)
    const attempt = Number(params.attempt)
    const standing = await lockPromotion(tx, id)
    if (standing.rolledBackAttempt >= attempt) return standing.rolledBack as AnyEvent
    const applied = standing.appliedAttempt === attempt
    const answer = { type: 'ROLLED_BACK', steps: applied ? undoingOf(params.done as string[]) : [], spaces: applied ? await spacesBack(tx, id, standing) : [] }
    if (applied) await restoreRegister(tx, id)
    await noteRolledBack(tx, id, attempt, answer)
    return answer
  })

/** Only what was confirmed has to be undone. Archived chats of graduates stay archived: nobody is in them. */
const undoingOf = (done: readonly string[]): ClassStep[] =>
  done.flatMap((key): ClassStep[] => {
    const [kind, classId] = key.split(':')
    return kind === 'openClass' && classId ? [{ key: `restoreClass:${classId}`, kind: 'restoreClass', classId, after: 'now', ends: [] }] : []
  })

async function spacesBack(tx: Queryable, id: string, { fromYear, toYear }: { fromYear: string; toYear: string }): Promise<MovedSpace[]> {
  return (await listMovedSpaces(tx, id)).map(({ processId, name, from, fromName, toName }) => ({
    processId,
    classId: from,
    name: name.replace(toName, fromName).replace(academicYearLabel(toYear), academicYearLabel(fromYear)),
  }))
}
