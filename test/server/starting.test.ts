import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readUnstarted } from '../../db/cohorts.ts'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import type { CohortInput } from '../../workflows/messages.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { sampleSpaces } from '../support/sample-spaces.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
let orgId = ''
let admin = ''
beforeAll(async () => {
  orgId = await sampleSchool(db)
  await samplePeople(db, orgId, 6)
  admin = await keyOf(db, orgId, ['platformAdmin'], 'p2')
})

const waiting = () => asService(db, (tx) => readUnstarted<CohortInput>(tx, 0, 100))

/** A link of the register with one invitation. */
async function invited(personId: string, { state, endsIn, linkState = 'active' }: { state: string; endsIn: string; linkState?: string }) {
  const id = randomUUID()
  await inSchool(db, orgId, async (tx) => {
    await tx.query(
      `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, expires_at, state, platform_state) values ($1, $2, $1, $3, 'staffRoom', 'teacher', 'group', now() + $4::interval, $5, 'live')`,
      [`lnk_${id}`, orgId, `ПР-2025-${personId}`, endsIn, linkState],
    )
    await tx.query(
      `insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery) values ($1, $2, $1, $3, $4, 'staffRoom', 'teacher', $5, 'accepted')`,
      [`inv_${id}`, orgId, `lnk_${id}`, personId, state],
    )
  })
}

test('with the workflow service away a start is accepted, kept, and starts once', async () => {
  const api = client(await scratchApp(db), admin)
  const key = randomUUID()
  const start = () => api.post('registrations', { administratorId: 'p2', orderId: 'o1' }, { 'idempotency-key': key })
  const first = await start()
  expect(first.status).toBe(202)
  expect((await start()).text).toBe(first.text)
  expect(await api.post('registrations')).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive', number: first.body.number } })
  const [announced, ...others] = await waiting()
  expect(others).toEqual([])
  expect(announced).toMatchObject({ workflowId: first.body.processId, input: { start: [{ id: first.body.processId, input: { number: first.body.number } }] } })
  expect(announced!.input.events.map(({ event }) => event.type)).toEqual(['SUBMIT_DATA', 'ORDER_ATTACHED'])
  expect(JSON.stringify(announced!.input)).not.toContain('Лисицын')
})

test('no staff link before the staff room (BR-05)', async () => {
  const api = client(await scratchApp(db), admin)
  for (const [path, body] of [['onboardings', { people: [{ personId: 'p3' }] }], ['links', { target: 'staffRoom', platformRole: 'teacher', recipients: [] }]] as const) {
    expect(await api.post(path, body)).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:staffRoomMissing' } })
  }
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set staff_room_on = '2026-09-01'`))
})

test('a person with a live invitation is not invited again; one whose invitation expired is (BR-09, BR-10)', async () => {
  const api = client(await scratchApp(db), admin)
  await invited('p3', { state: 'sent', endsIn: '1 day' })
  await invited('p4', { state: 'expired', endsIn: '-1 day', linkState: 'closing' })
  const live = await api.post('onboardings', { people: [{ personId: 'p3' }] })
  expect(live).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive', detail: expect.stringContaining('ПР-2025-p3') } })
  expect((await api.post('onboardings', { people: [{ personId: 'p4' }] })).status).toBe(202)
})

test('twenty requests for one person at once start one onboarding', async () => {
  const api = client(await scratchApp(db), admin)
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('onboardings', { people: [{ personId: 'p5' }] })))
  expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array.from({ length: 19 }, () => 409)])
})

test('five hundred rows are one cohort with one link and a number of its own', async () => {
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into people (id, org_id, last_name, first_name, search_key) select 'many_' || n, $1, 'Списков', 'Пётр', 'списков петр' from generate_series(1, 500) n`, [orgId])
    await tx.query(`insert into memberships (id, org_id, person_id, kind, roles, teaching_staff) select 'mem_many_' || n, $1, 'many_' || n, 'staff', '{teacher}', true from generate_series(1, 500) n`, [orgId])
  })
  const api = client(await scratchApp(db), admin)
  const { status, body } = await api.post('onboardings', { people: Array.from({ length: 500 }, (_, index) => ({ personId: `many_${index + 1}` })) })
  expect(status).toBe(202)
  expect(body.started).toBe(500)
  expect(new Set(body.rows.map(({ number }: { number: string }) => number)).size).toBe(1)
  const cohort = (await waiting()).find(({ input }) => input.start.length === 500)
  expect(new Set(cohort!.input.events.map(({ event }) => (event.facts as { link: { id: string } }).link.id)).size).toBe(1)
})

test('a term is later than now and within sixty days', async () => {
  const api = client(await scratchApp(db), admin)
  const at = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString()
  expect((await api.post('onboardings', { people: [{ personId: 'p6' }], expiresAt: at(-1) })).body.problems[0]).toMatchObject({ code: 'instantPast', path: 'expiresAt' })
  expect((await api.post('onboardings', { people: [{ personId: 'p6' }], expiresAt: at(61) })).body.problems[0]).toMatchObject({ code: 'termTooLong', message: 'Ссылка действует не дольше 60 дней' })
})

test('a link past its term is shown as such before its timer is handled', async () => {
  const api = client(await scratchApp(db), admin)
  await invited('p7', { state: 'sent', endsIn: '-1 second' })
  const { items } = (await api.get('links?state=active')).body
  expect(items.find(({ number }: { number: string }) => number === 'ПР-2025-p7').stateTitle).toBe('Срок истёк')
  expect(items.find(({ number }: { number: string }) => number === 'ПР-2025-p3').stateTitle).toBe('Действует')
})

test('who may join which way: teachers to the staff room, a class and a chat that are there', async () => {
  const api = client(await scratchApp(db), admin)
  const problem = async (body: object) => (await api.post('links', { recipients: [], ...body })).body.problems.map(({ code, path }: { code: string; path: string }) => `${path}: ${code}`)
  expect(await problem({ target: 'staffRoom', platformRole: 'guardian' })).toEqual(['platformRole: audienceOther'])
  expect(await problem({ target: 'class', platformRole: 'student' })).toEqual(['targetId: fieldRequired'])
  expect(await problem({ target: 'class', targetId: '5А', platformRole: 'student' })).toEqual(['targetId: classUnknown'])
  expect(await problem({ target: 'chat', targetId: 'Родители 5А', platformRole: 'guardian' })).toEqual(['targetId: spaceUnknown'])
  const { classId, classGuardians, classTeachers } = await sampleSpaces(db, orgId)
  expect(await problem({ target: 'class', targetId: classId, platformRole: 'guardian' })).toEqual(['platformRole: audienceOther'])
  // BR-18: pupils join chats, unless the school has decided otherwise.
  expect(await problem({ target: 'class', targetId: classId, platformRole: 'student' })).toEqual(['platformRole: pupilsJoinChats'])
  expect(await problem({ target: 'chat', targetId: classGuardians, platformRole: 'student' })).toEqual(['platformRole: audienceOther'])
  expect(await problem({ target: 'chat', targetId: classTeachers, platformRole: 'teacher', recipients: [{ personId: 'p6' }, { personId: 'p6' }, { personId: 'nobody' }] })).toEqual(['recipients.1.personId: rowRepeated', 'recipients.2.personId: personUnknown'])
  // The role cannot be changed on the platform: who is not at the school in it is not invited so.
  expect(await problem({ target: 'chat', targetId: classGuardians, platformRole: 'guardian', recipients: [{ personId: 'p6' }] })).toEqual(['recipients.0.personId: roleNotTheirs'])
})
