import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { insertApiKey } from '../../db/api-keys.ts'
import { asService, inSchool, type Database } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import type { Role } from '../../machines/role.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { newApiKey } from '../../server/api-key.ts'
import { secretHash } from '../../db/secret-hash.ts'
import { createApp } from '../../server/app.ts'
import type { App, AppDeps } from '../../server/deps.ts'
import { Unavailable } from '../../workflows/dispatcher.ts'
import { testKeyRing } from './test-key-ring.ts'

/** A workflow service that does not answer: what the server sends is kept for later or refused with 503. */
export const away: AppDeps['dispatcher'] = {
  deliver: () => Promise.reject(new Unavailable('away')),
  start: () => Promise.reject(new Unavailable('away')),
  resume: () => Promise.reject(new Unavailable('away')),
}

/** The app over a database, closed with the test. Without a dispatcher of the caller's, the workflow service is away. */
export async function scratchApp(db: Database, deps: Partial<AppDeps> = {}): Promise<App> {
  const app = await createApp({
    db,
    dispatcher: away,
    keys: testKeyRing,
    publicUrl: 'http://127.0.0.1:3000',
    receiveMail: () => Promise.reject(new Error('no mail in this test')),
    ready: { postgres: { required: true, check: async () => void (await db.pool.query('select 1')) } },
    log: { level: 'silent' },
    trustProxy: [],
    ...deps,
  })
  onTestFinished(() => app.close())
  return app
}

/** A key of a person; who is not there yet is entered with these roles. Null as the school: the operator's. */
export async function keyOf(db: Database, orgId: string, roles: Role[], personId?: string): Promise<string> {
  const id = personId ?? newId('per')
  if (personId === undefined) {
    await inSchool(db, orgId, async (tx) => {
      await insertPeople(tx, orgId, [{ id, lastName: 'Проверкина', firstName: 'Роль', patronymic: null, phone: null, email: null, searchKey: searchKey('Проверкина Роль') }])
      await insertMemberships(tx, orgId, [{ id: newId('mem'), personId: id, kind: 'staff', roles, position: null, teachingStaff: roles.includes('teacher'), guardianOf: null }])
    })
  }
  return issue(db, { orgId, personId: id, roles })
}

export const operatorKey = (db: Database): Promise<string> => issue(db, { orgId: null, personId: null, roles: ['operator'] })

async function issue(db: Database, holder: { orgId: string | null; personId: string | null; roles: Role[] }): Promise<string> {
  const key = newApiKey()
  await asService(db, (tx) => insertApiKey(tx, { id: newId('key'), name: 'test', hash: secretHash(key), ...holder }))
  return key
}

type Method = 'GET' | 'POST' | 'PATCH'

/** Asks the app with a key; every POST gets a key of its own unless one is given. */
export function client(app: App, key: string) {
  const ask = async (method: Method, path: string, payload?: unknown, headers: Record<string, string> = {}) => {
    const response = await app.inject({
      method,
      url: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: { authorization: `Bearer ${key}`, ...(method === 'POST' && { 'idempotency-key': randomUUID() }), ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(payload !== undefined && { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
    })
    const json = /json/.test(String(response.headers['content-type'])) ? response.json() : undefined
    return { status: response.statusCode, body: json, headers: response.headers, text: response.body }
  }
  return {
    get: (path: string, headers?: Record<string, string>) => ask('GET', path, undefined, headers),
    post: (path: string, payload?: unknown, headers?: Record<string, string>) => ask('POST', path, payload ?? {}, headers),
    patch: (path: string, payload: unknown) => ask('PATCH', path, payload),
  }
}
