import { simpleParser, type ParsedMail } from 'mailparser'
import { expect, onTestFinished, test } from 'vitest'
import type { MailDeps, MailRun } from '../../../activities/mail/mail-deps.ts'
import { draftableCodes } from '../../../activities/mail/draft-letter.ts'
import { sendLetters } from '../../../activities/mail/send-letters.ts'
import { ensureClass } from '../../../db/classes.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { findApplicationSnapshot } from '../../../db/application-snapshots.ts'
import { letterCatalogue } from '../../../machines/letter-catalogue.ts'
import type { Recipient } from '../../../machines/effects.ts'
import { outbox } from '../../support/outbox.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { scriptedSmtp } from '../../support/scripted-smtp.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
const smtp = await scriptedSmtp()
const box = await outbox(db)
await box.run(`update people set last_name = 'Лисицын', patronymic = 'Игоревич', email = 'p.lisitsyn@zarechie.example' where id = 'p2'`)
await box.run(`update people set patronymic = 'Расим оглы' where id = 'p3'`)
await box.run(
  `insert into deadlines (process_id, name, org_id, at, rule, counted_from, provisional) values ('onboarding:mem_p3', 'TIMER_VERIFY_DUE', $1, '2026-09-30T14:00:00Z', '{}', now(), false)`,
  [box.orgId],
)

const deps: MailDeps = {
  db,
  keys: testKeyRing,
  smtpUrl: smtp.smtpUrl,
  from: 'flow@zarechie.example',
  publicUrl: 'https://flow.zarechie.example',
  onError: (error) => {
    throw error
  },
}
const run = (): MailRun => ({ now: new Date(), heartbeat: () => {}, signal: new AbortController().signal })
const platform: Recipient = { platform: true }

/** Sends one letter and gives back its bytes, parsed by somebody else than who made them. */
async function send(...letter: Parameters<typeof box.queue>): Promise<{ mail: ParsedMail; raw: string; recipients: string[] }> {
  await box.queue(...letter)
  const { outcomes } = await sendLetters(deps, box, run())
  expect(outcomes.at(-1)).toMatchObject({ outcome: 'accepted' })
  await box.run('update letters set told_at = now()')
  const { raw, recipients } = smtp.received.at(-1)!
  return { mail: await simpleParser(raw), raw: raw.toString('latin1'), recipients }
}

/** The words of a letter, without what differs from run to run. */
function wordsOf({ mail }: { mail: ParsedMail }): string {
  return `${mail.subject}\n\n${mail.text}`.replace(/\/i\/[\w-]{32}/g, '/i/TOKEN').replaceAll('\u00a0', '~')
}

test('every letter of the catalogue can be written', () => {
  expect(new Set(draftableCodes)).toEqual(new Set(Object.keys(letterCatalogue)))
})

test('the application', async () => {
  const application = await send('L-REG-APPLY', platform)
  expect(application.recipients).toEqual(['info@sferum.ru'])
  expect(wordsOf(application)).toMatchInlineSnapshot(`
    "Заявка на регистрацию образовательной организации: МОУ «Зареченская ОШ № 7», ИНН 0001000010 [СФ-2026-000001]

    Здравствуйте!

    Просим зарегистрировать образовательную организацию на ИКОП «Сферум».

    Полное наименование: Муниципальное общеобразовательное учреждение «Зареченская основная школа № 7». Краткое наименование: МОУ «Зареченская ОШ № 7». ИНН: 0001000010. ОГРН: 1020001000018. Адрес: 000000, Новоречинский район, с. Заречье, ул. Школьная, д. 1. Субъект РФ: Новоречинская область.

    Администратор: Лисицын Павел Игоревич, учитель. Электронная почта: p.lisitsyn@zarechie.example. Мобильный телефон: +7 (900) 000-00-02.

    Приказ о назначении администратора: №~112/01-08 от 20 августа 2026 г. (приложен).

    Руководитель: Воронцова Елена. Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.

    Номер обращения: СФ-2026-000001. Просим сохранить его в теме ответа.
    "
  `)
  expect(application.mail.attachments.map(({ filename, contentType, content }) => [filename, contentType, content.toString()])).toEqual([
    ['Prikaz_112-01-08_2026-08-20.pdf', 'application/pdf', '%PDF-1.4\n%%EOF\n'],
  ])
  expect(application.mail.headers.has('reply-to')).toBe(false)
})

test('what the application named is frozen: later changes of the person do not reach it', async () => {
  await box.run(`update people set phone = '+79000000099' where id = 'p2'`)
  const snapshot = await inSchool(db, box.orgId, (tx) => findApplicationSnapshot(tx, testKeyRing, 'orgRegistration:org_zarechie'))
  expect(snapshot).toMatchObject({ administrator: { id: 'p2', phone: '+79000000002', email: 'p.lisitsyn@zarechie.example' }, order: { number: '112/01-08' } })
  expect(JSON.stringify(await box.run('select content from registration_snapshots'))).not.toContain('9000000002')
})

test('the follow-up goes into the thread of the application', async () => {
  await box.run(`update letters set settled_at = '2026-08-24T05:10:00Z' where code = 'L-REG-APPLY'`)
  const [application] = await box.run<{ message_id: string }>(`select message_id from letters where code = 'L-REG-APPLY'`)
  const followUp = await send('L-REG-FOLLOWUP', platform)
  expect(wordsOf(followUp)).toMatchInlineSnapshot(`
    "Re: Заявка на регистрацию образовательной организации: МОУ «Зареченская ОШ № 7», ИНН 0001000010 [СФ-2026-000001]

    Здравствуйте!

    24 августа 2026 г. направлена заявка на регистрацию образовательной организации: МОУ «Зареченская ОШ № 7», ИНН 0001000010. Ответ пока не получен.

    Просим сообщить, принята ли заявка и нужны ли дополнительные сведения.

    Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.

    Номер обращения: СФ-2026-000001. Просим сохранить его в теме ответа.
    "
  `)
  expect(followUp.mail.inReplyTo).toBe(application!.message_id)
  expect(followUp.mail.references).toBe(application!.message_id)
})

test('a clarification answers the answer, all ids of the thread behind it', async () => {
  await box.run(
    `insert into inbound_messages (id, org_id, source, message_id, content_hash, kind, process_id, content, raw) values ('msg_1', $1, 'imap', '<answer@sferum.example>', 'h', 'answer', 'orgRegistration:org_zarechie', '', '')`,
    [box.orgId],
  )
  const clarification = await send('L-REG-CLARIFY', platform, { values: { text: 'Адрес: <b>с. Заречье</b>, ул. Школьная & Садовая.\nКорпус 2.' } })
  expect(wordsOf(clarification)).toMatchInlineSnapshot(`
    "Re: Заявка на регистрацию образовательной организации: МОУ «Зареченская ОШ № 7», ИНН 0001000010 [СФ-2026-000001]

    Здравствуйте!

    Адрес: <b>с. Заречье</b>, ул. Школьная & Садовая.
    Корпус 2.

    МОУ «Зареченская ОШ № 7», ИНН 0001000010. Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.

    Номер обращения: СФ-2026-000001. Просим сохранить его в теме ответа.
    "
  `)
  expect(clarification.mail.html).toContain('&lt;b&gt;с. Заречье&lt;/b&gt;, ул. Школьная &amp; Садовая.<br>Корпус 2.')
  expect(clarification.mail.inReplyTo).toBe('<answer@sferum.example>')
  expect(clarification.mail.references).toHaveLength(3)
})

test('the head learns what came of it, outside of that thread', async () => {
  const status = await send('L-REG-STATUS', { role: 'head' }, { values: { state: 'adminSignIn' } })
  expect(status.recipients).toEqual(['p1@zarechie.example'])
  expect(wordsOf(status)).toMatchInlineSnapshot(`
    "Заявка СФ-2026-000001: Вход администратора

    Здравствуйте!

    Заявка СФ-2026-000001 на регистрацию в ИКОП «Сферум», МОУ «Зареченская ОШ № 7». Состояние: Вход администратора.

    Заявка одобрена. Следующий шаг: вход администратора по номеру телефона из заявки.
    "
  `)
  expect(status.mail.references).toBeUndefined()
  const escalated = await send('L-REG-STATUS', { role: 'head' }, { values: { state: 'adminSignIn', reason: 'notSignedIn' } })
  expect(escalated.mail.text).toContain('Администратор не вошёл 5 рабочих дней.')
  expect(escalated.mail.text).not.toContain('Заявка одобрена')
})

test('invitation, reminder, the end of the term', async () => {
  const p3 = { person: 'p3' }
  expect(wordsOf(await send('L-INV-TEACHER', p3))).toMatchInlineSnapshot(`
    "Приглашение в «Учительскую» — МОУ «Зареченская ОШ № 7»

    Здравствуйте, Вагиф Расим оглы!

    Вы приглашены в роли „учитель“: класс «Учительская», МОУ «Зареченская ОШ № 7», платформа «Сферум» в мессенджере MAX.

    Откройте страницу приглашения и перейдите по ссылке на платформу. Когда заявка на вступление отправлена, отметьте это на той же странице.

    Страница приглашения:
    https://flow.zarechie.example/i/TOKEN

    Приглашение действует до: 22 сентября 2026 г., 23:59 (время: Самара).

    Страница личная, не пересылайте это письмо.

    Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.
    "
  `)
  expect(wordsOf(await send('L-INV-REMIND', p3))).toMatchInlineSnapshot(`
    "Напоминание: ссылка действует до 22 сентября 2026 г.

    Здравствуйте, Вагиф Расим оглы!

    Вы приглашены в роли „учитель“: класс «Учительская», МОУ «Зареченская ОШ № 7», платформа «Сферум» в мессенджере MAX.

    Вступление пока не отмечено. Если заявка уже отправлена, отметьте это на странице приглашения.

    Страница приглашения:
    https://flow.zarechie.example/i/TOKEN

    Приглашение действует до: 22 сентября 2026 г., 23:59 (время: Самара).

    Страница личная, не пересылайте это письмо.

    Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.
    "
  `)
  const expired = await send('L-INV-EXPIRED', p3)
  expect(wordsOf(expired)).toMatchInlineSnapshot(`
    "Срок приглашения истёк

    Здравствуйте, Вагиф Расим оглы!

    Приглашение в роли „учитель“ больше не действует: класс «Учительская», МОУ «Зареченская ОШ № 7», платформа «Сферум» в мессенджере MAX.

    Если приглашение ещё нужно, на странице приглашения можно попросить новую ссылку.

    Страница приглашения:
    https://flow.zarechie.example/i/TOKEN

    Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.
    "
  `)
  expect(expired.mail.replyTo?.text).toBe('school7@zarechie.example')
})

test('a guardian is invited as one, into a chat', async () => {
  await box.run(`update invitations set platform_role = 'guardian', target = 'chat', target_id = '5А — родители — 2026/27' where id = 'inv_p3'`)
  expect(wordsOf(await send('L-INV-TEACHER', { person: 'p3' }))).toMatchInlineSnapshot(`
    "Приглашение в чат «5А — родители — 2026/27» — МОУ «Зареченская ОШ № 7»

    Здравствуйте, Вагиф Расим оглы!

    Вы приглашены в роли „родитель (законный представитель)“: чат «5А — родители — 2026/27», МОУ «Зареченская ОШ № 7», платформа «Сферум» в мессенджере MAX.

    Ссылка только для родителей (законных представителей). Ученики вступают по другой ссылке. Участие добровольное: на странице приглашения можно отказаться.

    Откройте страницу приглашения и перейдите по ссылке на платформу. Когда заявка на вступление отправлена, отметьте это на той же странице.

    Страница приглашения:
    https://flow.zarechie.example/i/TOKEN

    Приглашение действует до: 22 сентября 2026 г., 23:59 (время: Самара).

    Страница личная, не пересылайте это письмо.

    Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.
    "
  `)
  await box.run(`update invitations set platform_role = 'teacher', target = 'staffRoom', target_id = '' where id = 'inv_p3'`)
})

test('the teacher is asked to confirm the status', async () => {
  expect(wordsOf(await send('L-VERIFY', { person: 'p3' }, { processId: 'onboarding:mem_p3' }))).toMatchInlineSnapshot(`
    "Подтвердите статус «учитель»

    Здравствуйте, Вагиф Расим оглы!

    Вступление состоялось, роль «учитель»: МОУ «Зареченская ОШ № 7», платформа «Сферум» в мессенджере MAX. Осталось подтвердить статус «учитель».

    — Откройте «Сферум» в мессенджере MAX.
    — В своём профиле выберите подтверждение статуса «учитель» и следуйте указаниям платформы.
    — Когда статус подтверждён, сообщите администратору или отметьте свою задачу.

    Срок: 30 сентября 2026 г., 18:00 (время: Самара).

    Контакт для вопросов: +7 (000) 000-00-07, school7@zarechie.example.
    "
  `)
})

test('a class teacher hears that the class changes, not who comes or goes', async () => {
  const classId = await inSchool(db, box.orgId, (tx) => ensureClass(tx, box.orgId, '2026-2027', '5А'))
  await box.run(
    `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at) values ('movement:mov_1', $1, $2, 'studentMovement', 1, 'platformWork', $3, 1, now(), now())`,
    [box.orgId, box.cohortId, JSON.stringify({ number: 'ДВ-2026-000001', effectiveOn: '2026-10-13' })],
  )
  expect(wordsOf(await send('L-MOVE-NOTICE', { person: 'p3' }, { processId: 'movement:mov_1', values: { movement: 'mov_1', class: classId } }))).toMatchInlineSnapshot(`
    "Изменения в 5А

    Здравствуйте, Вагиф Расим оглы!

    МОУ «Зареченская ОШ № 7», класс 5А. С 13 октября 2026 г. меняется состав класса: движение ДВ-2026-000001.

    Кто пришёл или выбыл — в списке класса. Чаты класса и класс на платформе приводит в порядок администратор.
    "
  `)
})

test('an urgent task', async () => {
  expect(wordsOf(await send('L-TASK-URGENT', { role: 'platformAdmin' }, { values: { task: 'T-LINK-REVOKE' } }))).toMatchInlineSnapshot(`
    "Срочно: Аннулируйте ссылку на платформе

    Здравствуйте!

    МОУ «Зареченская ОШ № 7». Задача: Аннулируйте ссылку на платформе.

    Указания и данные для копирования — в карточке задачи.
    "
  `)
})

test.each([
  ['noOrder', `update orders set status = 'cancelled' where id = 'o1'`, `update orders set status = 'registered' where id = 'o1'`],
  ['noAdministrator', `update memberships set ended_at = now() where person_id = 'p2'`, `update memberships set ended_at = null where person_id = 'p2'`],
  ['noAdministrator', `update memberships set teaching_staff = false where person_id = 'p2'`, `update memberships set teaching_staff = true where person_id = 'p2'`],
])('an application that may not go out any more when it is written fails: %s', async (problem, change, undo) => {
  const before = smtp.received.length
  await box.run(change)
  onTestFinished(async () => void (await box.run(undo)))
  const id = await box.queue('L-REG-APPLY', platform)
  expect((await sendLetters(deps, box, run())).outcomes).toMatchObject([{ letterId: id, outcome: 'failed' }])
  await box.run('update letters set told_at = now()')
  expect(await box.row(id)).toMatchObject({ state: 'failed', last_error: problem })
  expect(smtp.received).toHaveLength(before)
})

test('hostile names add no recipient, no header and no markup', async () => {
  const name = 'МОУ "№ 7"\r\nBcc: evil@evil.example\r\n\r\n<script>alert(1)</script> =?utf-8?q?=0D=0ABcc:=20x@evil.example?= \u0001' + 'Ы'.repeat(1000)
  await box.run('update organizations set short_name = $1, full_name = $1', [name])
  await box.run(`update people set first_name = $1, patronymic = $1 where id = 'p3'`, [name])
  const headers = ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to']

  const invitation = await send('L-INV-TEACHER', { person: 'p3' })
  expect(invitation.recipients).toEqual(['p3@zarechie.example'])
  expect(headersOf(invitation.mail)).toEqual([...headers, 'in-reply-to', 'references', 'reply-to'].sort())
  expect([invitation.mail.to].flat().flatMap((to) => to?.value.map(({ address }) => address))).toEqual(['p3@zarechie.example'])
  expect(invitation.mail.from?.value.map(({ address }) => address)).toEqual(['flow@zarechie.example'])
  expect(invitation.mail.html).not.toContain('<script>')
  expect(Math.max(...invitation.raw.split('\r\n').map(({ length }) => length))).toBeLessThan(998)

  const application = await send('L-REG-APPLY', platform)
  expect(application.recipients).toEqual(['info@sferum.ru'])
  expect(headersOf(application.mail)).toEqual([...headers, 'in-reply-to', 'references'].sort())
})

function headersOf({ headerLines }: ParsedMail): string[] {
  return headerLines.map(({ key }) => key).sort()
}
