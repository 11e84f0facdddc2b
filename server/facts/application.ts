import { findOrganization } from '../../db/organizations.ts'
import { findPerson } from '../../db/people.ts'
import { checkStaffPhone } from '../../school/validation/phone.ts'
import { invalidFields } from '../failures.ts'
import type { FactsRequest } from './index.ts'

/** What the application must have (BR-02, BR-03, R2.2-02): of the administrator that the event names, else of the one it has. */
export async function applicationFacts({ tx, session, process, fields }: FactsRequest) {
  const id = fields.administratorId ?? process.context.administratorId
  const administrator = id ? await findPerson(tx, String(id)) : undefined
  if (!administrator && fields.administratorId) throw invalidFields({ code: 'personUnknown', path: 'administratorId' })
  const school = (await findOrganization(tx, session.orgId))!
  const staff = (administrator?.memberships ?? []).filter(({ kind, endedAt }) => kind === 'staff' && !endedAt)
  const phone = administrator?.phone ?? null
  return {
    complete: [school.fullName, school.shortName, school.inn, school.ogrn, school.address, school.email, school.phone, administrator?.email, phone].every(Boolean),
    adminIsTeachingStaff: staff.some(({ teachingStaff }) => teachingStaff),
    adminPhoneIsMobile: phone !== null && checkStaffPhone(phone).ok,
  }
}
