/** What becomes of a pupil at the year's end (domain.md 7.11). */
export const promotionDecisions = ['promote', 'promoteConditionally', 'repeat', 'graduate', 'leave', 'undecided'] as const
export type PromotionDecision = (typeof promotionDecisions)[number]

/** Decisions that put the pupil into a class of the next year. */
export const staysInSchool: readonly PromotionDecision[] = ['promote', 'promoteConditionally', 'repeat']

/**
 * What is proposed for a pupil of a class with these grades in a school up to `gradeMax`. Grade 9 where there is a
 * tenth is the family's choice, and who of a combined class is in which grade the register does not know: a person decides.
 */
export function proposedDecision(grades: readonly number[], gradeMax: number): PromotionDecision {
  const [grade] = grades
  if (grade === undefined || grades.length > 1) return 'undecided'
  if (grade >= gradeMax) return 'graduate'
  return grade === 9 ? 'undecided' : 'promote'
}

/** More of a class, or of the school, than this share not simply promoted is confirmed a second time (domain.md 7.11). */
export const secondLook = { ofClass: 0.3, ofSchool: 0.15 } as const
