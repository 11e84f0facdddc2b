import { Type, type Static } from 'typebox'
import { membershipKinds, platformStatuses, type PersonRow } from '../../db/people.ts'
import { roles, type Role } from '../../machines/role.ts'
import { maskEmail } from '../../school/texts/mask-email.ts'
import { fullName } from '../../school/validation/person-name.ts'
import { maskPhone } from '../../school/validation/phone.ts'
import { schoolRoles } from '../rights.ts'
import { closed, Id, Nullable, OneOf, Reason } from './common.ts'

const Name = Type.String({ maxLength: 200 })
const Contact = Nullable(Type.String({ maxLength: 300 }))

/** What a person is at the school, as it is entered. */
export const NewMembership = Type.Object(
  {
    kind: OneOf(membershipKinds),
    roles: Type.Optional(Type.Array(OneOf<Role>(schoolRoles), { maxItems: 8, uniqueItems: true })),
    position: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    teachingStaff: Type.Optional(Type.Boolean()),
    className: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
    guardianOf: Type.Optional(Nullable(Id)),
  },
  closed,
)
export type NewMembership = Static<typeof NewMembership>

export const NewPerson = Type.Object(
  {
    lastName: Name,
    firstName: Name,
    patronymic: Type.Optional(Nullable(Name)),
    foreignName: Type.Optional(Type.Boolean({ description: 'Имя пишется латинскими буквами' })),
    phone: Type.Optional(Contact),
    email: Type.Optional(Contact),
    memberships: Type.Optional(Type.Array(NewMembership, { maxItems: 10 })),
  },
  closed,
)
export type NewPerson = Static<typeof NewPerson>

export const PersonChange = Type.Object(
  {
    lastName: Type.Optional(Name),
    firstName: Type.Optional(Name),
    patronymic: Type.Optional(Nullable(Name)),
    foreignName: Type.Optional(Type.Boolean()),
    phone: Type.Optional(Contact),
    email: Type.Optional(Contact),
  },
  { ...closed, minProperties: 1 },
)

export const MembershipChange = Type.Object(
  {
    roles: Type.Optional(Type.Array(OneOf<Role>(schoolRoles), { maxItems: 8, uniqueItems: true })),
    position: Type.Optional(Nullable(Type.String({ maxLength: 200 }))),
    teachingStaff: Type.Optional(Type.Boolean()),
    className: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
    verificationWaivedReason: Type.Optional(Nullable(Reason)),
    ended: Type.Optional(Type.Boolean()),
  },
  { ...closed, minProperties: 1 },
)

export const Person = Type.Object({
  id: Id,
  lastName: Type.String(),
  firstName: Type.String(),
  patronymic: Nullable(Type.String()),
  name: Type.String({ description: 'Полное имя' }),
  phone: Nullable(Type.String({ description: 'Скрыт; целиком — POST /people/{id}/reveal' })),
  email: Nullable(Type.String()),
  memberships: Type.Array(
    Type.Object({
      id: Id,
      kind: OneOf(membershipKinds),
      roles: Type.Array(OneOf(roles)),
      position: Nullable(Type.String()),
      teachingStaff: Type.Boolean(),
      classId: Nullable(Id),
      className: Nullable(Type.String()),
      guardianOf: Nullable(Id),
      childName: Nullable(Type.String({ description: 'Чей родитель (законный представитель)' })),
      startsOn: Nullable(Type.String({ description: 'С какого дня по приказу' })),
      platformStatus: OneOf(platformStatuses),
      verificationWaivedReason: Nullable(Type.String()),
      endedAt: Nullable(Type.String()),
    }),
  ),
})

/** A person as a list shows one: the phone always masked, the address for those who write letters. */
export function personView(person: PersonRow, seesAddress: boolean): Static<typeof Person> {
  const { id, lastName, firstName, patronymic, phone, email, memberships } = person
  return {
    id,
    lastName,
    firstName,
    patronymic,
    name: fullName(person),
    phone: phone && maskPhone(phone),
    email: email && (seesAddress ? email : maskEmail(email)),
    memberships,
  }
}
