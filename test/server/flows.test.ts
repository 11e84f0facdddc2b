import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import type { App } from '../../server/deps.ts'
import { Unavailable } from '../../workflows/dispatcher.ts'
import { client, keyOf, scratchApp } from '../support/api.ts'
import { hostedSchool } from '../support/hosted-school.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { sampleSpaces } from '../support/sample-spaces.ts'

const { db, mail, cohorts, orgId } = await hostedSchool()
let admin = ''
let head = ''
let teacher = ''
let spaces = {} as Awaited<ReturnType<typeof sampleSpaces>>
beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 6)
  admin = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  head = await keyOf(db, orgId, ['head'], 'p1')
  teacher = await keyOf(db, orgId, ['teacher'], 'p3')
  spaces = await sampleSpaces(db, orgId, 'p4')
})
const dispatcher = cohorts.dispatcher
const app = (): Promise<App> => scratchApp(db, { dispatcher })
type Line = { id: string; kind: string; state: string; processId: string }

test('a registration goes the whole way over HTTP, and the timeline tells it', () =>
  cohorts.running(async () => {
    const server = await app()
    const api = client(server, admin)
    const taskOf = async (kind: string) => {
      const { body } = await api.get(`tasks?kind=${kind}`)
      return body.items[0] as Line
    }
    const complete = async (kind: string, evidence: Record<string, unknown>) => api.post(`tasks/${(await taskOf(kind)).id}/complete`, { evidence })

    const incomplete = await api.post('registrations', { administratorId: 'p1' })
    expect(incomplete).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:guardRefused' } })
    expect(incomplete.body.problems[0].code).toBe('adminIsTeachingStaff')

    const started = await api.post('registrations', { administratorId: 'p2', orderId: 'o1' })
    expect(started).toMatchObject({ status: 202, body: { processId: `orgRegistration:${orgId}`, number: expect.stringMatching(/^СФ-\d{4}-000001$/) } })
    expect((await api.post('registrations')).body).toMatchObject({ type: 'urn:sferum-flow:problem:alreadyLive', number: started.body.number })
    const id = started.body.processId as string

    await mail.letter(({ subject }) => subject?.includes('Заявка на регистрацию') ?? false)
    const process = async () => (await api.get(`processes/${id}`)).body
    await expect.poll(async () => (await process()).state).toBe('awaitingReply')
    const waiting = await process()
    expect(waiting).toMatchObject({ title: 'Регистрация организации', stateTitle: 'Ожидает ответа', openedBy: { id: 'p2' } })
    expect(waiting.deadlines.map(({ name }: { name: string }) => name)).toEqual(['TIMER_FOLLOW_UP_1', 'TIMER_FOLLOW_UP_2', 'TIMER_ESCALATE'])
    expect(waiting.allowed.find(({ type }: { type: string }) => type === 'REPLY_APPROVED')).toMatchObject({ title: 'Ответ: заявка принята', schema: { required: ['receivedOn'] } })

    // Illegal, unknown, without fields, in the future: each is refused in Russian and changes nothing.
    const illegal = await api.post(`processes/${id}/events`, { type: 'PROFILE_FILLED' })
    expect(illegal).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:illegalEvent', state: 'awaitingReply', detail: expect.stringContaining('Ожидает ответа') } })
    expect(illegal.body.allowed.map(({ type }: { type: string }) => type)).toContain('REPLY_APPROVED')
    expect((await api.post(`processes/${id}/events`, { type: 'TIMER_ESCALATE' })).body.type).toBe('urn:sferum-flow:problem:unknownEvent')
    expect((await api.post(`processes/${id}/events`, { type: 'REPLY_APPROVED' })).body.problems[0]).toMatchObject({ code: 'fieldRequired', path: 'receivedOn' })
    expect((await api.post(`processes/${id}/events`, { type: 'REPLY_APPROVED', receivedOn: '2999-01-01' })).body.problems[0]).toMatchObject({ code: 'timeFuture', path: 'receivedOn' })
    expect((await client(server, teacher).post(`processes/${id}/events`, { type: 'REPLY_APPROVED', receivedOn: '2026-08-24' })).status).toBe(404)

    // A deadline is moved with a reason, another stopped.
    const at = new Date(Date.now() + 40 * 24 * 60 * 60 * 1000).toISOString()
    expect((await api.post(`processes/${id}/deadlines/TIMER_ESCALATE`, { action: 'move', at, reason: 'Договорились подождать' })).status).toBe(200)
    expect((await api.post(`processes/${id}/deadlines/TIMER_FOLLOW_UP_2`, { action: 'stop', reason: 'Позвонили' })).status).toBe(200)
    expect((await process()).deadlines.find(({ name }: { name: string }) => name === 'TIMER_ESCALATE').at).toBe(at)

    const key = randomUUID()
    const reply = () => api.post(`processes/${id}/events`, { type: 'REPLY_APPROVED', receivedOn: '2026-08-24', text: 'Заявка одобрена' }, { 'idempotency-key': key })
    const approved = await reply()
    expect(approved).toMatchObject({ status: 200, body: { state: 'adminSignIn', stateTitle: 'Вход администратора' } })
    expect((await reply()).text).toBe(approved.text)

    // The frozen phone is masked until it is asked for.
    const signIn = await taskOf('T-REG-SIGNIN')
    const card = (await api.get(`tasks/${signIn.id}`)).body
    expect(card.values).toContainEqual({ name: 'phone', title: 'Номер из заявки', value: expect.stringMatching(/\*\*\*-\*\*-/), hidden: true })
    expect(card.steps.length).toBeGreaterThan(0)
    const shown = (await api.post(`tasks/${signIn.id}/reveal`)).body.values
    expect(shown.find(({ name }: { name: string }) => name === 'phone').value).toBe('+7 (900) 000-00-02')
    expect((await client(server, head).get('journal')).body.items[0]).toMatchObject({ action: 'phoneShown', object: signIn.id })

    // Two people on one task: the second hears who and when.
    expect((await complete('T-REG-SIGNIN', { rights: 'да' })).body.problems[0]).toMatchObject({ code: 'fieldType', path: 'evidence.rights' })
    const [one, two] = await Promise.all([api, client(server, head)].map((person) => person.post(`tasks/${signIn.id}/complete`, { evidence: { rights: true } })))
    expect([one!.status, two!.status].sort()).toEqual([200, 409])
    const second = one!.status === 409 ? one! : two!
    expect(second.body).toMatchObject({ type: 'urn:sferum-flow:problem:taskClosed', state: 'completed', closedBy: { id: expect.stringMatching(/^p[12]$/) }, detail: expect.stringMatching(/Воронцова|Лисицын/) })

    expect((await complete('T-REG-PROFILE', { nameFilled: true, addressFilled: true, contactsFilled: true })).status).toBe(200)
    expect((await complete('T-REG-STAFFROOM', { createdOn: '2026-09-01' })).status).toBe(200)
    expect(await process()).toMatchObject({ state: 'completed', stateTitle: 'Завершена', allowed: [], deadlines: [] })
    expect((await api.post(`processes/${id}/events`, { type: 'CANCEL', reason: 'Поздно' })).body.type).toBe('urn:sferum-flow:problem:processEnded')
    expect((await api.get(`organizations/${orgId}`)).body.staffRoomOn).toBe('2026-09-01')

    const lines = (await api.get(`processes/${id}/timeline?limit=200`)).body.items as { event: string; who: string; what: string; clause: string | null; why: string | null }[]
    expect(lines.find(({ event }) => event === 'REPLY_APPROVED')).toMatchObject({ who: 'Лисицын Павел', what: 'Ответ: заявка принята', clause: 'п. 2.1, абз. 1' })
    expect(lines.find(({ event }) => event === 'MOVE_DEADLINE')).toMatchObject({ why: 'Договорились подождать' })
    const diagram = await api.get(`processes/${id}/diagram.svg`)
    expect(diagram.headers['content-type']).toContain('image/svg+xml')
    expect(diagram.text).toContain('data-state="completed" data-current="true"')
  }))

test('a list of teachers is onboarded in one request; who runs already is named', () =>
  cohorts.running(async () => {
    const server = await app()
    const api = client(server, admin)
    const started = await api.post('onboardings', { people: [{ personId: 'p3' }, { personId: 'p4', waiveVerification: { reason: 'Подтверждён в прошлом году' } }, { personId: 'p4' }, { personId: 'nobody' }] })
    expect(started.status).toBe(202)
    expect(started.body.started).toBe(2)
    expect(started.body.rows.map(({ status }: { status: string }) => status)).toEqual(['started', 'started', 'refused', 'refused'])
    expect(started.body.rows[2].problem).toMatchObject({ code: 'rowRepeated', message: 'Этот человек уже есть в строке 2' })
    const again = await api.post('onboardings', { people: [{ personId: 'p3' }] })
    expect(again).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:alreadyLive' } })
    expect((await api.post('links', { target: 'staffRoom', platformRole: 'teacher', recipients: [{ personId: 'p3' }] })).body).toMatchObject({ type: 'urn:sferum-flow:problem:alreadyLive' })

    // The link is made on the platform: a foreign host is refused, the address is kept sealed.
    const [create] = (await api.get('tasks?kind=T-LINK-CREATE')).body.items as Line[]
    expect((await api.post(`tasks/${create!.id}/complete`, { evidence: { url: 'https://evil.example/join' } })).body.problems[0]).toMatchObject({ code: 'linkUrlHost', path: 'evidence.url' })
    const url = 'https://max.ru/join/EXAMPLE-ONLY'
    expect((await api.post(`tasks/${create!.id}/complete`, { evidence: { url } })).status).toBe(200)
    const [link] = (await api.get('links?state=active')).body.items
    expect(link).toMatchObject({ number: started.body.rows[0].number, stateTitle: 'Действует', recipients: 2, joined: 0 })
    expect((await api.post(`links/${link.id}/reveal`)).body.url).toBe(url)
    const stored = await inSchool(db, orgId, (tx) => tx.query('select context::text as text from processes union all select inputs::text from cohort_steps union all select url from invite_links'))
    expect(stored.rows.some(({ text }: { text: string }) => text?.includes('EXAMPLE-ONLY'))).toBe(false)

    // The invited person: letter, page, «я отправил заявку», and the administrator has a request to consider.
    const letter = await mail.letter(({ to, subject }) => JSON.stringify(to).includes('p3@zarechie.example') && (subject?.includes('Приглашение') ?? false))
    const path = /\/i\/[A-Za-z0-9_-]+/.exec(letter.text ?? '')![0]
    const opened = await server.inject({ method: 'POST', url: `${path}/open`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect(opened.headers.location).toBe(url)
    const sent = await server.inject({ method: 'POST', url: `${path}/request-sent`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    expect(sent.statusCode).toBe(303)
    await expect.poll(async () => (await api.get('tasks?kind=T-JOIN-REVIEW')).body.items.length).toBe(1)
    const [review] = (await api.get('tasks?kind=T-JOIN-REVIEW')).body.items as Line[]
    expect(await api.post(`tasks/${review!.id}/complete`, { evidence: { decision: 'accept' } })).toMatchObject({ status: 200 })

    // A teacher sees the own task only, and its «готово» opens the administrator's.
    const own = client(server, teacher)
    await expect.poll(async () => (await own.get('my-tasks')).body.items.map(({ kind }: Line) => kind)).toEqual(['T-VERIFY-SELF'])
    const [self] = (await own.get('my-tasks')).body.items as Line[]
    expect((await own.get('tasks')).status).toBe(403)
    expect((await own.get('people')).status).toBe(403)
    expect((await own.post(`tasks/${self!.id}/complete`, { evidence: { result: 'done' } })).status).toBe(200)
    const [finish] = (await api.get('tasks?kind=T-VERIFY-FINISH')).body.items as Line[]
    expect((await own.get(`tasks/${finish!.id}`)).status).toBe(404)
    expect((await own.post(`tasks/${finish!.id}/complete`, { evidence: { result: 'done' } })).status).toBe(404)
    const many = await api.post('tasks/complete', { items: [{ id: finish!.id, evidence: { result: 'done' } }, { id: 'task:nowhere', evidence: {} }, { id: review!.id, evidence: { decision: 'accept' } }] })
    expect(many.body.completed).toBe(1)
    expect(many.body.rows.map(({ problem }: { problem?: { type: string } }) => problem?.type.split(':').at(-1))).toEqual([undefined, 'notFound', 'taskClosed'])
    expect((await api.get(`processes/${started.body.rows[0].processId}`)).body).toMatchObject({ state: 'active', stateTitle: 'Подключён', person: { id: 'p3', name: 'Мамедов Вагиф' } })
    expect((await api.get('people?platformStatus=verified')).body.items.map(({ id }: { id: string }) => id)).toEqual(['p3'])

    // The register of letters: state, address masked in the list, the personal link never shown.
    const letters = (await api.get('letters?code=L-INV-TEACHER')).body.items
    expect(letters).toHaveLength(2)
    const read = (await api.get(`letters/${letters[0].id}`)).body
    expect(read.body).not.toContain(path)
    expect(read.subject).toContain('Приглашение')
  }))

/** A server whose answers from the workflow are lost until `found`. */
async function forgetfulApp() {
  let lost = true
  const deliver: typeof dispatcher.deliver = async (events) => {
    const results = await dispatcher.deliver(events)
    if (lost) throw new Unavailable('the answer was lost')
    return results
  }
  return { server: await scratchApp(db, { dispatcher: { ...dispatcher, deliver } }), found: () => void (lost = false) }
}

test('an answer that was lost on its way: the same key gets it, and nothing happens twice (F3)', () =>
  cohorts.running(async () => {
    const { server, found } = await forgetfulApp()
    const api = client(server, admin)
    const { body } = await api.post('links', { target: 'chat', targetId: spaces.classGuardians, platformRole: 'guardian', recipients: [] })
    const [create] = (await api.get(`tasks?process=${body.processId}`)).body.items as Line[]
    const key = randomUUID()
    const complete = () => api.post(`tasks/${create!.id}/complete`, { evidence: { url: 'https://max.ru/join/EXAMPLE-ONLY-2' } }, { 'idempotency-key': key })
    expect(await complete()).toMatchObject({ status: 503, body: { type: 'urn:sferum-flow:problem:unavailable' } })
    found()
    expect(await complete()).toMatchObject({ status: 200, body: { state: 'completed' } })
    const events = (await api.get(`processes/${body.processId}/timeline`)).body.items.map(({ event }: { event: string }) => event)
    expect(events.filter((event: string) => event === 'LINK_CREATED')).toHaveLength(1)
  }))

test('an answer that was lost comes to the same key also when the process has ended since (F3)', () =>
  cohorts.running(async () => {
    const { server, found } = await forgetfulApp()
    const api = client(server, admin)
    const { body } = await client(await app(), admin).post('links', { target: 'chat', targetId: spaces.classGuardians, platformRole: 'guardian', recipients: [] })
    await client(await app(), admin).post(`processes/${body.processId}/events`, { type: 'CANCEL' })
    // Late enough for the request to come before it on a busy machine.
    const at = new Date(Date.now() + 5_000).toISOString()
    const move = (key: string) => api.post(`processes/${body.processId}/deadlines/TIMER_RETENTION`, { action: 'move', at, reason: 'Не понадобилась' }, { 'idempotency-key': key })
    const key = randomUUID()
    expect(await move(key)).toMatchObject({ status: 503 })
    found()
    await expect.poll(async () => (await move(randomUUID())).body.type, { timeout: 30_000 }).toBe('urn:sferum-flow:problem:processEnded')
    expect(await move(key)).toMatchObject({ status: 200, body: { state: 'cancelled' } })
  }))

test('an address given by an event is checked and sealed like one given with a task', () =>
  cohorts.running(async () => {
    const api = client(await app(), admin)
    await api.patch(`organizations/${orgId}`, { settings: { organizationMembership: true } })
    const { body } = await api.post('links', { target: 'class', targetId: spaces.classId, platformRole: 'student', recipients: [] })
    const send = (url: string) => api.post(`processes/${body.processId}/events`, { type: 'LINK_CREATED', url })
    expect((await send('http://max.ru/join/EXAMPLE-ONLY-3')).body.problems[0]).toMatchObject({ code: 'linkUrlNotHttps', path: 'url' })
    expect((await send('https://max.ru/join/EXAMPLE-ONLY-3')).body.state).toBe('active')
    const stored = await inSchool(db, orgId, (tx) => tx.query<{ text: string }>('select context::text as text from processes union all select inputs::text from cohort_steps union all select note::text from timeline'))
    expect(stored.rows.some(({ text }) => text?.includes('EXAMPLE-ONLY'))).toBe(false)
    expect((await api.post(`links/${body.id}/reveal`)).body.url).toBe('https://max.ru/join/EXAMPLE-ONLY-3')
    expect((await api.post(`processes/${body.processId}/deadlines/TIMER_EXPIRED`, { action: 'stop', reason: 'x' })).body.problems[0].code).toBe('deadlineMovesByEvent')
  }))

test('an additional administrator is named by one, and may not confirm the loss of the own rights', () =>
  cohorts.running(async () => {
    const server = await app()
    const api = client(server, admin)
    expect((await api.post('staff-assignments', { kind: 'extraAdmin', personId: 'p5' })).body.problems[0].code).toBe('personHasJoined')
    const { body, status } = await api.post('staff-assignments', { kind: 'extraAdmin', personId: 'p3' })
    expect(status).toBe(202)
    expect((await api.post('staff-assignments', { kind: 'extraAdmin', personId: 'p3' })).body).toMatchObject({ type: 'urn:sferum-flow:problem:alreadyLive', processId: body.processId })
    const [grant] = (await api.get('tasks?kind=T-ADM-GRANT')).body.items as Line[]
    await api.post(`tasks/${grant!.id}/complete`, { evidence: { confirmed: true } })
    expect((await api.post(`processes/${body.processId}/events`, { type: 'REMOVE', reason: 'Больше не нужно' })).body.state).toBe('removing')
    const extra = client(server, await keyOf(db, orgId, ['extraAdmin'], 'p3'))
    const [remove] = (await api.get('tasks?kind=T-ADM-REMOVE')).body.items as Line[]
    expect((await extra.post(`tasks/${remove!.id}/complete`, { evidence: { result: 'done' } })).body).toMatchObject({ type: 'urn:sferum-flow:problem:fourEyes', title: 'Нужен другой человек' })
    expect((await api.post(`tasks/${remove!.id}/claim`)).body.state).toBe('claimed')
    expect((await client(server, head).post(`tasks/${remove!.id}/claim`)).body.type).toBe('urn:sferum-flow:problem:taskTaken')
    expect((await api.post(`tasks/${remove!.id}/reassign`, { to: 'p3' })).status).toBe(403)
    expect((await api.post(`tasks/${remove!.id}/fail`, { reason: 'noAccess', comment: 'Платформа не открывается' })).body.state).toBe('failed')
    const timeline = (await api.get(`processes/${body.processId}/timeline`)).body.items
    expect(timeline.some(({ why }: { why: string | null }) => why === 'Нет доступа или прав на платформе. Платформа не открывается')).toBe(true)
  }))
