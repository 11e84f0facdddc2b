import { inWholeSchool } from '../../db/connection.ts'
import { findOrganization } from '../../db/organizations.ts'
import { listPupilClasses, lockPromotion, proposeDecisions } from '../../db/promotion-work.ts'
import { proposedDecision } from '../../machines/promotion-decision.ts'
import type { DoJob } from './index.ts'

/** Proposes what becomes of every pupil who has no decision yet (domain.md 7.11). Decisions that people made stay. */
export const draftPromotion: DoJob = ({ db }, { orgId, params }) =>
  inWholeSchool(db, orgId, async (tx) => {
    const id = String(params.promotionId)
    const { fromYear, toYear } = await lockPromotion(tx, id)
    const { gradeMax } = (await findOrganization(tx, orgId))!
    const next = new Map((await listPupilClasses(tx, toYear)).filter(({ grades }) => grades.length === 1).map((one) => [nameKey(one.grades[0]!, one.letter), one.id]))
    const proposals = (await listPupilClasses(tx, fromYear)).map(({ id: classId, grades, letter }) => {
      const decision = proposedDecision(grades, gradeMax)
      return { id: classId, decision, targetClassId: decision === 'promote' ? (next.get(nameKey(grades[0]! + 1, letter)) ?? null) : null }
    })
    return { type: 'DRAFTED', pupils: await proposeDecisions(tx, orgId, id, proposals) }
  })

const nameKey = (grade: number, letter: string): string => `${grade}:${letter}`
