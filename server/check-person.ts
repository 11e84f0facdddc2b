import type { MembershipKind, PersonRow } from '../db/people.ts'
import type { SchoolSettings } from '../db/organizations.ts'
import type { Checked } from '../school/validation/checked.ts'
import { checkClassName } from '../school/validation/class-name.ts'
import { checkEmail } from '../school/validation/email.ts'
import { checkPersonName } from '../school/validation/person-name.ts'
import { checkGuardianPhone, checkStaffPhone } from '../school/validation/phone.ts'
import { checkText } from '../school/validation/text.ts'
import { collectProblems } from './collect-problems.ts'
import type { NewMembership, NewPerson } from './schemas/person.ts'

/** What somebody is at most once at a time, and what is said to a second time. */
export const once = [['staff', 'staffOnce'], ['student', 'pupilOnce']] as const

/** The code of the problem if the person is that already, beside the membership named. */
export function twice({ memberships }: Pick<PersonRow, 'memberships'>, kind: MembershipKind, except?: string): 'staffOnce' | 'pupilOnce' | undefined {
  const taken = memberships.some((place) => place.kind === kind && !place.endedAt && place.id !== except)
  return taken ? once.find(([one]) => one === kind)?.[1] : undefined
}

/** A school's part in what is valid. */
interface SchoolRules {
  gradeMax: number
  settings: SchoolSettings
}

/** Everything that is wrong with what was entered of a person, and the person in normal form when nothing is (domain.md 11). */
export function checkPerson(input: Omit<NewPerson, 'memberships'>, kinds: readonly MembershipKind[], { settings }: SchoolRules) {
  const found = collectProblems()
  const name = found.take('', checkPersonName(input))
  const phone = input.phone ? found.take('phone', checkPhone(input.phone, kinds, settings)) : null
  const email = input.email ? found.take('email', checkEmail(input.email)) : null
  const value = name && phone !== undefined && email !== undefined ? { ...name, phone, email } : undefined
  return { ...found, value }
}

/** Staff have Russian mobiles; only someone who is nothing but a guardian may have another country's number. */
function checkPhone(text: string, kinds: readonly MembershipKind[], settings: SchoolSettings): Checked<string> {
  const guardianOnly = kinds.length > 0 && kinds.every((kind) => kind === 'guardian')
  return guardianOnly ? checkGuardianPhone(text, settings.guardianCountryCodes) : checkStaffPhone(text)
}

/** What is wrong with a membership, and its texts in normal form. */
export function checkMembership(input: NewMembership, { gradeMax }: SchoolRules) {
  const found = collectProblems()
  const className = input.className ? found.take('className', checkClassName(input.className, gradeMax)) : null
  const position = input.position ? found.take('position', checkText(input.position, { max: 200 })) : null
  if (input.kind !== 'staff' && (input.roles?.length ?? 0) > 0) found.problems.push({ code: 'membershipRoles', path: 'roles' })
  if (input.kind === 'guardian' && !input.guardianOf) found.problems.push({ code: 'guardianOfRequired', path: 'guardianOf' })
  const value = className !== undefined && position !== undefined ? { className: className?.name ?? null, position } : undefined
  return { ...found, value }
}
