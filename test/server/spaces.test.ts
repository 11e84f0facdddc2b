import { beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool } from '../../db/connection.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { readPlaceSteps } from '../../db/wanted-spaces.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'

const { db, cohorts, orgId } = await hostedSchool()
const year = '2026-2027'
const classes = { '5А': '', '6Б': '' }
let admin = ''
let classTeacher = ''
let teacher = ''
beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 4)
  admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  classTeacher = await keyOf(db, orgId, ['classTeacher', 'teacher'], 'p3')
  teacher = await keyOf(db, orgId, ['teacher'], 'p4')
  await inSchool(db, orgId, async (tx) => {
    for (const name of ['5А', '6Б'] as const) classes[name] = await ensureClass(tx, orgId, year, name)
    await insertPeople(tx, orgId, ['s1', 's2', 'g1'].map((id) => ({ id, lastName: 'Ёлкин', firstName: 'Матвей', patronymic: null, phone: null, email: null, searchKey: 'елкин матвей' })))
    const membership = { roles: [], position: null, teachingStaff: false, guardianOf: null }
    await insertMemberships(tx, orgId, [
      { ...membership, id: 'mem_s1', personId: 's1', kind: 'student', classId: classes['5А'] },
      { ...membership, id: 'mem_s2', personId: 's2', kind: 'student', classId: classes['6Б'] },
      { ...membership, id: 'mem_g1', personId: 'g1', kind: 'guardian', guardianOf: 's1' },
    ])
    await tx.query(`update memberships set roles = '{teacher,classTeacher}', class_id = $1 where id = 'mem_p3'`, [classes['5А']])
    await tx.query(`insert into subjects (id, org_id, name, folded_name) values ('sub_1', $1, 'Физика', 'физика')`, [orgId])
    await tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) values ('lod_1', $1, $2, 'sub_1', 'p4')`, [orgId, classes['5А']])
  })
})

const app = () => scratchApp(db, { dispatcher: cohorts.dispatcher })
type Planned = { kind: string; classId: string | null; name: string; owner: { id: string } | null }
type Row = { status: string; id: string; processId: string; name: string; problem?: { code: string; path: string; message: string } }
const problemOf = ({ body }: { body: { problems: { code: string; path: string }[] } }) => body.problems.map(({ code, path }) => `${path}: ${code}`)
const rowOf = async (api: ReturnType<typeof client>, name: string) => (await api.get('spaces?limit=200')).body.items.find((space: { name: string }) => space.name === name)

test('nothing is created on the platform before the school is registered there', async () => {
  const api = client(await app(), admin)
  expect(await api.post('spaces', { spaces: [{ kind: 'schoolClass', classId: classes['5А'] }] })).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:guardRefused', problems: [{ code: 'schoolIsRegistered' }] } })
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set staff_room_on = '2026-09-01', registered_at = now()`))
})

test('the plan names what is missing; each row that is confirmed wrongly says why', async () => {
  const api = client(await app(), admin)
  const { items } = (await api.get(`space-plan?academicYear=${year}`)).body as { items: Planned[] }
  expect(items.map(({ name, owner }) => `${name}: ${owner?.id ?? '-'}`)).toContain('5А — Физика — 2026/27: p4')
  expect(items.find(({ name }) => name === '5А — родители — 2026/27')).toMatchObject({ kindTitle: 'Чат класса с родителями', owner: { id: 'p3' }, audience: ['guardian'], clause: 'п. 2.3, абз. 3, подп. «б»' })
  // Who is not asked to oversee the school sees what would be theirs.
  expect((await client(await app(), teacher).get(`space-plan?academicYear=${year}`)).body.items.map(({ name }: Planned) => name)).toEqual(['5А — Физика — 2026/27'])

  const refused = await api.post('spaces', {
    spaces: [
      { kind: 'staffRoom' },
      { kind: 'classGuardians' },
      { kind: 'classGuardians', classId: 'cls_none' },
      { kind: 'classGuardians', classId: classes['6Б'] },
      { kind: 'classGuardians', classId: classes['6Б'], ownerId: 's1' },
      { kind: 'classGuardians', classId: classes['6Б'], ownerId: 'p1' },
      { kind: 'schoolClass', classId: classes['6Б'], ownerId: 'p2' },
      { kind: 'headTeachers', classId: classes['6Б'] },
      { kind: 'subjectClass', classId: classes['6Б'], subjectId: 'sub_none' },
      { kind: 'other', ownerId: 'p2' },
      { kind: 'other', ownerId: 'p2', name: '<b>Хор</b>' },
    ],
  })
  expect(refused.status).toBe(422)
  expect(problemOf(refused)).toEqual([
    'spaces.0.kind: spaceGiven', 'spaces.1.classId: fieldRequired', 'spaces.2.classId: classUnknown', 'spaces.3.ownerId: ownerRequired', 'spaces.4.ownerId: personNotStaff',
    'spaces.5.ownerId: ownerTeaches', 'spaces.6.ownerId: fieldUnknown', 'spaces.7.classId: fieldUnknown', 'spaces.8.subjectId: subjectUnknown', 'spaces.9.name: textRequired', 'spaces.10.name: textHtml',
  ])
  expect((await client(await app(), teacher).post('spaces', { spaces: [{ kind: 'classStudents', classId: classes['5А'] }] })).body.problems[0].code).toBe('ownerNotYou')
})

test('a confirmed plan is one cohort: its owners make the chats, and whom the register puts there is expected there', () =>
  cohorts.running(async () => {
    const server = await app()
    const api = client(server, admin)
    const own = client(server, classTeacher)
    const { body } = await api.post('spaces', {
      spaces: [
        { kind: 'schoolClass', classId: classes['5А'] },
        { kind: 'classStudents', classId: classes['5А'] },
        { kind: 'classGuardians', classId: classes['5А'], name: 'Родители пятого А' },
        { kind: 'classGuardians', classId: classes['5А'] },
      ],
    })
    expect(body.started).toBe(3)
    expect(body.rows.map(({ status, name, problem }: Row) => problem?.code ?? `${status} ${name}`)).toEqual(['started 5А', 'started 5А — ученики — 2026/27', 'started Родители пятого А', 'rowSame'])
    const cohortsOf = await inSchool(db, orgId, (tx) => tx.query<{ cohorts: number }>(`select count(distinct cohort_id)::int as cohorts from processes where kind = 'communicationSpace'`))
    expect(cohortsOf.rows[0]!.cohorts).toBe(1)
    // Nothing is created twice, and the plan has lost what is on its way.
    expect((await api.post('spaces', { spaces: [{ kind: 'classStudents', classId: classes['5А'] }] })).body.problems[0]).toMatchObject({ code: 'spaceTaken', message: 'Такой класс или чат уже есть или создаётся' })
    const left = (await api.get(`space-plan?academicYear=${year}`)).body.items.filter(({ classId }: Planned) => classId === classes['5А'])
    expect(left.map(({ kind }: Planned) => kind)).toEqual(['classTeachers', 'subjectClass'])

    // The class is the administrator's work, the chats are their owner's: who sees the chat by having its task.
    const [, pupils, guardians] = body.rows as Row[]
    const [classTask] = (await api.get('tasks?kind=T-CLASS-CREATE')).body.items
    expect((await api.get(`tasks/${classTask.id}`)).body.values).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'name', value: '5А' })]))
    expect((await api.post(`tasks/${classTask.id}/complete`, { evidence: { name: '5 «А» класс' } })).status).toBe(200)
    expect((await api.get(`classes/${classes['5А']}`)).body).toMatchObject({ platformName: '5 «А» класс', spaces: 3 })
    const tasks = (await own.get('my-tasks')).body.items as { id: string; kind: string; processId: string }[]
    expect(tasks.map(({ kind }) => kind)).toEqual(['T-CHAT-CREATE', 'T-CHAT-CREATE'])
    const url = 'https://max.ru/chat/EXAMPLE-ONLY'
    const taskOf = (processId: string) => tasks.find((task) => task.processId === processId)!.id
    expect((await own.post(`tasks/${taskOf(pupils!.processId)}/complete`, { evidence: { name: '5А ученики', url: 'https://evil.example/x' } })).body.problems[0].code).toBe('linkUrlHost')
    for (const { processId } of [pupils!, guardians!]) expect((await own.post(`tasks/${taskOf(processId)}/complete`, { evidence: { name: `5А ${processId === pupils!.processId ? 'ученики' : 'родители'}`, url } })).status).toBe(200)

    const card = (await own.get(`spaces/${pupils!.id}`)).body
    expect(card).toMatchObject({ name: '5А ученики', stateTitle: 'Действует', owner: { id: 'p3' }, people: 2 })
    expect(card.members.map(({ personId, standing }: { personId: string; standing: string }) => `${personId} ${standing}`).sort()).toEqual(['p3 expected', 's1 expected'])
    expect((await own.get(`spaces/${body.rows[0].id}`)).status).toBe(404)
    expect((await own.get('spaces')).body.items.map(({ name }: Row) => name).sort()).toEqual(['5А родители', '5А ученики'])
    expect((await api.get(`spaces?classId=${classes['5А']}&state=active&kind=schoolClass`)).body.items).toMatchObject([{ name: '5 «А» класс', className: '5А', owner: null }])
    expect((await inSchool(db, orgId, (tx) => readPlaceSteps(tx, ['s1', 'g1', 'p3']))).get('s1')).toEqual([])

    // Its address is sealed wherever it stands, and shown to the owner with a line in the journal.
    const stored = await inSchool(db, orgId, (tx) => tx.query<{ text: string }>('select context::text as text from processes union all select inputs::text from cohort_steps union all select note::text from timeline union all select url from spaces'))
    expect(stored.rows.some(({ text }) => text?.includes('EXAMPLE-ONLY'))).toBe(false)
    expect((await own.post(`spaces/${pupils!.id}/reveal`)).body.url).toBe(url)
    expect((await client(server, teacher).post(`spaces/${pupils!.id}/reveal`)).status).toBe(404)
  }))

test('only the owner of a chat, or an administrator, invites into it; the owner makes the link, who joins is there (BR-20, BR-21)', () =>
  cohorts.running(async () => {
    const server = await app()
    const [api, own, other] = [client(server, admin), client(server, classTeacher), client(server, teacher)]
    const guardians = await rowOf(api, '5А родители')
    const invite = (who: typeof api, body: object) => who.post('links', { target: 'chat', targetId: guardians.id, platformRole: 'guardian', recipients: [{ personId: 'g1' }], ...body })
    expect(await invite(other, {})).toMatchObject({ status: 403, body: { type: 'urn:sferum-flow:problem:notOwner', title: 'Это не ваш чат' } })
    expect(problemOf(await invite(own, { platformRole: 'student' }))).toEqual(['platformRole: audienceOther'])
    expect(problemOf(await invite(own, { recipients: [{ personId: 's1' }] }))).toEqual(['recipients.0.personId: roleNotTheirs'])
    const { body, status } = await invite(own, {})
    expect(status).toBe(202)
    expect((await other.get(`links/${body.id}`)).status).toBe(404)
    expect((await own.get(`links/${body.id}`)).body).toMatchObject({ targetName: '5А родители', owner: { id: 'p3', name: 'Мамедов Вагиф' }, people: [{ personId: 'g1' }] })
    expect((await own.get('links')).body.items).toHaveLength(1)

    const create = (await own.get('my-tasks')).body.items.find(({ kind }: { kind: string }) => kind === 'T-LINK-CREATE')
    expect((await own.get(`tasks/${create.id}`)).body.values).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'target', value: 'Чат 5А родители' })]))
    expect((await own.post(`tasks/${create.id}/complete`, { evidence: { url: 'https://max.ru/join/EXAMPLE-ONLY-7' } })).status).toBe(200)
    // The owner looks after the link they made; others do not.
    expect((await other.post(`processes/${body.processId}/events`, { type: 'EXTEND', reason: 'x', expiresAt: new Date(Date.now() + 40 * 24 * 60 * 60 * 1000).toISOString() })).status).toBe(404)
    expect((await own.post(`processes/${body.processId}/events`, { type: 'EXTEND', reason: 'Собрание позже', expiresAt: new Date(Date.now() + 40 * 24 * 60 * 60 * 1000).toISOString() })).status).toBe(200)
    const [person] = (await own.get(`links/${body.id}`)).body.people
    expect((await api.post(`processes/${person.processId}/events`, { type: 'JOINED' })).status).toBe(200)
    expect((await own.get(`spaces/${guardians.id}`)).body.members).toEqual(expect.arrayContaining([expect.objectContaining({ personId: 'g1', standing: 'there' })]))
  }))

test('a chat changes hands when the new owner says so, and its old owner loses it', () =>
  cohorts.running(async () => {
    const server = await app()
    const [api, own, other] = [client(server, admin), client(server, classTeacher), client(server, teacher)]
    const pupils = await rowOf(api, '5А ученики')
    const send = (who: typeof api, event: object) => who.post(`processes/${pupils.processId}/events`, event)
    expect((await send(other, { type: 'RENAMED', name: 'Чужой' })).status).toBe(404)
    expect((await send(own, { type: 'RENAMED', name: '5А: ученики' })).body.state).toBe('active')
    const link = (await own.post('links', { target: 'chat', targetId: pupils.id, platformRole: 'student', recipients: [{ personId: 's1' }] })).body
    const joining = (await own.post('joinings', { audience: 'student', spaceIds: [pupils.id] })).body.rows[0]
    expect((await send(own, { type: 'HANDOVER_STARTED', personId: 's1' })).body.problems[0].code).toBe('newOwnerWorks')
    expect((await send(own, { type: 'HANDOVER_STARTED', personId: 'p3' })).body.problems[0].code).toBe('anotherOwner')
    expect((await send(own, { type: 'HANDOVER_STARTED', personId: 'nobody' })).body.problems[0].code).toBe('personUnknown')
    expect((await send(own, { type: 'HANDOVER_STARTED', personId: 'p4', reason: 'Отпуск' })).body).toMatchObject({ state: 'handover', stateTitle: 'Передаётся другому владельцу' })
    const mine = async (who: typeof api, kind: string) => (await who.get('my-tasks')).body.items.find((task: { kind: string }) => task.kind === kind)
    expect((await own.get(`tasks/${(await mine(own, 'T-CHAT-HANDOVER')).id}`)).body.values).toEqual(expect.arrayContaining([expect.objectContaining({ title: 'Новый владелец', value: 'Мамедов Вагиф' })]))
    expect((await other.post(`tasks/${(await mine(other, 'T-CHAT-ACCEPT')).id}/complete`, { evidence: { confirmed: true } })).status).toBe(200)
    expect(await mine(own, 'T-CHAT-HANDOVER')).toBeUndefined()
    expect((await other.get(`spaces/${pupils.id}`)).body).toMatchObject({ name: '5А: ученики', state: 'active', owner: { id: 'p4' }, members: expect.arrayContaining([expect.objectContaining({ personId: 'p4', standing: 'there' })]) })
    expect((await own.get(`spaces/${pupils.id}`)).status).toBe(404)
    // So do the links into it and who joins by them: the work is the new owner's, and the old one invites nobody any more (BR-20).
    await expect.poll(async () => (await other.get('my-tasks')).body.items.filter(({ kind }: { kind: string }) => kind === 'T-LINK-CREATE').length).toBe(2)
    expect((await own.get('my-tasks')).body.items.filter(({ kind }: { kind: string }) => kind === 'T-LINK-CREATE')).toEqual([])
    expect((await other.get(`links/${link.id}`)).body).toMatchObject({ owner: { id: 'p4' } })
    expect((await other.get(`joinings/${joining.id}`)).body).toMatchObject({ owner: { id: 'p4' } })
    expect((await own.post(`processes/${link.processId}/events`, { type: 'PERSON_ADDED', personId: 's2' })).status).toBe(404)
    expect((await own.post(`processes/${joining.processId}/events`, { type: 'CANCEL' })).status).toBe(404)
    const [invited] = (await other.get(`links/${link.id}`)).body.people
    expect((await own.get(`processes/${invited.processId}`)).status).toBe(404)
    expect((await other.get(`processes/${invited.processId}`)).status).toBe(200)
    const timeline = (await api.get(`processes/${pupils.processId}/timeline`)).body.items
    expect(timeline.find(({ event }: { event: string }) => event === 'OWNER_CONFIRMED')).toMatchObject({ what: 'Новый владелец подтвердил', clause: 'п. 2.1, абз. 11' })
  }))

test('a chat that closes takes its links with it, and may be created again afterwards', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const guardians = await rowOf(api, '5А родители')
    const { body: link } = await api.post('links', { target: 'chat', targetId: guardians.id, platformRole: 'guardian', recipients: [] })
    expect((await api.post(`processes/${guardians.processId}/events`, { type: 'ARCHIVE', reason: 'Класс закрыт' })).body.state).toBe('archiving')
    await expect.poll(async () => (await api.get(`links/${link.id}`)).body.state).toBe('cancelled')
    expect(problemOf(await api.post('links', { target: 'chat', targetId: guardians.id, platformRole: 'guardian', recipients: [] }))).toEqual(['targetId: targetNotThere'])
    const [task] = (await api.get('tasks?kind=T-CHAT-ARCHIVE')).body.items
    expect((await api.post(`tasks/${task.id}/complete`, { evidence: { result: 'alreadyDone' } })).status).toBe(200)
    expect((await api.get(`spaces/${guardians.id}`)).body.stateTitle).toBe('В архиве')
    expect((await api.post('spaces', { spaces: [{ kind: 'classGuardians', classId: classes['5А'] }] })).body.started).toBe(1)
  }))

test('what could not be created is tried again or dropped', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const { body } = await api.post('spaces', { spaces: [{ kind: 'other', name: 'Хор', ownerId: 'p2' }, { kind: 'other', name: 'Театр', ownerId: 'p2', classId: classes['5А'] }] })
    const [choir] = body.rows as Row[]
    const taskOf = async (kind: string) => (await api.get(`tasks?process=${choir!.processId}`)).body.items.find((task: { kind: string }) => task.kind === kind).id as string
    expect((await api.post(`tasks/${await taskOf('T-CHAT-CREATE')}/fail`, { reason: 'platformError', comment: 'Не открывается' })).status).toBe(200)
    expect((await api.get(`spaces/${choir!.id}`)).body.stateTitle).toBe('Не удалось создать')
    expect((await api.post(`tasks/${await taskOf('T-CHAT-RETRY')}/complete`, { evidence: { decision: 'cancel', reason: 'Не нужен' } })).status).toBe(200)
    expect((await api.get(`spaces/${choir!.id}`)).body).toMatchObject({ state: 'cancelled', stateTitle: 'Отменён' })
  }))

test('a space that goes on with a class which has such a space already stays where it is', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const pupils = await rowOf(api, '5А: ученики')
    await inSchool(db, orgId, (tx) => tx.query(`insert into spaces (id, org_id, kind, class_id, name, owner_id, state) values ('spc_6', $1, 'classStudents', $2, '6Б', 'p3', 'active')`, [orgId, classes['6Б']]))
    const change = (classId: string) => cohorts.send(pupils.processId, { type: 'CLASS_CHANGED', classId, name: '6Б: ученики' }, { kind: 'process' })
    expect(await change(classes['6Б'])).toMatchObject({ accepted: false, guards: ['spaceIsNew'] })
    expect((await api.get(`spaces/${pupils.id}`)).body).toMatchObject({ name: '5А: ученики', className: '5А' })
    const next = await inSchool(db, orgId, (tx) => ensureClass(tx, orgId, '2027-2028', '6А'))
    expect(await change(next)).toMatchObject({ accepted: true, state: 'active' })
    expect((await api.get(`spaces/${pupils.id}`)).body).toMatchObject({ name: '6Б: ученики', className: '6А', academicYear: '2027-2028' })
  }))

test('a teacher of two classes is class teacher of both, and a class of another year is another class', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const next = await inSchool(db, orgId, async (tx) => {
      await tx.query(`update memberships set platform_status = 'joined' where id = 'mem_p6'`)
      return ensureClass(tx, orgId, '2027-2028', '6Б')
    })
    const appoint = (fields: object) => api.post('staff-assignments', { kind: 'classTeacher', personId: 'p6', orderId: 'o1', ...fields })
    expect(problemOf(await appoint({ classId: 'cls_none' }))).toEqual(['classId: classUnknown'])
    expect(problemOf(await appoint({ classId: next, className: '6Б' }))).toEqual(['className: fieldUnknown'])
    for (const classId of [classes['6Б'], next]) {
      expect((await appoint({ classId })).status).toBe(202)
      const [task] = (await api.get('tasks?kind=T-CLASS-TEACHER')).body.items
      expect((await api.post(`tasks/${task.id}/complete`, { evidence: { confirmed: true } })).status).toBe(200)
      expect((await api.get(`classes/${classId}`)).body.classTeachers).toMatchObject([{ id: 'p6' }])
    }
    expect(await appoint({ classId: next })).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive' } })
    expect((await api.get(`classes/${classes['6Б']}`)).body.classTeachers).toMatchObject([{ id: 'p6' }])
    expect((await api.get(`space-plan?academicYear=${year}`)).body.items.find(({ name }: Planned) => name === '6Б — родители — 2026/27').owner.id).toBe('p6')
  }))

test('the plan of a large school is confirmed in one request', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    await inSchool(db, orgId, async (tx) => {
      await tx.query(`insert into school_classes (id, org_id, academic_year, grades, name, folded_name) select 'cls_' || n, $1, '2027-2028', '{7}', '7-' || n, '7:' || n from generate_series(1, 30) n`, [orgId])
      await tx.query(`insert into subjects (id, org_id, name, folded_name) select 'sub_' || n, $1, 'Предмет ' || n, 'предмет ' || n from generate_series(2, 13) n`, [orgId])
      await tx.query(`insert into teaching_loads (id, org_id, class_id, subject_id, person_id) select 'lod_' || c || '_' || s, $1, 'cls_' || c, 'sub_' || s, 'p5' from generate_series(1, 30) c, generate_series(2, 13) s`, [orgId])
    })
    const { items } = (await api.get('space-plan?academicYear=2027-2028')).body as { items: (Planned & { subjectId: string | null })[] }
    const spaces = items.filter(({ name }) => name.startsWith('7-')).map(({ kind, classId, subjectId, owner }) => ({ kind, classId, ...(subjectId && { subjectId }), ...(kind !== 'schoolClass' && { ownerId: owner?.id ?? 'p5' }) }))
    expect(spaces).toHaveLength(30 * 16)
    expect(await api.post('spaces', { spaces })).toMatchObject({ status: 202, body: { started: 480 } })
    const { rows } = await inSchool(db, orgId, (tx) => tx.query<{ kind: string; tasks: number }>(`select kind, count(*)::int as tasks from tasks where closed_at is null and owner_id in (select process_id from spaces where class_id like 'cls\\_%' and class_id not in ($1, $2)) group by kind order by kind`, [classes['5А'], classes['6Б']]))
    expect(rows).toEqual([{ kind: 'T-CHAT-CREATE', tasks: 450 }, { kind: 'T-CLASS-CREATE', tasks: 30 }])
  }))
