import { problem, type Problem } from './checked.ts'

type MemberKind = 'staff' | 'student' | 'guardian'

/**
 * The warning for a number two persons have: `owner` and `other` are what they are at the school. Stronger for a
 * pupil and a guardian, where an invitation would reach the wrong one (domain guide, section 11).
 */
export function sharedPhoneWarning(owner: MemberKind, other: MemberKind, path: string): Problem {
  const pupilAndGuardian = owner !== other && owner !== 'staff' && other !== 'staff'
  return problem(pupilAndGuardian ? 'phoneSharedWithPupil' : 'phoneShared', {}, path)
}
