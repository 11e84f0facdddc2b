import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { insertApiKey } from '../db/api-keys.ts'
import { asService, inSchool, type Database, type Queryable } from '../db/connection.ts'
import { newId } from '../db/ids.ts'
import { insertOrder } from '../db/orders.ts'
import { findOrganization, insertOrganization } from '../db/organizations.ts'
import { insertMemberships, insertPeople } from '../db/people.ts'
import type { Role } from '../machines/role.ts'
import { foldOrderNumber } from '../school/validation/order-number.ts'
import { searchKey } from '../school/validation/search-key.ts'
import { newApiKey, secretHash } from '../server/api-key.ts'

/** Keys to try the service with, by whose they are. */
export interface DemoKeys {
  platformAdmin: string
  head: string
  operator: string
}

const orgId = 'org_zarechie'

interface DemoPerson {
  id: string
  name: [lastName: string, firstName: string, patronymic: string | null]
  roles: Role[]
  position?: string
  className?: string
  phone?: string
  email?: string
}

/** The staff of the fictional school (domain.md 15); `.example` never receives mail. */
const staff: DemoPerson[] = [
  { id: 'p1', name: ['Воронцова', 'Елена', 'Аркадьевна'], roles: ['head'], position: 'директор', phone: '+79000000001', email: 'direktor@zarechie.example' },
  { id: 'p2', name: ['Лисицын', 'Павел', 'Игоревич'], roles: ['platformAdmin', 'teacher'], position: 'учитель информатики', phone: '+79000000002', email: 'p.lisitsyn@zarechie.example' },
  { id: 'p3', name: ['Ахметова-Соколова', 'Алсу', 'Ринатовна'], roles: ['classTeacher', 'teacher'], position: 'учитель русского языка', className: '5А', phone: '+79000000003', email: 'a.ahmetova@zarechie.example' },
  { id: 'p4', name: ['Мамедов', 'Вагиф', 'Расим оглы'], roles: ['teacher'], position: 'учитель физики', phone: '+79000000004', email: 'v.mamedov@zarechie.example' },
  { id: 'p5', name: ['Ким', 'Анна', null], roles: ['teacher'], position: 'учитель начальных классов', phone: '+79000000005', email: 'a.kim@zarechie.example' },
]

/**
 * Opens the fictional school and its keys on the first start; later starts find both. The keys are kept in a file of
 * the data folder (readable by its owner only), for PostgreSQL has only their hashes.
 */
export async function openDemoSchool(db: Database, keyFile: string): Promise<DemoKeys> {
  const known = await inSchool(db, orgId, (tx) => findOrganization(tx, orgId))
  if (!known) {
    await asService(db, (tx) =>
      insertOrganization(tx, {
        id: orgId,
        fullName: 'Муниципальное общеобразовательное учреждение «Зареченская основная школа № 7»',
        shortName: 'МОУ «Зареченская ОШ № 7»',
        type: 'oosh',
        gradeMax: 9,
        inn: '0001000010',
        ogrn: '1020001000018',
        kpp: null,
        region: 'Новоречинская область',
        address: '000000, Новоречинский район, с. Заречье, ул. Школьная, д. 1',
        timezone: 'Europe/Samara',
        schoolWeek: 5,
        email: 'school7@zarechie.example',
        phone: '+70000000007',
        settings: { quietHours: false },
      }),
    )
    await inSchool(db, orgId, fillSchool)
  }
  return (await readKeys(keyFile)) ?? (await issueKeys(db, keyFile))
}

async function fillSchool(tx: Queryable): Promise<void> {
  await insertPeople(
    tx,
    orgId,
    staff.map(({ id, name: [lastName, firstName, patronymic], phone, email }) => ({
      id,
      lastName,
      firstName,
      patronymic,
      phone: phone ?? null,
      email: email ?? null,
      searchKey: searchKey([lastName, firstName, patronymic].filter(Boolean).join(' ')),
    })),
  )
  await insertMemberships(
    tx,
    orgId,
    staff.map(({ id, roles, position, className }) => ({
      id: `mem_${id}`,
      personId: id,
      kind: 'staff',
      roles,
      position: position ?? null,
      teachingStaff: roles.includes('teacher'),
      className: className ?? null,
      guardianOf: null,
    })),
  )
  const content = await readFile(new URL('../docs/samples/prikaz.pdf', import.meta.url))
  const number = '112/01-08'
  await insertOrder(tx, orgId, {
    id: 'o1',
    kind: 'main',
    number,
    foldedNumber: foldOrderNumber(number),
    date: '2026-08-20',
    title: 'О назначении администратора ИКОП «Сферум»',
    signedBy: 'p1',
    status: 'registered',
    file: { sha256: createHash('sha256').update(content).digest('hex'), mime: 'application/pdf', size: content.length },
    content,
  })
}

async function readKeys(keyFile: string): Promise<DemoKeys | undefined> {
  const text = await readFile(keyFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : (JSON.parse(text) as DemoKeys)
}

async function issueKeys(db: Database, keyFile: string): Promise<DemoKeys> {
  const keys: DemoKeys = { platformAdmin: newApiKey(), head: newApiKey(), operator: newApiKey() }
  await asService(db, async (tx) => {
    await insertApiKey(tx, { id: newId('key'), orgId, personId: 'p2', name: 'Демонстрационный: администратор', roles: ['platformAdmin', 'teacher'], hash: secretHash(keys.platformAdmin) })
    await insertApiKey(tx, { id: newId('key'), orgId, personId: 'p1', name: 'Демонстрационный: директор', roles: ['head'], hash: secretHash(keys.head) })
    await insertApiKey(tx, { id: newId('key'), orgId: null, personId: null, name: 'Демонстрационный: оператор', roles: ['operator'], hash: secretHash(keys.operator) })
  })
  // After the commit: a crash in between costs three unused keys; the other way round the file would hold dead ones.
  await writeFile(keyFile, JSON.stringify(keys, null, 2), { mode: 0o600 })
  return keys
}
