import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertCohort } from '../../db/cohorts.ts'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { insertInbound } from '../../db/inbound.ts'
import { insertMovement } from '../../db/movements.ts'
import { insertPromotion } from '../../db/promotions.ts'
import { seal } from '../../db/sealed.ts'
import type { Role } from '../../machines/role.ts'
import { schoolRoles } from '../../server/rights.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { schoolDigest } from '../support/school-digest.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const own = await sampleSchool(db, 'org_own')
const other = await sampleSchool(db, 'org_other')
let ownHead = ''
let otherHead = ''

/** One row of everything in the school, by the ids that routes take. */
const ids = {
  organizations: own,
  people: 'p3',
  memberships: 'mem_p3',
  orders: 'o1',
  processes: 'inviteLink:lnk_1',
  tasks: 'task:1',
  letters: 'letter:1',
  inbound: 'msg_1',
  links: 'lnk_1',
  classes: 'cls_1',
  spaces: 'spc_1',
  imports: 'imp_1',
  exports: 'exp_1',
  joinings: 'joi_1',
  movements: 'mov_1',
  promotions: 'prm_1',
  'api-keys': 'key_1',
} as const

beforeAll(async () => {
  await samplePeople(db, own)
  ownHead = await keyOf(db, own, ['head'], 'p1')
  otherHead = await keyOf(db, other, ['head', 'platformAdmin'])
  await inSchool(db, own, async (tx) => {
    await insertCohort(tx, { orgId: own, cohortId: 'coh_1', workflowId: 'cohort:coh_1', input: {} })
    const context = { orgId: own, deadlines: {}, linkId: 'lnk_1', number: 'ПР-2026-000001', target: 'staffRoom', targetId: '', platformRole: 'teacher', scope: 'group', closedList: false, expiresAt: null, url: null, issuedAt: null, platformState: 'none', closeReason: null, waiting: [], joined: 0, expiresSoon: false }
    await tx.query(`insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) values ($1, $2, 'coh_1', 'inviteLink', 1, 'creating', $3, 1, now(), now())`, [ids.processes, own, JSON.stringify(context)])
    await tx.query(
      `insert into tasks (id, org_id, cohort_id, owner_id, kind, key, state, roles, urgent, overdue, escalated, values, attempt, seq, opened_at)
       values ($1, $2, 'coh_1', $3, 'T-LINK-CREATE', '', 'open', '{platformAdmin}', false, false, false, '{"link":"lnk_1"}', 1, 1, now())`,
      [ids.tasks, own, ids.processes],
    )
    await tx.query(`insert into letters (id, org_id, process_id, cohort_id, code, recipient, values, urgent, outside, queued_at) values ($1, $2, $3, 'coh_1', 'L-TASK-URGENT', '{}', '{}', false, false, now())`, [ids.letters, own, ids.processes])
    await tx.query(
      `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, url, state, platform_state) values ('lnk_1', $1, $2, 'ПР-2026-000001', 'staffRoom', 'teacher', 'group', $3, 'active', 'live')`,
      [own, ids.processes, seal(testKeyRing, 'https://max.ru/join/EXAMPLE-ONLY', 'linkUrl')],
    )
    await tx.query(`insert into school_classes (id, org_id, academic_year, grades, name, folded_name) values ('cls_1', $1, '2026-2027', '{5}', '5А', '5:А')`, [own])
    await tx.query(
      `insert into spaces (id, org_id, process_id, kind, class_id, name, owner_id, state, url) values ('spc_1', $1, 'space:spc_1', 'classGuardians', 'cls_1', '5А — родители — 2026/27', 'p3', 'active', $2)`,
      [own, seal(testKeyRing, 'https://max.ru/chat/EXAMPLE-ONLY', 'linkUrl')],
    )
    await tx.query(`insert into imports (id, org_id, process_id, opened_by, file_name, file_size) values ('imp_1', $1, 'rosterImport:imp_1', 'p3', 'spisok.csv', 1)`, [own])
    await tx.query(`insert into exports (id, org_id, person_id, register, format, academic_year, full_contacts) values ('exp_1', $1, 'p1', 'students', 'csv', '2026-2027', false)`, [own])
    await tx.query(
      `insert into joinings (id, org_id, process_id, space_id, class_id, audience, owner_id, link_id, by_name, handed_out, joined, declined, state, opened_at)
       values ('joi_1', $1, 'joining:joi_1', 'spc_1', 'cls_1', 'guardian', 'p3', 'lnk_1', false, 0, 0, 0, 'planned', now())`,
      [own],
    )
    await tx.query(`insert into joining_people (org_id, joining_id, person_id) values ($1, 'joi_1', 'p3')`, [own])
    await tx.query(`insert into link_tokens (hash, org_id, link_id) values ('h', $1, 'lnk_1')`, [own])
    await tx.query(`insert into subjects (id, org_id, name, folded_name) values ('sub_1', $1, 'Физика', 'физика')`, [own])
    await tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) values ('lod_1', $1, 'cls_1', 'sub_1', 'p3')`, [own])
    await insertMovement(tx, own, { id: 'mov_1', processId: 'movement:mov_1', number: 'ДВ-2026-000001', kind: 'longLeave', personId: 'p3', effectiveOn: '2026-10-13', fromClassId: null, toClassId: null, reason: null, details: {}, membershipId: 'mem_mov_1' })
    await insertPromotion(tx, own, { id: 'prm_1', fromYear: '2026-2027', toYear: '2027-2028' })
    await tx.query(`insert into api_keys (id, org_id, person_id, name, roles, hash) values ('key_1', $1, 'p3', 'x', '{teacher}', 'x')`, [own])
    await insertInbound(tx, testKeyRing, { id: 'msg_1', orgId: own, source: 'webhook', messageId: null, contentHash: 'x', kind: 'answer', processId: null, letterId: null, content: { from: 'a@b.example', subject: 's', text: 't', date: null, attachments: [] }, raw: Buffer.from('x'), told: false })
  })
})

/** A body that passes the schema, for every route that takes one: what is refused is then the id. */
const bodies: Record<string, unknown> = {
  'PATCH /organizations/{id}': { settings: { quietHours: true } },
  'PATCH /people/{id}': { firstName: 'Анна' },
  'POST /people/{id}/memberships': { kind: 'student' },
  'PATCH /memberships/{id}': { position: 'учитель' },
  'POST /processes/{id}/events': { type: 'CANCEL' },
  'POST /processes/{id}/deadlines/{name}': { action: 'stop', reason: 'x' },
  'POST /tasks/{id}/reassign': { to: 'p3' },
  'POST /tasks/{id}/snooze': { until: '2999-01-01T00:00:00Z' },
  'POST /tasks/{id}/complete': { evidence: {} },
  'POST /tasks/{id}/fail': { reason: 'other', comment: 'x' },
  'PATCH /classes/{id}': { name: '5Б' },
  'POST /promotions/{id}/decisions': { decisions: [{ membershipId: 'mem_p3', decision: 'leave' }] },
  'POST /letters/{id}/outcome': { outcome: 'arrived' },
  'POST /inbound/{id}/file': { processId: ids.processes },
}

interface Operation {
  route: string
  method: 'GET' | 'POST' | 'PATCH'
  path: string
}

async function operations(app: Awaited<ReturnType<typeof scratchApp>>): Promise<Operation[]> {
  const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, Record<string, unknown>> }
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/api/v1/') && !path.includes('/operator/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => {
        const [, resource] = /^\/api\/v1\/([^/]+)/.exec(path)!
        const filled = path.replace('{id}', encodeURIComponent(ids[resource as keyof typeof ids] ?? '')).replace('{name}', 'TIMER_REVOKE_DUE')
        return { route: `${method.toUpperCase()} ${path.slice('/api/v1'.length)}`, method: method.toUpperCase() as Operation['method'], path: filled }
      }),
    )
}

const send = (api: ReturnType<typeof client>, { route, method, path }: Operation) => (method === 'GET' ? api.get(path) : method === 'POST' ? api.post(path, bodies[route]) : api.patch(path, bodies[route]))

test('every route answers 404 for every id of another school', async () => {
  const app = await scratchApp(db)
  const foreign = client(app, otherHead)
  const withId = (await operations(app)).filter(({ route }) => route.includes('{id}'))
  expect(withId.length).toBeGreaterThan(25)
  const answers = await Promise.all(withId.map(async (operation) => [operation.route, (await send(foreign, operation)).status]))
  expect(answers.filter(([, status]) => status !== 404)).toEqual([])
})

test('the same ids are found by the school they belong to', async () => {
  const app = await scratchApp(db)
  const api = client(app, ownHead)
  const reads = (await operations(app)).filter(({ method, route }) => method === 'GET' && route.includes('{id}'))
  const answers = await Promise.all(reads.map(async (operation) => [operation.route, (await send(api, operation)).status]))
  expect(answers.filter(([, status]) => status !== 200)).toEqual([])
})

test('lists of one school hold nothing of another', async () => {
  const app = await scratchApp(db)
  const foreign = client(app, otherHead)
  const lists = (await operations(app)).filter(({ method, route }) => method === 'GET' && !route.includes('{id}'))
  for (const operation of lists) {
    const { status, text } = await send(foreign, operation)
    expect(status, operation.route).toBe(200)
    for (const id of [ids.people, ids.orders, ids.processes, ids.tasks, ids.letters, ids.inbound, ids.links, ids.classes, ids.spaces, ids.joinings, ids.movements, ids.promotions, ids.imports, 'sub_1', 'lod_1']) expect(text, operation.route).not.toContain(`"id":"${id}"`)
  }
})

test('PostgreSQL itself shows another school nothing, and takes nothing for it', async () => {
  const tables = await inSchool(db, other, async (tx) => (await tx.query<{ name: string }>(`select table_name as name from information_schema.columns where column_name = 'org_id' and table_schema = 'public'`)).rows.map(({ name }) => name))
  expect(tables.length).toBeGreaterThan(20)
  await inSchool(db, other, async (tx) => {
    for (const table of tables) {
      const { rows } = await tx.query<{ count: number }>(`select count(*)::int as count from ${table} where org_id = $1`, [own])
      expect(rows[0]!.count, table).toBe(0)
    }
  })
  await expect(inSchool(db, other, (tx) => tx.query(`insert into journal (org_id, action, object) values ($1, 'x', 'x')`, [own]))).rejects.toThrow(/row-level security/)
  await expect(inSchool(db, other, (tx) => tx.query(`update people set last_name = 'x' where id = 'p3'`))).resolves.toMatchObject({ rowCount: 0 })
})

test('an auditor reads and changes nothing', async () => {
  const app = await scratchApp(db)
  const auditor = client(app, await keyOf(db, own, ['auditor']))
  for (const operation of await operations(app)) {
    // A search is a question, though it is sent.
    if (operation.method === 'GET' || operation.route === 'POST /people/search') continue
    const { status } = await send(auditor, operation)
    expect([403, 404], operation.route).toContain(status)
  }
  expect((await auditor.get('processes')).status).toBe(200)
  expect((await auditor.get('journal')).status).toBe(200)
})

test('roles open what domain.md 4 says, and no more', async () => {
  const app = await scratchApp(db)
  const allowed: Record<string, Role[]> = {
    'GET /people': ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'registrar', 'auditor'],
    'GET /my-tasks': ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'classTeacher', 'teacher', 'registrar'],
    'POST /people': ['head', 'platformAdmin', 'registrar'],
    'POST /orders': ['head', 'platformAdmin', 'registrar'],
    'POST /onboardings': ['head', 'platformAdmin'],
    'POST /registrations': ['head', 'platformAdmin'],
    'POST /api-keys': ['head', 'platformAdmin'],
    'GET /journal': ['head', 'auditor'],
    'POST /classes': ['head', 'platformAdmin', 'registrar'],
    'POST /imports': ['head', 'platformAdmin', 'registrar'],
    'POST /exports': ['head', 'platformAdmin', 'registrar'],
    'GET /imports': ['head', 'platformAdmin', 'registrar'],
    'POST /teaching-loads/remove': ['head', 'platformAdmin', 'registrar'],
    'POST /spaces': ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'classTeacher', 'teacher', 'registrar'],
    'POST /joinings': ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'classTeacher', 'teacher', 'registrar'],
    'POST /links': ['head', 'deputy', 'platformAdmin', 'extraAdmin', 'classTeacher', 'teacher', 'registrar'],
  }
  const known = new Map((await operations(app)).map((operation) => [operation.route, operation]))
  for (const role of schoolRoles) {
    const api = client(app, await keyOf(db, own, [role]))
    for (const [route, holders] of Object.entries(allowed)) {
      // An empty body is refused after the right: 422 means the role is let through.
      const { status } = await send(api, known.get(route)!)
      expect(status === 403 ? 'refused' : 'let through', `${route} as ${role}`).toBe(holders.includes(role) ? 'let through' : 'refused')
    }
  }
})

test('looking at anything twice changes nothing in PostgreSQL', async () => {
  const app = await scratchApp(db)
  const api = client(app, ownHead)
  await api.get('organizations')
  const before = await schoolDigest(db, own)
  for (const operation of (await operations(app)).filter(({ method }) => method === 'GET')) {
    await send(api, operation)
    await send(api, operation)
  }
  expect(await schoolDigest(db, own)).toEqual(before)
})

test('a key of another school is nobody here: its idempotency keys are its own', async () => {
  const app = await scratchApp(db)
  const key = randomUUID()
  const person = { people: [{ lastName: 'Ким', firstName: 'Анна' }] }
  const here = await client(app, ownHead).post('people', person, { 'idempotency-key': key })
  const there = await client(app, otherHead).post('people', person, { 'idempotency-key': key })
  expect(there.status).toBe(201)
  expect(there.body.rows[0].person.id).not.toBe(here.body.rows[0].person.id)
})
