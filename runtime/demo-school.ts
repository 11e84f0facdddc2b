import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { academicYearAt } from '../db/academic-year.ts'
import { insertApiKey } from '../db/api-keys.ts'
import { ensureClass } from '../db/classes.ts'
import { asService, inSchool, type Database, type Queryable } from '../db/connection.ts'
import { newId } from '../db/ids.ts'
import { insertOrder } from '../db/orders.ts'
import { findOrganization, insertOrganization } from '../db/organizations.ts'
import { insertMemberships, insertPeople } from '../db/people.ts'
import { foldOrderNumber } from '../school/validation/order-number.ts'
import { searchKey } from '../school/validation/search-key.ts'
import { newApiKey } from '../server/api-key.ts'
import { secretHash } from '../db/secret-hash.ts'
import { issueSignInToken } from '../db/sign-in.ts'
import { zarechie, zarechieStaff } from './zarechie.ts'

/** Keys to try the service with, by whose they are. */
export interface DemoKeys {
  platformAdmin: string
  head: string
  operator: string
}

const orgId = zarechie.id
/** The administrator of the fictional school. */
const administrator = 'p2'

/**
 * Opens the fictional school and its keys on the first start; later starts find both. The keys are kept in a file of
 * the data folder (readable by its owner only), for PostgreSQL has only their hashes.
 */
export async function openDemoSchool(db: Database, keyFile: string): Promise<DemoKeys> {
  const known = await inSchool(db, orgId, (tx) => findOrganization(tx, orgId))
  if (!known) {
    await asService(db, (tx) => insertOrganization(tx, zarechie))
    await inSchool(db, orgId, fillSchool)
  }
  return (await readKeys(keyFile)) ?? (await issueKeys(db, keyFile))
}

/** A new one-time link into the console for its administrator, for `minutes`. */
export const demoSignIn = (db: Database, minutes: number): Promise<string> => asService(db, (tx) => issueSignInToken(tx, { orgId, personId: administrator }, minutes))

async function fillSchool(tx: Queryable): Promise<void> {
  const year = await academicYearAt(tx, new Date())
  const classes = new Map<string, string>()
  for (const { className } of zarechieStaff) if (className) classes.set(className, await ensureClass(tx, orgId, year, className))
  await insertPeople(
    tx,
    orgId,
    zarechieStaff.map(({ id, name: [lastName, firstName, patronymic], phone, email }) => ({
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
    zarechieStaff.map(({ id, roles, position, className }) => ({
      id: `mem_${id}`,
      personId: id,
      kind: 'staff',
      roles,
      position: position ?? null,
      teachingStaff: roles.includes('teacher'),
      classId: (className && classes.get(className)) ?? null,
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
    await insertApiKey(tx, { id: newId('key'), orgId, personId: administrator, name: 'Демонстрационный: администратор', roles: ['platformAdmin', 'teacher'], hash: secretHash(keys.platformAdmin) })
    await insertApiKey(tx, { id: newId('key'), orgId, personId: 'p1', name: 'Демонстрационный: директор', roles: ['head'], hash: secretHash(keys.head) })
    await insertApiKey(tx, { id: newId('key'), orgId: null, personId: null, name: 'Демонстрационный: оператор', roles: ['operator'], hash: secretHash(keys.operator) })
  })
  // After the commit: a crash in between costs three unused keys; the other way round the file would hold dead ones.
  await writeFile(keyFile, JSON.stringify(keys, null, 2), { mode: 0o600 })
  return keys
}
