import { insertApiKey } from '../../../db/api-keys.ts'
import { asService, inSchool, openDatabase, type Database } from '../../../db/connection.ts'
import { newId } from '../../../db/ids.ts'
import { insertOrganization } from '../../../db/organizations.ts'
import { insertMemberships, insertPeople } from '../../../db/people.ts'
import { secretHash } from '../../../db/secret-hash.ts'
import type { Role } from '../../../machines/role.ts'
import { zarechie } from '../../../runtime/zarechie.ts'
import { searchKey } from '../../../school/validation/search-key.ts'
import { newApiKey } from '../../../server/api-key.ts'
import type { Invitation } from '../engine.ts'

/** A school whose administrator invites its people, all by one link. */
export interface InvitingSchool {
  /** The administrator's access key. */
  key: string
  invited: readonly { index: number; personId: string }[]
  /** One of them, whose deadline is everybody's. */
  first: Readonly<Invitation>
}

const personOf = (index: number) => `per_${index}`

/** A school for each group, with its people; the staff room is there. Fictional, one and all. */
export async function openSchools(databaseUrl: string, invitations: readonly Invitation[]): Promise<InvitingSchool[]> {
  const db = openDatabase(databaseUrl)
  try {
    const schools: InvitingSchool[] = []
    for (const [group, members] of Map.groupBy(invitations, (invitation) => invitation.group)) {
      const orgId = `org_${group}`
      const key = await openSchool(db, orgId, members)
      schools.push({ key, invited: members.map(({ index }) => ({ index, personId: personOf(index) })), first: members[0]! })
    }
    return schools
  } finally {
    await db.close()
  }
}

async function openSchool(db: Database, orgId: string, members: readonly Invitation[]): Promise<string> {
  const admin = `per_admin_${orgId}`
  const people = [
    { id: admin, lastName: 'Лисицын', firstName: 'Павел', email: `admin@${orgId.replace('_', '')}.example`, roles: ['platformAdmin', 'teacher'] as Role[] },
    ...members.map(({ index, email }) => ({ id: personOf(index), lastName: 'Мамедов', firstName: 'Вагиф', email, roles: ['teacher'] as Role[] })),
  ]
  await asService(db, (tx) => insertOrganization(tx, { ...zarechie, id: orgId }))
  await inSchool(db, orgId, async (tx) => {
    await insertPeople(tx, orgId, people.map(({ id, lastName, firstName, email }) => ({ id, lastName, firstName, patronymic: null, phone: null, email, searchKey: searchKey(`${lastName} ${firstName}`) })))
    await insertMemberships(tx, orgId, people.map(({ id, roles }) => ({ id: `mem_${id}`, personId: id, kind: 'staff', roles, position: 'учитель', teachingStaff: true, guardianOf: null })))
    await tx.query(`update organizations set staff_room_on = '2026-09-01'`)
  })
  const key = newApiKey()
  await asService(db, (tx) => insertApiKey(tx, { id: newId('key'), orgId, personId: admin, name: 'bench', roles: ['platformAdmin', 'teacher'], hash: secretHash(key) }))
  return key
}
