import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { checkStaffPhone } from '../../school/validation/phone.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

/** What the application for registration must have (BR-02, BR-03, R2.2-02). */
export async function applicationFacts({ tx, session, fields }: FactsRequest) {
  const administrator = await findPerson(tx, String(fields.administratorId))
  if (!administrator) throw invalidFields({ code: 'personUnknown', path: 'administratorId' })
  const school = (await findOrganization(tx, session.orgId))!
  const staff = administrator.memberships.filter(({ kind, endedAt }) => kind === 'staff' && !endedAt)
  return {
    complete: [school.fullName, school.shortName, school.inn, school.ogrn, school.address, school.email, school.phone, administrator.email, administrator.phone].every(Boolean),
    adminIsTeachingStaff: staff.some(({ teachingStaff }) => teachingStaff),
    adminPhoneIsMobile: administrator.phone !== null && checkStaffPhone(administrator.phone).ok,
  }
}
