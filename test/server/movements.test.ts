import { beforeAll, expect, test } from 'vitest'
import { ensureClass } from '../../db/classes.ts'
import { inSchool } from '../../db/connection.ts'
import { insertOrder } from '../../db/orders.ts'
import { insertMemberships, insertPeople } from '../../db/people.ts'
import { expectWanted } from '../../db/wanted-spaces.ts'
import { academicYearAfter, academicYearOfDate } from '../../school/calendar/academic-year.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { shiftDate } from '../../school/calendar/local-date.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'

const { db, cohorts } = await hostedSchool()
const orgId = 'org_zarechie'
const today = localClock('Europe/Samara').localDate(new Date())
const year = academicYearOfDate(today).key
const classes: Record<string, string> = {}
let admin = ''
let head = ''
let registrar = ''

/** Chats of a class as they are on the platform, without a process. */
const insertSpace = (id: string, kind: string, classId: string, ownerId: string | null) =>
  inSchool(db, orgId, (tx) => tx.query(`insert into spaces (id, org_id, kind, class_id, name, owner_id, state) values ($1, $2, $3, $4, $1, $5, 'active')`, [id, orgId, kind, classId, ownerId]))
const addOrder = (id: string, kind: 'students' | 'staff' | 'main', status: 'registered' | 'draft' = 'registered') =>
  inSchool(db, orgId, (tx) => insertOrder(tx, orgId, { id, kind, number: id, foldedNumber: id, date: '2026-08-28', title: 'О движении', signedBy: 'p1', status, file: null, content: null }))

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 4)
  admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  head = await keyOf(db, orgId, ['head'], 'p1')
  registrar = await keyOf(db, orgId, ['registrar'])
  await inSchool(db, orgId, async (tx) => {
    for (const name of ['5А', '5Б']) classes[name] = await ensureClass(tx, orgId, year, name)
    classes['6А+'] = await ensureClass(tx, orgId, academicYearAfter(academicYearAfter(year)), '6А')
    const pupils = ['s1', 's2', 's3', 's4']
    await insertPeople(tx, orgId, pupils.map((id) => ({ id, lastName: 'Ёлкин', firstName: 'Матвей', patronymic: 'Денисович', phone: null, email: null, searchKey: 'елкин матвей' })))
    await insertMemberships(tx, orgId, pupils.filter((id) => id !== 's4').map((id) => ({ id: `mem_${id}`, personId: id, kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId: classes['5А']! })))
    await tx.query(`update memberships set platform_status = 'joined' where kind = 'staff'`)
    await tx.query(`update memberships set roles = '{teacher,classTeacher}', class_id = $1 where id = 'mem_p3'`, [classes['5А']])
    await tx.query(`update organizations set staff_room_on = '2026-09-01', registered_at = now()`)
    await tx.query(`insert into subjects (id, org_id, name, folded_name) values ('sub_1', $1, 'Физика', 'физика')`, [orgId])
  })
  for (const name of ['5А', '5Б']) {
    await insertSpace(`${name}`, 'schoolClass', classes[name]!, null)
    await insertSpace(`${name} — ученики`, 'classStudents', classes[name]!, 'p3')
  }
  await inSchool(db, orgId, async (tx) => expectWanted(tx, orgId, (await tx.query<{ id: string }>('select id from spaces')).rows.map(({ id }) => id)))
  for (const id of ['47-у', '48-у', '49-у', '50-у']) await addOrder(id, 'students')
  for (const id of ['10-к', '11-к']) await addOrder(id, 'staff')
  await addOrder('черновик', 'students', 'draft')
})

const app = () => scratchApp(db, { dispatcher: cohorts.dispatcher })
type Api = ReturnType<typeof client>
const problemsOf = ({ body }: { body: { problems: { code: string; path: string }[] } }) => body.problems.map(({ code, path }) => `${path}: ${code}`)
const placesOf = async (personId: string) => (await inSchool(db, orgId, (tx) => tx.query<{ id: string }>('select space_id as id from places where person_id = $1 order by 1', [personId]))).rows.map(({ id }) => id)
const taskOf = async (api: Api, processId: string, kind: string): Promise<{ id: string }> => {
  const find = async () => (await api.get(`tasks?process=${processId}&kind=${kind}`)).body.items.find((task: { kind: string; state: string }) => task.kind === kind && task.state === 'open')
  await expect.poll(find).toBeDefined()
  return find()
}
const stateIs = (api: Api, processId: string, state: string) => expect.poll(async () => (await api.get(`processes/${processId}`)).body.state).toBe(state)
const card = async (api: Api, id: string) => (await api.get(`movements/${id}`)).body
/** Says of every step at hand that it is done. */
async function report(api: Api, processId: string, result = 'done'): Promise<string[]> {
  const { id } = await taskOf(api, processId, 'T-MOVE-STEPS')
  const steps = (await api.get(`tasks/${id}`)).body.values.filter(({ name }: { name: string }) => /^(rights|add|remove):/.test(name)).map(({ name }: { name: string }) => name) as string[]
  expect(await api.post(`tasks/${id}/complete`, { evidence: { results: steps.map((step) => ({ step, result, ...(result === 'failed' && { reason: 'platformError' }) })) } })).toMatchObject({ status: 200 })
  return steps
}

test('what is entered wrongly is refused in Russian, field by field', async () => {
  const api = client(await app(), admin)
  const transfer = { kind: 'classTransfer', personId: 's1', effectiveOn: today }
  const refused = await api.post('movements', { ...transfer, effectiveOn: shiftDate(today, 400), reason: 'other', orderId: 'ord_none' })
  expect(problemsOf(refused)).toEqual(['reason: fieldUnknown', 'toClassId: fieldRequired', 'effectiveOn: effectiveFar', 'orderId: orderUnknown'])
  expect(refused.body.problems[2].message).toBe('Дата движения — не дальше года назад и года вперёд')
  expect(problemsOf(await api.post('movements', { ...transfer, toClassId: classes['5А'] }))).toEqual(['toClassId: classSame'])
  expect(problemsOf(await api.post('movements', { ...transfer, toClassId: 'cls_none' }))).toEqual(['toClassId: classUnknown'])
  expect(problemsOf(await api.post('movements', { ...transfer, toClassId: classes['6А+'] }))).toEqual(['toClassId: classOtherYear'])
  expect(problemsOf(await api.post('movements', { ...transfer, personId: 's4', toClassId: classes['5Б'] }))).toEqual(['personId: personNotPupil'])
  expect(problemsOf(await api.post('movements', { ...transfer, personId: 'nobody', toClassId: classes['5Б'] }))).toEqual(['personId: personUnknown'])
  expect(problemsOf(await api.post('movements', { kind: 'enrollment', personId: 's1', effectiveOn: today, toClassId: classes['5Б'] }))).toEqual(['personId: alreadyHere'])
  expect(problemsOf(await api.post('movements', { kind: 'longLeave', personId: 'p4', effectiveOn: today, until: today, successorId: 'p4' }))).toEqual(['until: untilBefore', 'successorId: successorSame'])
  expect(problemsOf(await api.post('movements', { kind: 'assignmentChange', personId: 'p4', effectiveOn: today }))).toEqual([': changeEmpty'])
  expect(
    problemsOf(await api.post('movements', { kind: 'assignmentChange', personId: 'p4', effectiveOn: today, takeLoads: ['lod_none'], giveClasses: ['cls_none'], giveLoads: [{ classId: classes['5А'], subjectId: 'sub_none' }] })),
  ).toEqual(['giveClasses.0: classUnknown', 'takeLoads.0: loadUnknown', 'giveLoads.0.subjectId: subjectUnknown'])
  expect(problemsOf(await api.post('movements', { kind: 'hire', personId: 's4', effectiveOn: today, position: '<b>учитель</b>', roles: ['deputy'] }))).toEqual(['position: textHtml', 'roles: roleNotYours'])
  // The order is looked at by the machine: its kind, and that it is in force (BR-16).
  for (const [orderId, guards] of [['10-к', ['movementOrderKind']], ['черновик', ['orderIsInForce', 'orderIsRegistered']]] as const) {
    const wrong = await api.post('movements', { ...transfer, toClassId: classes['5Б'], orderId })
    expect(wrong).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:guardRefused' } })
    expect(problemsOf(wrong).map((line) => line.replace(/^.*: /, '')).sort()).toEqual(guards)
  }
  expect((await client(await app(), await keyOf(db, orgId, ['teacher'], 'p4')).post('movements', { ...transfer, toClassId: classes['5Б'] })).status).toBe(403)
  expect((await api.get('movements')).body.items).toEqual([])
})

test('a transfer waits for its order, then asks first for what adds and then for what removes; the class teacher is told', () =>
  cohorts.running(async () => {
    const server = await app()
    const [api, office] = [client(server, admin), client(server, registrar)]
    const entered = await office.post('movements', { kind: 'classTransfer', personId: 's1', effectiveOn: shiftDate(today, -2), toClassId: classes['5Б'] })
    expect(entered).toMatchObject({ status: 202, body: { number: expect.stringMatching(/^ДВ-\d{4}-000001$/) } })
    const { id, processId, number } = entered.body
    expect(await office.post('movements', { kind: 'classTransfer', personId: 's1', effectiveOn: shiftDate(today, -2), toClassId: classes['5Б'] })).toMatchObject({ status: 409, body: { id, processId } })
    const task = await taskOf(office, processId, 'T-MOVE-ORDER')
    expect((await office.get(`tasks/${task.id}`)).body.values.map(({ title, value }: { title: string; value: string }) => `${title}: ${value}`)).toEqual(
      expect.arrayContaining([`Номер движения: ${number}`, 'Что происходит: Перевод в другой класс', 'Кто: Ёлкин Матвей Денисович', 'Из класса: 5А', 'В класс: 5Б']),
    )
    expect((await office.post(`tasks/${task.id}/complete`, { evidence: { orderId: '47-у' } })).status).toBe(200)

    expect(await report(api, processId)).toEqual(['add:5Б:s1', 'add:5Б — ученики:s1'])
    // Nobody takes out of the old class before the new one is there, by whatever way.
    expect(await report(api, processId)).toEqual(['remove:5А — ученики:s1', 'remove:5А:s1'])
    await stateIs(api, processId, 'completed')
    expect(await placesOf('s1')).toEqual(['5Б', '5Б — ученики'])
    expect(await card(api, id)).toMatchObject({ stateTitle: 'Завершено', kindTitle: 'Перевод в другой класс', person: { name: 'Ёлкин Матвей Денисович' }, steps: expect.arrayContaining([expect.objectContaining({ actionTitle: 'Добавить', what: '5Б', stateTitle: 'Сделано' })]) })
    expect((await api.get(`movements?classId=${classes['5Б']}&kind=classTransfer&personId=s1`)).body.items).toMatchObject([{ id }])
    expect((await api.get('people/s1')).body.memberships.map(({ className, endedAt }: { className: string; endedAt: string | null }) => `${className} ${endedAt === null}`)).toEqual(['5А false', '5Б true'])
    await expect.poll(async () => (await api.get(`letters?process=${processId}`)).body.items.map(({ code, state }: { code: string; state: string }) => `${code} ${state}`)).toEqual(['L-MOVE-NOTICE accepted'])
  }))

test('what fails keeps what removes from being asked for, and the rest may be closed with a reason', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const { id, processId } = (await api.post('movements', { kind: 'classTransfer', personId: 's2', effectiveOn: today, toClassId: classes['5Б'], orderId: '48-у' })).body
    await report(api, processId, 'failed')
    const again = await taskOf(api, processId, 'T-MOVE-STEPS')
    expect((await api.get(`tasks/${again.id}`)).body.values.filter(({ name }: { name: string }) => name.startsWith('remove'))).toEqual([])
    expect(problemsOf(await api.post(`processes/${processId}/events`, { type: 'STEP_DONE', step: 'remove:5А:s2', result: 'done' }))[0]).toMatch(/stepsAreDue/)
    expect((await api.post(`processes/${processId}/events`, { type: 'CLOSE_PARTIAL', reason: 'Платформа не работает' })).body).toMatchObject({ state: 'partiallyDone', stateTitle: 'Выполнено частично' })
    expect((await card(api, id)).steps.map(({ state }: { state: string }) => state)).toEqual(['void', 'void', 'void', 'void'])
    expect(await placesOf('s2')).toEqual(['5А', '5А — ученики'])
    // Taken up again, the rest is what is missing now.
    expect((await api.post(`processes/${processId}/events`, { type: 'RETRY' })).body.state).toBe('platformWork')
    expect(await report(api, processId, 'alreadyDone')).toEqual(['add:5Б:s2', 'add:5Б — ученики:s2'])
    await report(api, processId)
    await stateIs(api, processId, 'completed')
  }))

test('an order that is cancelled after the beginning is answered by a new one or by the way back (edge case 10)', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const { id, processId } = (await api.post('movements', { kind: 'departure', personId: 's3', effectiveOn: today, reason: 'relocation', orderId: '49-у' })).body
    expect(await report(api, processId)).toEqual(['remove:5А — ученики:s3', 'remove:5А:s3'])
    await stateIs(api, processId, 'completed')
    expect((await api.post('orders/49-у/cancel')).status).toBe(200)
    const task = await taskOf(api, processId, 'T-MOVE-REORDER')
    expect((await api.post(`tasks/${task.id}/complete`, { evidence: { decision: 'takeBack', orderId: '49-у' } })).body.problems.map(({ code }: { code: string }) => code)).toEqual(['orderIsInForce'])
    expect((await api.post(`tasks/${task.id}/complete`, { evidence: { decision: 'takeBack', orderId: '50-у' } })).status).toBe(200)
    expect(await report(api, processId)).toEqual(['add:5А:s3', 'add:5А — ученики:s3'])
    await stateIs(api, processId, 'reversed')
    expect(await card(api, id)).toMatchObject({ stateTitle: 'Возвращено', reverseOrderId: '50-у', reasonTitle: 'Переезд' })
    expect(await placesOf('s3')).toEqual(['5А', '5А — ученики'])
    // The same day is free again.
    expect((await api.post('movements', { kind: 'departure', personId: 's3', effectiveOn: today, reason: 'other', draft: true })).status).toBe(202)
  }))

test('a day in the future is waited for; the order that goes, goes without a trace in the register', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    const { id, processId } = (await api.post('movements', { kind: 'enrollment', personId: 's4', effectiveOn: shiftDate(today, 30), toClassId: classes['5А'], orderId: '47-у' })).body
    expect((await api.get(`processes/${processId}`)).body).toMatchObject({ state: 'scheduled', deadlines: [expect.objectContaining({ name: 'TIMER_EFFECTIVE' })] })
    expect((await api.post('orders/47-у/cancel')).status).toBe(200)
    await stateIs(api, processId, 'awaitingOrder')
    expect((await api.post(`processes/${processId}/events`, { type: 'CANCEL', reason: 'Передумали' })).body.state).toBe('cancelled')
    expect(await card(api, id)).toMatchObject({ begunAt: null, steps: [] })
  }))

test('who leaves the staff: rights by their own process, chats by theirs, then the removals; nobody confirms the end of the own rights', () =>
  cohorts.running(async () => {
    const server = await app()
    const [api, chief] = [client(server, admin), client(server, head)]
    const { body: given } = await api.post('staff-assignments', { kind: 'extraAdmin', personId: 'p3' })
    expect((await chief.post(`tasks/${(await taskOf(chief, given.processId, 'T-ADM-GRANT')).id}/complete`, { evidence: { confirmed: true } })).status).toBe(200)
    const { body: made } = await api.post('spaces', { spaces: [{ kind: 'other', name: 'Хор', ownerId: 'p3' }] })
    const chat = made.rows[0] as { id: string; processId: string }
    expect((await chief.post(`tasks/${(await taskOf(chief, chat.processId, 'T-CHAT-CREATE')).id}/complete`, { evidence: { url: 'https://max.ru/chat/EXAMPLE-ONLY', name: 'Хор' } })).status).toBe(200)
    const { body: link } = await api.post('links', { target: 'chat', targetId: chat.id, platformRole: 'teacher', recipients: [{ personId: 'p4' }] })

    const { id, processId } = (await api.post('movements', { kind: 'staffDeparture', personId: 'p3', effectiveOn: shiftDate(today, -1), successorId: 'p5', orderId: '10-к' })).body
    const leaver = client(server, await keyOf(db, orgId, ['extraAdmin'], 'p3'))
    const right = await taskOf(chief, given.processId, 'T-ADM-REMOVE')
    expect((await leaver.post(`tasks/${right.id}/complete`, { evidence: { result: 'done' } })).status).toBe(401)
    expect((await chief.post(`tasks/${right.id}/complete`, { evidence: { result: 'done' } })).status).toBe(200)
    await expect.poll(async () => (await card(api, id)).steps.find((step: { id: string }) => step.id === `rights:${given.processId}`)?.state).toBe('done')
    // The class that the register gave without an assignment is a step of its own.
    expect(await report(api, processId)).toEqual([`rights:classTeacher:${classes['5А']}:p3`])
    expect((await chief.post(`tasks/${(await taskOf(chief, chat.processId, 'T-CHAT-HANDOVER')).id}/complete`, { evidence: { newOwnerConfirmed: true } })).status).toBe(200)
    expect((await api.get(`spaces/${chat.id}`)).body.owner).toMatchObject({ id: 'p5' })
    // The link p3 owned is closed, its invitation with it.
    await expect.poll(async () => (await api.get(`links/${link.id}`)).body.state).toMatch(/cancelled|closing/)
    const removed = await report(api, processId)
    expect(removed).toContain(`remove:${chat.id}:p3`)
    await stateIs(api, processId, 'completed')
    expect(await placesOf('p3')).toEqual([])
    expect((await api.get('tasks?kind=T-CLASS-TEACHER')).body.items).toHaveLength(1)
  }))

test('the last administrator cannot leave, and hears why (BR-12)', () =>
  cohorts.running(async () => {
    const api = client(await app(), head)
    const refused = await api.post('movements', { kind: 'longLeave', personId: 'p2', effectiveOn: today, until: shiftDate(today, 200), orderId: '11-к' })
    expect(refused).toMatchObject({ status: 409, body: { problems: [{ code: 'administratorRemains', message: expect.stringContaining('последний администратор') }] } })
  }))

/** Pupils of 5А whom nothing else moves. */
const addPupils = (ids: readonly string[]) =>
  inSchool(db, orgId, async (tx) => {
    await insertPeople(tx, orgId, ids.map((id) => ({ id, lastName: 'Ёлкина', firstName: 'Вера', patronymic: null, phone: null, email: null, searchKey: 'елкина вера' })))
    await insertMemberships(tx, orgId, ids.map((id) => ({ id: `mem_${id}`, personId: id, kind: 'student', roles: [], position: null, teachingStaff: false, guardianOf: null, classId: classes['5А']! })))
  })
interface EnteredRow {
  status: string
  personId: string
  processId: string
  problems?: { code: string; path: string }[]
}
const outcomes = (rows: EnteredRow[]) => rows.map(({ personId, status, problems = [] }) => `${personId} ${status}${problems.map(({ code, path }) => ` ${path}: ${code}`).join('')}`)

test('a list is one request and one cohort, each row with its result; one order serves all of them, and fails all of them when it is cancelled (edge case 11)', () =>
  cohorts.running(async () => {
    const api = client(await app(), registrar)
    await addPupils(['m1', 'm2'])
    await addOrder('60-у', 'students')
    const transfer = (personId: string) => ({ kind: 'classTransfer', personId, effectiveOn: shiftDate(today, 5), toClassId: classes['5Б'] })
    const { status, body } = await api.post('movements/batch', { movements: [transfer('m1'), transfer('m2'), transfer('m1'), transfer('nobody'), { ...transfer('m2'), reason: 'other' }] })
    expect(status).toBe(202)
    expect(outcomes(body.rows)).toEqual(['m1 started', 'm2 started', 'm1 refused movements.2: alreadyLive', 'nobody refused movements.3.personId: personUnknown', 'm2 refused movements.4.reason: fieldUnknown'])
    const moved = (body.rows as EnteredRow[]).slice(0, 2).map(({ processId }) => processId)
    const { rows } = await inSchool(db, orgId, (tx) => tx.query<{ cohorts: number }>(`select count(distinct cohort_id)::int as cohorts from processes where id = any ($1)`, [moved]))
    expect(rows[0]!.cohorts).toBe(1)

    const tasks = await Promise.all(moved.map((processId) => taskOf(api, processId, 'T-MOVE-ORDER')))
    expect((await api.post('tasks/complete', { items: tasks.map(({ id }) => ({ id, evidence: { orderId: '60-у' } })) })).body.completed).toBe(2)
    for (const processId of moved) await stateIs(api, processId, 'scheduled')
    expect((await api.post('orders/60-у/cancel')).status).toBe(200)
    for (const processId of moved) await stateIs(api, processId, 'awaitingOrder')
  }))

test('what an import found is taken up in one step and waits no more; with an order it is scheduled at once', () =>
  cohorts.running(async () => {
    const api = client(await app(), registrar)
    await addPupils(['m3', 'm4', 'm5'])
    await addOrder('61-у', 'students')
    await inSchool(db, orgId, (tx) =>
      tx.query(
        `insert into import_movements (id, org_id, import_id, kind, person_id, membership_id, to_class_id)
         select 'fnd_' || person, $1, 'imp_1', kind, person, 'mem_' || person, class from (values ('m3', 'classTransfer', $2), ('m4', 'departure', null), ('m5', 'departure', null)) r (person, kind, class)`,
        [orgId, classes['5Б']],
      ),
    )
    const effectiveOn = shiftDate(today, 5)
    expect(problemsOf(await api.post('found-movements', { effectiveOn }))).toEqual([': oneOfThese'])
    expect(problemsOf(await api.post('found-movements', { effectiveOn, ids: ['fnd_m3', 'fnd_none'] }))).toEqual(['ids.1: foundUnknown'])
    const one = await api.post('found-movements', { effectiveOn, ids: ['fnd_m5'], reason: 'relocation', draft: true })
    expect(await card(api, one.body.rows[0].id)).toMatchObject({ kind: 'departure', person: { id: 'm5' }, reason: 'relocation', state: 'draft' })
    const { body } = await api.post('found-movements', { effectiveOn, import: 'imp_1', orderId: '61-у' })
    expect(outcomes(body.rows)).toEqual(['m3 started', 'm4 started'])
    for (const { processId } of body.rows as EnteredRow[]) await stateIs(api, processId, 'scheduled')
    expect((await api.get('found-movements?import=imp_1')).body.items).toEqual([])
    expect((await api.post('found-movements', { effectiveOn, import: 'imp_1' })).body).toEqual({ started: 0, rows: [] })
  }))
