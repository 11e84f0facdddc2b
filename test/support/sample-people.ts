import { createHash } from 'node:crypto'
import { inSchool, type Database } from '../../db/connection.ts'
import { insertOrder } from '../../db/orders.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import type { Role } from '../../machines/role.ts'
import { searchKey } from '../../school/validation/search-key.ts'

/** The head (p1), the administrator (p2), further teachers (p3…) and order o1 of domain.md 15; all fictional. */
export async function samplePeople(db: Database, orgId: string, teachers = 3): Promise<void> {
  const people: { id: string; lastName: string; firstName: string; roles: Role[] }[] = [
    { id: 'p1', lastName: 'Воронцова', firstName: 'Елена', roles: ['head'] },
    { id: 'p2', lastName: 'Лисицын', firstName: 'Павел', roles: ['platformAdmin', 'teacher'] },
    ...Array.from({ length: teachers }, (_, i) => ({ id: `p${i + 3}`, lastName: 'Мамедов', firstName: `Вагиф`, roles: ['teacher'] as Role[] })),
  ]
  const content = Buffer.from('%PDF-1.4\n%%EOF\n')
  await inSchool(db, orgId, async (tx) => {
    await insertPeople(
      tx,
      orgId,
      people.map(({ id, lastName, firstName }, i) => ({
        id,
        lastName,
        firstName,
        patronymic: null,
        phone: `+7900000${String(i + 1).padStart(4, '0')}`,
        email: `${id}@zarechie.example`,
        searchKey: searchKey(`${lastName} ${firstName}`),
      })),
    )
    await insertMemberships(
      tx,
      orgId,
      people.map(({ id, roles }) => ({ id: `mem_${id}`, personId: id, kind: 'staff', roles, position: 'учитель', teachingStaff: roles.includes('teacher'), guardianOf: null })),
    )
    await insertOrder(tx, orgId, {
      id: 'o1',
      kind: 'main',
      number: '112/01-08',
      foldedNumber: '112/01-08',
      date: '2026-08-20',
      title: 'О назначении администратора ИКОП «Сферум»',
      signedBy: 'p1',
      status: 'registered',
      file: { sha256: createHash('sha256').update(content).digest('hex'), mime: 'application/pdf', size: content.length },
      content,
    })
  })
}
