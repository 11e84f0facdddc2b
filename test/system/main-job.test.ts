import { readFile } from 'node:fs/promises'
import { Client, Connection } from '@temporalio/client'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../db/connection.ts'
import { dataConverter } from '../../runtime/data-converter.ts'
import { apiClient, type ApiClient } from '../support/api-client.ts'
import { operatorKey } from '../support/api.ts'
import { greenMail } from '../support/green-mail.ts'
import { invitedPerson, pageIn } from '../support/invited-person.ts'
import { mailCatcher, type CaughtLetter } from '../support/mail-catcher.ts'
import { plainMessage } from '../support/messages.ts'
import { openedHistories } from '../support/opened-histories.ts'
import type { Program } from '../support/program.ts'
import { quiet } from '../support/quiet.ts'
import { schoolDigest, schoolRows } from '../support/school-digest.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { system } from '../support/system.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'
import { testKeyRing } from '../support/test-key-ring.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const mail = await mailCatcher()
const post = await greenMail()
const mailbox = post.newMailbox()
const temporal = await temporalNamespace()
const programs = await system({ databaseUrl, temporal, smtpUrl: mail.smtpUrl, mailFrom: mailbox.address, imapUrl: mailbox.imapUrl })
const operator = apiClient(programs.url, await operatorKey(db))
let worker: Program
beforeAll(async () => {
  ;[, worker] = await Promise.all([programs.startServer(), programs.startWorker()])
})

const patience = { timeout: 50_000 }
const today = () => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Samara' })
const platform = 'support@sferum.example'

interface Task {
  id: string
  kind: string
  state: string
}
interface Line {
  at: string
  who: string
  event: string
  what: string
  to: string
  why: string | null
  clause: string | null
  applied: boolean
}

/** What the tests learn on their way. */
const keys: Record<'head' | 'admin' | 'teacher', string> = { head: '', admin: '', teacher: '' }
const people: Record<'admin' | 'anna' | 'vagif' | 'alsu' | 'late', string> = { admin: '', anna: '', vagif: '', alsu: '', late: '' }
const pages: string[] = []
let orgId = ''
let admin: ApiClient
let registration = ''
const onboardings: Record<'anna' | 'vagif' | 'alsu' | 'late', string> = { anna: '', vagif: '', alsu: '', late: '' }

const idOf = async (kind: string, process?: string): Promise<string> => {
  const tasks = async () => (await admin.get<{ items: Task[] }>(`/tasks?kind=${kind}${process ? `&process=${process}` : ''}`)).body.items
  await expect.poll(async () => (await tasks()).length, { ...patience, message: kind }).toBe(1)
  return (await tasks())[0]!.id
}
/** Completes the one open task of a kind when it is there. */
const complete = async (kind: string, evidence: object, process?: string) => {
  const { status, body } = await admin.post<{ state: string }>(`/tasks/${await idOf(kind, process)}/complete`, { evidence })
  expect(status, `${kind}: ${JSON.stringify(body)}`).toBe(200)
}
const stateOf = async (process: string) => (await admin.get<{ state: string }>(`/processes/${process}`)).body.state
const becomes = (process: string, state: string) => expect.poll(() => stateOf(process), { ...patience, message: process }).toBe(state)
const timelineOf = async (process: string) => (await admin.get<{ items: Line[] }>(`/processes/${process}/timeline?limit=200`)).body.items
/** What the card of the one open task of a kind shows, by name. */
const shownBy = async (kind: string): Promise<Record<string, string>> => {
  const { title, values } = (await admin.get<{ title: string; values: { name: string; value: string }[] }>(`/tasks/${await idOf(kind)}`)).body
  return { title, ...Object.fromEntries(values.map(({ name, value }) => [name, value])) }
}
/** Posts a message to the webhook, as a mail provider does. */
const postMail = async (raw: Buffer) => {
  const response = await fetch(`${programs.url}/api/v1/inbound/mail`, { method: 'POST', headers: { authorization: `Bearer ${keys.admin}`, 'content-type': 'message/rfc822' }, body: new Uint8Array(raw) })
  return (await response.json()) as { id: string; duplicate: boolean }
}
/** Hands the platform's answer to the mail server of the school. */
const answer = (raw: Buffer) => createTransport(post.smtpUrl).sendMail({ envelope: { from: platform, to: mailbox.address }, raw })
const messageId = ({ headers }: CaughtLetter) => String(headers['message-id'])
const letterTo = (address: string, subject: string) => mail.letter((letter) => letter.to.some((to) => to.address === address) && (letter.subject ?? '').includes(subject))
const pageOf = async (address: string) => {
  const page = pageIn((await letterTo(address, 'Приглашение')).text!)
  pages.push(page)
  return invitedPerson(page)
}

test('the operator opens a school; its head enters the people and gives the administrator a key', async () => {
  const school = {
    fullName: 'Муниципальное общеобразовательное учреждение «Зареченская основная школа № 7»', shortName: 'МОУ «Зареченская ОШ № 7»', type: 'oosh', gradeMax: 9, inn: '0001000010', ogrn: '1020001000018',
    region: 'Новоречинская область', address: '000000, Новоречинский район, с. Заречье, ул. Школьная, д. 1', timezone: 'Europe/Samara', schoolWeek: 5, email: 'school7@zarechie.example', phone: '+70000000007',
    head: { lastName: 'Воронцова', firstName: 'Елена', patronymic: 'Аркадьевна', email: 'direktor@zarechie.example' },
  }
  const opened = await operator.post<{ id: string; key: string }>('/operator/organizations', school)
  expect(opened.status).toBe(201)
  orgId = opened.body.id
  keys.head = opened.body.key
  const head = apiClient(programs.url, keys.head)
  expect((await head.patch(`/organizations/${orgId}`, { settings: { quietHours: false } })).status).toBe(200)

  const staff = (lastName: string, firstName: string, patronymic: string | null, number: number, roles: string[], position: string) => ({
    lastName, firstName, patronymic, phone: `8 (900) 000-00-0${number}`, email: `teacher${number}@zarechie.example`, memberships: [{ kind: 'staff', roles, position, teachingStaff: true }],
  })
  const entered = await head.post<{ created: number; rows: { person: { id: string } }[] }>('/people', {
    people: [
      staff('Лисицын', 'Павел', 'Игоревич', 2, ['platformAdmin', 'teacher'], 'учитель информатики'),
      staff('Ким', 'Анна', null, 3, ['teacher'], 'учитель химии'),
      staff('Мамедов', 'Вагиф', 'Расим оглы', 4, ['teacher'], 'учитель физики'),
      staff('Ахметова-Соколова', 'Алсу', 'Ринатовна', 5, ['classTeacher', 'teacher'], 'учитель истории'),
      staff('де ла Крус', 'Мария', null, 6, ['teacher'], 'учитель испанского языка'),
    ],
  })
  expect(entered).toMatchObject({ status: 201, body: { created: 5 } })
  for (const [at, name] of (['admin', 'anna', 'vagif', 'alsu', 'late'] as const).entries()) people[name] = entered.body.rows[at]!.person.id
  keys.admin = (await head.post<{ key: string }>('/api-keys', { name: 'Администратор', personId: people.admin, roles: ['platformAdmin', 'teacher'] })).body.key
  keys.teacher = (await head.post<{ key: string }>('/api-keys', { name: 'Учитель', personId: people.anna, roles: ['teacher'] })).body.key
  admin = apiClient(programs.url, keys.admin)
})

test('a registration waits for its order, sends the application by itself, asks back, and is approved by the answers that come by IMAP and webhook', async () => {
  const started = await admin.post<{ processId: string; number: string }>('/registrations', { administratorId: people.admin })
  expect(started.status).toBe(202)
  registration = started.body.processId
  await becomes(registration, 'awaitingOrder')

  const file = await readFile(new URL('../../docs/samples/prikaz.pdf', import.meta.url))
  const form = new FormData()
  for (const [name, value] of Object.entries({ kind: 'main', number: '112/01-08', date: today(), title: 'О назначении администратора ИКОП «Сферум»' })) form.append(name, value)
  form.append('file', new Blob([new Uint8Array(file)], { type: 'application/pdf' }), 'prikaz.pdf')
  const order = await admin.post<{ id: string; status: string }>('/orders', form)
  expect(order).toMatchObject({ status: 201, body: { status: 'registered' } })
  await complete('T-REG-ORDER', { orderId: order.body.id })

  const application = await letterTo('info@sferum.ru', 'Заявка на регистрацию образовательной организации')
  expect(application.subject).toBe(`Заявка на регистрацию образовательной организации: МОУ «Зареченская ОШ № 7», ИНН 0001000010 [${started.body.number}]`)
  for (const words of ['Лисицын Павел Игоревич', 'учитель информатики', 'teacher2@zarechie.example', '+7 (900) 000-00-02', '112/01-08', 'Воронцова Елена Аркадьевна']) expect(application.text).toContain(words)
  expect(application.attachments).toEqual([expect.objectContaining({ filename: `Prikaz_112-01-08_${today()}.pdf`, contentType: 'application/pdf', size: file.length })])
  await becomes(registration, 'awaitingReply')

  // By IMAP, into the same thread; a person says what it means.
  const questionId = '<question@sferum.example>'
  await answer(plainMessage({ from: platform, messageId: questionId, inReplyTo: messageId(application), subject: 'Re: Заявка' }, 'Здравствуйте! Уточните, пожалуйста, адрес школы.'))
  const question = await shownBy('T-REG-REPLY')
  expect(question).toMatchObject({ title: 'Внесите ответ платформы', from: platform, subject: 'Re: Заявка', text: expect.stringContaining('Уточните, пожалуйста, адрес') })
  await complete('T-REG-REPLY', { outcome: 'clarify', receivedOn: today(), messageId: question.messageId })
  await becomes(registration, 'clarification')
  await complete('T-REG-SEND', { confirmed: true, text: 'Адрес: с. Заречье, ул. Школьная, д. 1.' })

  // The school's words go into the same thread; the next answer is posted to the webhook, once more than it should be.
  const clarification = await letterTo('info@sferum.ru', `Re: ${application.subject}`)
  expect(clarification.text).toContain('Адрес: с. Заречье, ул. Школьная, д. 1.')
  expect(clarification.headers['in-reply-to']).toBe(questionId)
  expect(clarification.headers.references).toContain(messageId(application))
  await becomes(registration, 'awaitingReply')
  const approval = plainMessage({ from: platform, inReplyTo: messageId(clarification), subject: 'Re: Заявка' }, 'Организация зарегистрирована.')
  const posted = await Promise.all([1, 2].map(() => postMail(approval)))
  expect(new Set(posted.map(({ id }) => id)).size).toBe(1)
  expect(posted.map(({ duplicate }) => duplicate).sort()).toEqual([false, true])
  expect(await shownBy('T-REG-REPLY')).toMatchObject({ text: expect.stringContaining('Организация зарегистрирована') })
  await complete('T-REG-REPLY', { outcome: 'approved', receivedOn: today() })

  await becomes(registration, 'adminSignIn')
  await complete('T-REG-SIGNIN', { rights: true })
  await complete('T-REG-PROFILE', { nameFilled: true, addressFilled: true, contactsFilled: true })
  // One step too early is refused, and says what is possible.
  const early = await admin.post<{ type: string; allowed: { type: string }[] }>(`/processes/${registration}/events`, { type: 'REPLY_APPROVED', receivedOn: today() })
  expect(early).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:illegalEvent', allowed: expect.arrayContaining([expect.objectContaining({ type: 'STAFF_ROOM_CREATED' })]) } })
  await complete('T-REG-STAFFROOM', { createdOn: today() })
  expect(await stateOf(registration)).toBe('completed')
  expect((await admin.get<{ staffRoomOn: string }>(`/organizations/${orgId}`)).body.staffRoomOn).toBe(today())
  await letterTo('direktor@zarechie.example', `Заявка ${started.body.number}`)
})

test('a list of teachers is invited by letter; one asks to join, one declines, one link expires, and all of it while the worker is dead', { timeout: 120_000 }, async () => {
  const began = Date.now()
  const started = await admin.post<{ started: number; rows: { processId: string; number: string }[] }>('/onboardings', { people: [people.anna, people.vagif, people.alsu].map((personId) => ({ personId })) })
  expect(started).toMatchObject({ status: 202, body: { started: 3 } })
  ;[onboardings.anna, onboardings.vagif, onboardings.alsu] = started.body.rows.map(({ processId }) => processId) as [string, string, string]
  await complete('T-LINK-CREATE', { url: 'https://max.ru/join/EXAMPLE-ONLY' })
  const [anna, vagif] = [await pageOf('teacher3@zarechie.example'), await pageOf('teacher4@zarechie.example')]
  // A term that its letter reaches the person in, however busy this machine is.
  const end = new Date(Date.now() + 5_000 + 3 * (Date.now() - began))
  const soon = await admin.post<{ rows: { processId: string }[] }>('/onboardings', { people: [{ personId: people.late }], expiresAt: end.toISOString() })
  onboardings.late = soon.body.rows[0]!.processId
  await complete('T-LINK-CREATE', { url: 'https://max.ru/join/EXAMPLE-TOO' })
  const late = await pageOf('teacher6@zarechie.example')
  await quiet(db, orgId)

  // Looking changes nothing, however often: mail scanners follow every link.
  const before = await schoolDigest(db, orgId)
  for (const { look, page } of [anna, anna, vagif, late]) {
    expect(await look()).toMatchObject({ status: 200, text: expect.stringContaining('Вы приглашены в роли «учитель»'), buttons: ['Перейти на платформу', 'Я отправил заявку', 'Отказаться'] })
    expect((await fetch(page, { method: 'HEAD' })).status).toBe(200)
  }
  expect(await schoolDigest(db, orgId)).toEqual(before)
  expect(await late.press('Перейти на платформу')).toMatchObject({ leftTo: 'https://max.ru/join/EXAMPLE-TOO' })

  await worker.kill()
  expect(await anna.press('Перейти на платформу')).toMatchObject({ leftTo: 'https://max.ru/join/EXAMPLE-ONLY' })
  expect((await anna.press('Я отправил заявку')).text).toContain('Вы сообщили, что заявка отправлена')
  expect((await vagif.press('Отказаться', { reason: 'Перехожу в другую школу' })).text).toContain('Вы отказались от приглашения')
  // PostgreSQL's clock closes the link, whatever the worker is doing.
  await expect.poll(async () => (await late.look()).text, { ...patience, interval: 500 }).toContain('Ссылка больше не действует')
  expect(Date.now()).toBeGreaterThanOrEqual(end.getTime())
  expect((await late.submit('open')).status).toBe(410)
  expect((await late.submit('request-sent')).status).toBe(410)
  expect((await late.press('Попросить новую ссылку')).text).toContain('Просьба о новой ссылке передана')
  expect(await stateOf(onboardings.late)).toBe('invited')
  const registers = (await admin.get<{ items: { number: string; stateTitle: string }[] }>('/links?state=active')).body.items
  expect(registers.map(({ stateTitle }) => stateTitle).sort()).toEqual(['Действует', 'Срок истёк'])

  worker = await programs.startWorker()
  await becomes(onboardings.anna, 'joinRequested')
  await becomes(onboardings.vagif, 'declined')
  await becomes(onboardings.late, 'inviteExpired')
})

test('who joined is verified and active; what closed is annulled on the platform by a person, and only then called so', async () => {
  await complete('T-JOIN-REVIEW', { decision: 'accept' }, onboardings.anna)
  await letterTo('teacher3@zarechie.example', 'Подтвердите статус «учитель»')
  const teacher = apiClient(programs.url, keys.teacher)
  const [own] = (await teacher.get<{ items: Task[] }>('/my-tasks')).body.items
  expect(own).toMatchObject({ kind: 'T-VERIFY-SELF' })
  expect((await teacher.post(`/tasks/${own!.id}/complete`, { evidence: { result: 'done' } })).status).toBe(200)
  await complete('T-VERIFY-FINISH', { result: 'done' }, onboardings.anna)
  expect(await stateOf(onboardings.anna)).toBe('active')
  // The third one was seen on the platform and needs no more than a word.
  for (const type of ['JOINED_DIRECTLY', 'VERIFIED']) expect((await admin.post(`/processes/${onboardings.alsu}/events`, { type })).status).toBe(200)
  expect(await stateOf(onboardings.alsu)).toBe('active')

  await letterTo('teacher6@zarechie.example', 'Срок приглашения истёк')
  await complete('T-LINK-AGAIN', { decision: 'refused', comment: 'Учитель уволился' })
  const links = async () => (await admin.get<{ items: { number: string; processId: string; stateTitle: string; platformState: string; joined: number; recipients: number }[] }>('/links')).body.items
  for (const link of await links()) expect(link).toMatchObject({ stateTitle: 'Закрывается (нужно аннулировать на платформе)', platformState: 'live' })
  for (const { processId } of await links()) await complete('T-LINK-REVOKE', { revokedOn: today(), method: 'revoked' }, processId)
  expect((await links()).map(({ stateTitle, platformState, joined, recipients }) => [stateTitle, platformState, joined, recipients])).toEqual(
    expect.arrayContaining([
      ['Аннулирована', 'revoked', 2, 3],
      ['Аннулирована', 'revoked', 0, 1],
    ]),
  )
})

test('the timelines tell who did what when, why and by which clause', async () => {
  const processes = (await admin.get<{ items: { id: string; kind: string }[] }>('/processes?limit=200')).body.items
  expect(new Set(processes.map(({ kind }) => kind))).toEqual(new Set(['organizationRegistration', 'teacherOnboarding', 'inviteLink', 'invitation']))
  const timelines = new Map(await Promise.all(processes.map(async ({ id }) => [id, await timelineOf(id)] as const)))
  for (const [id, lines] of timelines) {
    expect(lines.length, id).toBeGreaterThan(0)
    for (const line of lines) expect([line.who, line.what, line.to].every((words) => /[а-яё]/i.test(words)), JSON.stringify(line)).toBe(true)
    const moments = lines.map(({ at }) => Date.parse(at))
    expect(moments, id).toEqual(moments.toSorted((a, b) => a - b))
  }
  const lineOf = (id: string, event: string) => timelines.get(id)?.find((line) => line.event === event)
  const administrator = 'Лисицын Павел Игоревич'
  expect(lineOf(registration, 'ORDER_ATTACHED')).toMatchObject({ who: administrator, clause: 'п. 2.1', to: 'Отправляется' })
  expect(lineOf(registration, 'LETTER_ACCEPTED')).toMatchObject({ who: 'Почта', to: 'Ожидает ответа' })
  expect(lineOf(registration, 'REPLY_RECEIVED')).toMatchObject({ who: 'Почта' })
  expect(lineOf(registration, 'REPLY_APPROVED')).toMatchObject({ who: administrator, what: 'Ответ: заявка принята', clause: 'п. 2.1, абз. 1', to: 'Вход администратора' })
  expect(lineOf(registration, 'STAFF_ROOM_CREATED')).toMatchObject({ who: administrator, clause: 'п. 2.1, абз. 4', to: 'Завершена' })
  const all = [...timelines.values()].flat()
  expect(lineOf(onboardings.vagif, 'DECLINE')).toMatchObject({ who: 'Приглашённый', why: 'Перехожу в другую школу', clause: 'п. 2.1, абз. 6', to: 'Отказался' })
  expect(all.filter(({ event }) => event === 'REQUEST_SENT')).toEqual([expect.objectContaining({ who: 'Приглашённый', clause: 'п. 2.1, абз. 9' })])
  expect(all.filter(({ event }) => event === 'TIMER_EXPIRED')).toEqual([expect.objectContaining({ who: 'Таймер', clause: 'п. 2.1, абз. 12' })])
  expect(all.filter(({ event }) => event === 'PLATFORM_REVOKED').map(({ who, to }) => [who, to])).toEqual([[administrator, 'Аннулирована'], [administrator, 'Аннулирована']])
  expect(lineOf(onboardings.anna, 'VERIFIED')).toMatchObject({ who: administrator, clause: 'п. 2.1, абз. 10', to: 'Подключён' })
})

test('no token and no platform link stands anywhere but in its letter; no name, telephone or address in a log or in what Temporal keeps', async () => {
  const tokens = pages.map((page) => page.split('/i/')[1]!)
  expect(tokens).toHaveLength(3)
  const secrets = [...tokens, 'EXAMPLE-ONLY', 'EXAMPLE-TOO', keys.head, keys.admin, keys.teacher]
  const personal = ['Лисицын', 'Ахметова-Соколова', 'Воронцова', '79000000002', '000-00-02', 'teacher2@', 'teacher3@', 'direktor@', platform]
  const connection = await Connection.connect({ address: temporal.address })
  const { kept, opened } = await openedHistories(new Client({ connection, namespace: temporal.namespace, dataConverter: dataConverter(testKeyRing) })).finally(() => connection.close())
  const stored = JSON.stringify(await schoolRows(db, orgId))
  expect(opened).toContain(people.anna)
  expect(stored).toContain(people.anna)
  expect(secrets.filter((secret) => opened.includes(secret) || stored.includes(secret))).toEqual([])
  expect([...personal, 'Перехожу в другую школу'].filter((words) => kept.includes(words))).toEqual([])
  expect(personal.filter((words) => opened.includes(words))).toEqual([])
  programs.expectSilenceAbout([...secrets, ...personal, 'Перехожу', mailbox.address])
})
