import { beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { searchKey } from '../../school/validation/search-key.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { readPdf } from '../support/read-pdf.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { sampleSpaces } from '../support/sample-spaces.ts'

const { db, mail, cohorts, orgId } = await hostedSchool()
const platformUrl = 'https://max.ru/join/EXAMPLE-ONLY'
let chats = { classId: '', classStudents: '', classGuardians: '', classTeachers: '' }
let otherClass = ''
let [admin, classTeacher, teacher, auditor] = ['', '', '', '']

/** Pupils s1, s2, s3 of 5А; g1 and g2 are guardians of s1, g1 has an address, g3 (of s2) has one too; nobody is known of s3. */
const family = [
  { id: 's1', lastName: 'Ёлкин', firstName: 'Матвей' },
  { id: 's2', lastName: 'Ким', firstName: 'Даниил' },
  { id: 's3', lastName: 'Юсупова', firstName: 'Амина' },
  { id: 'g1', lastName: 'Ёлкина', firstName: 'Ирина', email: 'g1@zarechie.example', of: 's1' },
  { id: 'g2', lastName: 'Ёлкин', firstName: 'Денис', of: 's1' },
  { id: 'g3', lastName: 'Ким', firstName: 'Анна', email: 'g3@zarechie.example', of: 's2' },
]

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 4)
  chats = await sampleSpaces(db, orgId)
  admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  classTeacher = await keyOf(db, orgId, ['classTeacher', 'teacher'], 'p3')
  teacher = await keyOf(db, orgId, ['teacher'], 'p4')
  auditor = await keyOf(db, orgId, ['auditor'])
  await inSchool(db, orgId, async (tx) => {
    otherClass = await ensureClass(tx, orgId, '2026-2027', '6Б')
    await tx.query(`update organizations set staff_room_on = '2026-09-01', registered_at = now(), settings = settings || '{"quietHours": false}'`)
    await insertPeople(tx, orgId, family.map(({ id, lastName, firstName, email }) => ({ id, lastName, firstName, patronymic: null, phone: null, email: email ?? null, searchKey: searchKey(`${lastName} ${firstName}`) })))
    const membership = { roles: [], position: null, teachingStaff: false }
    await insertMemberships(tx, orgId, family.filter(({ of }) => !of).map(({ id }) => ({ ...membership, id: `mem_${id}`, personId: id, kind: 'student', guardianOf: null, classId: chats.classId })))
    await insertMemberships(tx, orgId, family.flatMap(({ id, of }) => (of ? [{ ...membership, id: `mem_${id}`, personId: id, kind: 'guardian' as const, guardianOf: of }] : [])))
  })
})

type Api = ReturnType<typeof client>
interface Row {
  index: number
  status: string
  id: string
  processId: string
  number: string
  people: number
  byLetter: number
  problem?: { code: string; path: string; message: string }
}
const settle = (byName: boolean) => inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || jsonb_build_object('joiningByName', $1::boolean)`, [byName]))
const problemsOf = ({ body }: { body: { problems: { code: string; path: string }[] } }) => body.problems.map(({ code, path }) => `${path}: ${code}`)
const mine = async (who: Api, kind: string) => (await who.get('my-tasks')).body.items.find((task: { kind: string }) => task.kind === kind) as { id: string } | undefined
/** The task of the kind, which may still be on its way. */
async function awaited(who: Api, kind: string) {
  await expect.poll(() => mine(who, kind), { message: kind }).toBeDefined()
  return (await mine(who, kind))!
}
const complete = async (who: Api, kind: string, evidence: object) => who.post(`tasks/${(await awaited(who, kind)).id}/complete`, { evidence })
const linkMade = async (who: Api) => expect((await complete(who, 'T-LINK-CREATE', { url: platformUrl })).status).toBe(200)
const said = (who: Api, { processId }: { processId: string }, event: object) => who.post(`processes/${processId}/events`, event)

/** The printed sheet, read back. */
async function sheetOf(server: Awaited<ReturnType<typeof scratchApp>>, key: string, id: string) {
  const response = await server.inject({ method: 'POST', url: `/api/v1/joinings/${id}/sheet`, headers: { authorization: `Bearer ${key}` } })
  expect(response.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store', 'content-disposition': `attachment; filename="${id}.pdf"` })
  const { pages } = await readPdf(response.rawPayload)
  const lines = pages.flatMap((page) => page.lines)
  const largest = Math.max(...lines.map(({ size }) => size))
  const large = lines.filter(({ size }) => size === largest).map(({ text }) => text)
  return { forWhom: large.filter((_, at) => at % 2 === 0), names: large.filter((_, at) => at % 2 === 1), urls: lines.flatMap(({ text }) => (text.startsWith('http') ? [text] : [])), codes: pages.flatMap(({ codes }) => codes) }
}

test('a class is invited where only counts are kept: letters, strips for the others, and nobody’s name afterwards (7.5)', () =>
  cohorts.running(async () => {
    const server = await scratchApp(db, { dispatcher: cohorts.dispatcher })
    const [api, own] = [client(server, admin), client(server, classTeacher)]
    const started = await api.post('joinings', { audience: 'guardian', classIds: [chats.classId, otherClass, 'cls_none', chats.classId], letters: true })
    expect(started.status).toBe(202)
    const [row, ...others] = started.body.rows as Row[]
    // Two by letter, one by hand, and the family of a pupil whose guardians nobody entered.
    expect(row).toMatchObject({ status: 'started', people: 4, byLetter: 2 })
    expect(others.map(({ problem }) => problem!.code)).toEqual(['chatMissing', 'classUnknown', 'rowSame'])
    expect((await api.post(`joinings/${row!.id}/pages`)).body.type).toBe('urn:sferum-flow:problem:linkNotLive')
    expect(await api.post('joinings', { audience: 'guardian', classIds: [chats.classId] })).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive', problems: [{ code: 'joiningLive' }] } })

    await linkMade(own)
    const letter = await mail.letter(({ envelope }) => envelope.to.some(({ address }) => address === 'g1@zarechie.example'))
    expect(letter.subject).toBe('Приглашение в чат «5А — classGuardians» — МОУ «Зареченская ОШ № 7»')
    expect(letter.text).toContain('Вы приглашены в роли „родитель (законный представитель)“')
    expect(letter.text).toContain('Ссылка только для родителей (законных представителей). Ученики вступают по другой ссылке.')
    const path = /http:\/\/127\.0\.0\.1:3000(\/i\/[\w-]+)/.exec(letter.text!)![1]!
    const page = await server.inject(path)
    expect(page.body).toContain('Вы приглашены в роли «родитель»')
    expect(page.body).not.toContain('decline')
    expect(await server.inject({ method: 'POST', url: `${path}/open` })).toMatchObject({ statusCode: 303, headers: { location: platformUrl } })
    expect((await server.inject({ method: 'POST', url: `${path}/decline` })).statusCode).toBe(404)
    await mail.letter(({ envelope }) => envelope.to.some(({ address }) => address === 'g3@zarechie.example'))

    expect((await own.get(`joinings/${row!.id}`)).body).toMatchObject({ state: 'linkReady', stateTitle: 'Ссылка готова, её раздают', link: { state: 'active' } })
    const handout = await awaited(own, 'T-LINK-HANDOUT')
    expect((await own.get(`tasks/${handout.id}`)).body.values).toEqual(expect.arrayContaining([expect.objectContaining({ title: 'Для кого', value: 'Для родителей (законных представителей) 5А' }), expect.objectContaining({ name: 'people', value: '4' })]))

    const sheet = await sheetOf(server, classTeacher, row!.id)
    expect(sheet.names).toEqual(['Ёлкин Денис', 'Ёлкина Ирина', 'Ким Анна', 'Юсупова Амина'])
    expect(sheet.forWhom).toEqual(Array.from({ length: 4 }, () => 'Для родителей (законных представителей) 5А'))
    // One page for all of them: nobody can be told from the others.
    expect(new Set(sheet.urls).size).toBe(1)
    expect(sheet.codes).toEqual(sheet.urls)
    expect(await server.inject({ method: 'POST', url: `${new URL(sheet.urls[0]!).pathname}/open` })).toMatchObject({ statusCode: 303, headers: { location: platformUrl } })
    const copied = (await own.post(`joinings/${row!.id}/pages`)).body.pages
    expect(copied).toMatchObject([{ personId: null, name: null, forWhom: 'Для родителей (законных представителей) 5А' }])

    expect((await complete(own, 'T-LINK-HANDOUT', { count: 2 })).status).toBe(200)
    expect((await said(own, row!, { type: 'MARKED', joined: [] })).body.problems[0]).toMatchObject({ code: 'listsByName', message: 'Школа ведёт только количество: внесите, сколько вступило.' })
    expect((await said(own, row!, { type: 'COUNT_REPORTED', count: 1, declined: 0 })).body.state).toBe('collecting')
    expect((await said(own, row!, { type: 'DECLINED', count: 1, channel: 'звонить по телефону' })).status).toBe(200)
    const card = (await api.get(`joinings/${row!.id}`)).body
    expect(card).toMatchObject({ byName: false, handedOut: 2, joined: 1, declined: 1, people: 4, summary: 'Вступил 1 из 4, 1 отказ' })
    expect(card).not.toHaveProperty('members')
    expect((await inSchool(db, orgId, (tx) => tx.query('select 1 from invitations'))).rowCount).toBe(0)

    // The whole class at once; then one last count ends it.
    const revoked = await own.post('joinings/revoke', { classIds: [chats.classId], reason: 'unclaimed' })
    expect(revoked.body).toMatchObject({ done: 1, rows: [{ id: row!.id, className: '5А', status: 'done' }] })
    expect((await server.inject(path)).body).toContain('Ссылка больше не действует')
    expect((await server.inject({ method: 'POST', url: `${path}/open` })).statusCode).toBe(410)
    expect((await complete(own, 'T-JOIN-COUNT', { joined: 2, declined: 1 })).status).toBe(200)
    expect((await own.get(`joinings/${row!.id}`)).body).toMatchObject({ state: 'closed', summary: 'Вступили 2 из 4, 1 отказ' })

    const journal = await inSchool(db, orgId, (tx) => tx.query<{ action: string }>(`select action from journal where object = $1 order by id`, [row!.id]))
    expect(journal.rows.map(({ action }) => action)).toEqual(['sheetPrinted', 'pageShown'])
  }))

test('by name each has a page of their own; a guardian’s no is final; when the last has joined it closes (BR-19)', () =>
  cohorts.running(async () => {
    await settle(true)
    const server = await scratchApp(db, { dispatcher: cohorts.dispatcher })
    const [api, own] = [client(server, admin), client(server, classTeacher)]
    const started = await own.post('joinings', { audience: 'guardian', personIds: ['g1', 'g2', 'p4', 'nobody'], letters: true })
    expect(started.status).toBe(202)
    expect(started.body.leftOut.map(({ personId, problem }: { personId: string; problem: { code: string } }) => `${personId} ${problem.code}`)).toEqual(['p4 roleNotTheirs', 'nobody personUnknown'])
    const [row] = started.body.rows as Row[]
    expect(row).toMatchObject({ people: 2, byLetter: 1 })
    await linkMade(own)
    const before = (await own.get(`joinings/${row!.id}`)).body
    expect(before.members.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`)).toEqual(['Ёлкин Денис sent', 'Ёлкина Ирина sent'])
    expect(before.members[0].delivery).toBe('Передано лично')
    // Nobody is asked for an address: the strip is what they get.
    expect((await api.get('tasks?kind=T-MAIL-FIX')).body.items).toEqual([])

    const sheet = await sheetOf(server, classTeacher, row!.id)
    expect(sheet.names).toEqual(['Ёлкин Денис', 'Ёлкина Ирина'])
    expect(new Set(sheet.urls).size).toBe(2)
    expect(sheet.codes).toEqual(sheet.urls)
    const declining = new URL(sheet.urls[0]!).pathname
    expect((await server.inject({ method: 'POST', url: `${declining}/decline` })).statusCode).toBe(303)
    await expect.poll(async () => (await own.get(`joinings/${row!.id}`)).body.declined).toBe(1)

    expect((await complete(own, 'T-LINK-HANDOUT', { count: 1 })).status).toBe(200)
    expect((await said(own, row!, { type: 'COUNT_REPORTED', count: 1 })).body.problems[0].code).toBe('countsOnly')
    expect((await said(own, row!, { type: 'MARKED', joined: ['inv_none'] })).body.problems[0].code).toBe('markedAreOurs')
    const irina = before.members[1].invitationId as string
    // Whose word the refusal of g2 is, nobody takes back.
    expect((await own.post('links', { target: 'chat', targetId: chats.classGuardians, platformRole: 'guardian', recipients: [{ personId: 'g2' }] })).body.problems[0].code).toBe('guardianDeclined')
    expect((await said(api, { processId: `inviteLink:${before.link.id}` }, { type: 'PERSON_ADDED', personId: 'g2' })).body.problems[0].code).toBe('guardianDeclined')
    const again = await own.post('joinings', { audience: 'guardian', personIds: ['g1', 'g2'] })
    expect(problemsOf(again)).toEqual(['personIds: nobodyLeft', 'people: guardianDeclined', 'people: invitationLive'])

    expect((await said(own, row!, { type: 'MARKED', joined: [irina] })).status).toBe(200)
    await expect.poll(async () => (await own.get(`joinings/${row!.id}`)).body).toMatchObject({ state: 'closed', summary: 'Вступил 1 из 2, 1 отказ', link: { state: 'closing' } })
    expect((await own.get(`spaces/${chats.classGuardians}`)).body.members).toEqual(expect.arrayContaining([expect.objectContaining({ personId: 'g1', standing: 'there' })]))
    const whole = (await own.post('joinings', { audience: 'guardian', classIds: [chats.classId] })).body
    expect(whole.rows).toMatchObject([{ people: 1 }])
    expect(whole.leftOut.map(({ personId, problem }: { personId: string; problem: { code: string } }) => `${personId} ${problem.code}`)).toEqual(['g2 guardianDeclined', 'g1 alreadyThere'])
    await awaited(own, 'T-LINK-CREATE')
    expect((await own.post('joinings/revoke', { joiningIds: [whole.rows[0].id] })).body.done).toBe(1)
    await settle(false)
  }))

test('pupils get theirs from a teacher, and only the owner of a chat or an administrator invites into it (BR-20, BR-21)', () =>
  cohorts.running(async () => {
    const server = await scratchApp(db, { dispatcher: cohorts.dispatcher })
    const [api, own, other, reader] = [client(server, admin), client(server, classTeacher), client(server, teacher), client(server, auditor)]
    const wish = { audience: 'student', classIds: [chats.classId] }
    expect(await other.post('joinings', wish)).toMatchObject({ status: 403, body: { type: 'urn:sferum-flow:problem:notOwner' } })
    expect((await reader.post('joinings', wish)).status).toBe(403)
    expect(problemsOf(await own.post('joinings', { audience: 'student' }))).toEqual([': oneOfThese'])
    expect(problemsOf(await own.post('joinings', { ...wish, spaceIds: [chats.classStudents] }))).toEqual([': oneOfThese'])
    expect(problemsOf(await own.post('joinings', { audience: 'student', spaceIds: ['spc_none', chats.classGuardians, chats.classTeachers] }))).toEqual(['spaceIds.0: spaceUnknown', 'spaceIds.1: audienceOther', 'spaceIds.2: audienceOther'])

    const started = await own.post('joinings', { audience: 'student', spaceIds: [chats.classStudents] })
    const [row] = started.body.rows as Row[]
    expect(row).toMatchObject({ status: 'started', people: 3, byLetter: 0 })
    expect((await other.get(`joinings/${row!.id}`)).status).toBe(404)
    expect((await other.post(`joinings/${row!.id}/pages`)).status).toBe(404)
    expect((await other.get('joinings')).body.items).toEqual([])
    expect((await own.get(`joinings?audience=student&live=true&classId=${chats.classId}`)).body.items).toMatchObject([{ id: row!.id, audience: 'student', space: { name: '5А — classStudents' } }])
    await linkMade(own)
    expect((await reader.get(`joinings/${row!.id}`)).body.summary).toBe('Вступили 0 из 3')
    expect((await reader.post(`joinings/${row!.id}/sheet`)).status).toBe(403)

    // Each row says what came of it.
    const later = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString()
    const extended = await api.post('joinings/extend', { joiningIds: [row!.id], expiresAt: later, reason: 'Карантин' })
    expect(extended.body).toMatchObject({ done: 1, rows: [{ number: row!.number, status: 'done' }] })
    expect((await own.get(`joinings/${row!.id}`)).body.link.expiresAt).toBe(later)
    expect((await own.post('joinings/extend', { joiningIds: [row!.id], expiresAt: new Date(Date.now() + 60_000).toISOString(), reason: 'Ошибка' })).body).toMatchObject({ done: 0, rows: [{ status: 'refused', problem: { code: 'laterThanBefore', message: 'Новый срок должен быть позже прежнего и позже текущего времени.' } }] })
    expect(problemsOf(await other.post('joinings/extend', { joiningIds: [row!.id], reason: 'Чужое' }))).toEqual(['joiningIds.0: joiningUnknown'])
    expect((await other.post('joinings/revoke', { classIds: [chats.classId] })).body).toEqual({ done: 0, rows: [] })
    expect((await said(own, row!, { type: 'CLOSE', reason: 'Все вступили' })).status).toBe(200)
    await expect.poll(async () => (await own.get(`joinings/${row!.id}`)).body.state).toBe('closed')
    expect((await own.post(`joinings/${row!.id}/pages`)).body.type).toBe('urn:sferum-flow:problem:linkNotLive')
  }))

test('links that are not there yet are called off for the class, and the joining with them', () =>
  cohorts.running(async () => {
    const own = client(await scratchApp(db, { dispatcher: cohorts.dispatcher }), classTeacher)
    const [row] = (await own.post('joinings', { audience: 'student', classIds: [chats.classId] })).body.rows as Row[]
    await awaited(own, 'T-LINK-CREATE')
    expect((await own.post('joinings/revoke', { classIds: [chats.classId], audience: 'student', comment: 'Рано' })).body).toMatchObject({ done: 1 })
    expect((await own.get(`joinings/${row!.id}`)).body).toMatchObject({ state: 'cancelled', stateTitle: 'Отменено', link: { state: 'cancelled' } })
    expect(await mine(own, 'T-LINK-CREATE')).toBeUndefined()
  }))

test('who stands in a list that was brought in is invited in one request, each into the chat of the own class', () =>
  cohorts.running(async () => {
    const api = client(await scratchApp(db, { dispatcher: cohorts.dispatcher }), admin)
    await inSchool(db, orgId, async (tx) => {
      await tx.query(`insert into imports (id, org_id, process_id, opened_by, file_name, file_size, state) select id, $1, 'rosterImport:' || id, 'p2', 'x.csv', 1, state from (values ('imp_1', 'committed'), ('imp_2', 'preview')) r (id, state)`, [orgId])
      await tx.query(
        `insert into import_rows (import_id, org_id, seq, kind, source, line, match_key, data, action, person_id)
         select 'imp_1', $1, seq, kind, '', seq, '', '{}', action, person from (values (1, 'student', 'same', 's1'), (2, 'student', 'create', 's2'), (3, 'student', 'problem', 's3'), (4, 'guardian', 'create', 'g1')) r (seq, kind, action, person)`,
        [orgId],
      )
    })
    expect(problemsOf(await api.post('joinings', { audience: 'student', importId: 'imp_2' }))).toEqual(['importId: importUnknown'])
    expect(problemsOf(await api.post('joinings', { audience: 'student', importId: 'imp_1', classIds: [chats.classId] }))).toEqual([': oneOfThese'])
    const { status, body } = await api.post('joinings', { audience: 'student', importId: 'imp_1' })
    expect(status).toBe(202)
    expect(body.rows).toMatchObject([{ classId: chats.classId, status: 'started', people: 2 }])
  }))

test('where pupils ask to join, a person decides about each: in, not in, who is it, the wrong role (7.5, BR-14)', () =>
  cohorts.running(async () => {
    await inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || '{"joiningByName": true, "pupilRequests": true}'`))
    const api = client(await scratchApp(db, { dispatcher: cohorts.dispatcher }), admin)
    const [row] = (await api.post('joinings', { audience: 'student', classIds: [chats.classId] })).body.rows as Row[]
    const task = async (kind: string, processId: string) => {
      const find = async () => (await api.get(`tasks?process=${processId}&kind=${kind}`)).body.items.find(({ state }: { state: string }) => state === 'open') as { id: string } | undefined
      await expect.poll(find, { message: kind }).toBeDefined()
      return (await find())!.id
    }
    const { link } = (await api.get(`joinings/${row!.id}`)).body
    expect((await api.post(`tasks/${await task('T-LINK-CREATE', `inviteLink:${link.id}`)}/complete`, { evidence: { url: platformUrl } })).status).toBe(200)
    const members = async () => (await api.get(`joinings/${row!.id}`)).body.members as { personId: string; processId: string; state: string }[]
    await expect.poll(async () => (await members()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
    const [first, second, third] = await members()
    for (const member of [first!, second!, third!]) expect((await said(api, member, { type: 'REQUEST_SENT' })).status).toBe(200)
    const decide = async (kind: string, member: { processId: string }, evidence: object) => expect((await api.post(`tasks/${await task(kind, member.processId)}/complete`, { evidence })).status).toBe(200)
    await decide('T-JOIN-REVIEW', first!, { decision: 'accept' })
    await decide('T-JOIN-REVIEW', second!, { decision: 'doubt' })
    await decide('T-JOIN-IDENTITY', second!, { confirmed: true })
    await decide('T-JOIN-REVIEW', third!, { decision: 'role' })
    await decide('T-ROLE-FIX', third!, { result: 'done' })
    expect((await members()).map(({ state }) => state)).toEqual(['joined', 'joined', 'sent'])
    // In again by the same link, in the right role this time.
    expect((await said(api, third!, { type: 'REQUEST_SENT' })).status).toBe(200)
    await decide('T-JOIN-REVIEW', third!, { decision: 'reject', comment: 'Не наш ученик' })
    expect(problemsOf(await said(api, third!, { type: 'JOIN_ACCEPTED' }))).toEqual([': requestWaits'])
    await inSchool(db, orgId, (tx) => tx.query(`update organizations set settings = settings || '{"joiningByName": false, "pupilRequests": false}'`))
  }))
