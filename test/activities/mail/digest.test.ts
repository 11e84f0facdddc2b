import { simpleParser } from 'mailparser'
import { beforeEach, expect, test } from 'vitest'
import { sendDigest } from '../../../activities/mail/send-digest.ts'
import { sendOverdue } from '../../../activities/mail/send-overdue.ts'
import type { MailDeps } from '../../../activities/mail/mail-deps.ts'
import { openDatabase } from '../../../db/connection.ts'
import type { IncomingEvent } from '../../../workflows/messages.ts'
import { outbox } from '../../support/outbox.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { scriptedSmtp } from '../../support/scripted-smtp.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
const smtp = await scriptedSmtp()
const box = await outbox(db)
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
// Later than this machine's clock, so that the days of the plot are these. A Monday, Tuesday, Wednesday and Sunday in Samara.
const [monday, tuesday, wednesday, sunday] = ['2037-06-08', '2037-06-09', '2037-06-10', '2037-06-14'].map((day) => new Date(`${day}T04:30:00Z`)) as [Date, Date, Date, Date]
const run = (now: Date) => ({ now, heartbeat: () => {}, signal: new AbortController().signal })
const digest = (now: Date, changes: Partial<MailDeps> = {}) => sendDigest({ ...deps, ...changes }, box, run(now))

async function task(id: string, kind: string, roles: string[], more: { assignee?: string; due?: string; overdue?: boolean; snoozed?: string } = {}) {
  await box.run(
    `insert into tasks (id, org_id, cohort_id, owner_id, kind, key, state, roles, assignee, due_at, urgent, overdue, escalated, snoozed_until, values, attempt, seq, opened_at)
     values ($1, $2, $3, 'orgRegistration:org_zarechie', $4, '', 'open', $5, $6, $7, false, $8, false, $9, '{}', 1, 1, now())`,
    [id, box.orgId, box.cohortId, kind, roles, more.assignee ?? null, more.due ?? null, more.overdue ?? false, more.snoozed ?? null],
  )
}

await task('task:1', 'T-LINK-REVOKE', ['platformAdmin'], { due: '2037-06-09T14:00:00Z' })
await task('task:2', 'T-JOIN-REVIEW', ['platformAdmin'], { due: '2037-06-05T14:00:00Z', overdue: true })
await task('task:3', 'T-VERIFY-SELF', [], { assignee: 'p3', due: '2037-06-11T14:00:00Z' })
await task('task:4', 'T-REG-ESCALATE', ['head'], { snoozed: '2037-06-20T00:00:00Z' })

beforeEach(() => {
  smtp.received.length = 0
})

test('a digest goes to each person with open tasks, once a day', async () => {
  expect(await digest(monday)).toBeNull()
  expect(await digest(monday)).toBeNull()
  expect(smtp.received.map(({ recipients }) => recipients[0]).sort()).toEqual(['p2@zarechie.example', 'p3@zarechie.example'])
  const administrator = smtp.received.find(({ recipients }) => recipients[0] === 'p2@zarechie.example')!
  const { subject, text } = await simpleParser(administrator.raw)
  expect(`${subject}\n\n${text}`).toMatchInlineSnapshot(`
    "Задачи на 8 июня 2037 г.: 2

    Здравствуйте!

    МОУ «Зареченская ОШ № 7». На 8 июня 2037 г. открыто: 2 задачи.

    — Рассмотрите заявку на вступление — срок 05.06.2037 18:00 (просрочено)
    — Аннулируйте ссылку на платформе — срок 09.06.2037 18:00

    Указания и данные для копирования — в карточках задач.
    "
  `)
})

test('once a week, on its first working day, the head reads what stands still, also without a task of their own', async () => {
  await box.run(
    `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at, ended_at)
     values ('onboarding:mem_p3', $1, $2, 'teacherOnboarding', 1, 'inviteExpired', '{"stalled": true}', 1, now(), now(), null),
       ('onboarding:mem_p4', $1, $2, 'teacherOnboarding', 1, 'inviteExpired', '{"stalled": false}', 1, now(), now(), null),
       ('onboarding:mem_p5', $1, $2, 'teacherOnboarding', 1, 'cancelled', '{"stalled": true}', 1, now(), now(), now())`,
    [box.orgId, box.cohortId],
  )
  const toHead = () => smtp.received.filter(({ recipients }) => recipients[0] === 'p1@zarechie.example')
  const week = 7 * 24 * 60 * 60 * 1000
  await digest(new Date(monday.getTime() - week))
  await digest(new Date(tuesday.getTime() - week))
  expect(toHead()).toHaveLength(1)
  const { subject, text } = await simpleParser(toHead()[0]!.raw)
  expect(`${subject}\n\n${text}`).toMatchInlineSnapshot(`
    "Задачи на 1 июня 2037 г.: 0

    Здравствуйте!

    МОУ «Зареченская ОШ № 7». На 1 июня 2037 г. открыто: 0 задач.

    Подключение учителей — без движения больше 30 дней: 1.
    "
  `)
  await box.run(`update processes set ended_at = now() where id = 'onboarding:mem_p3'`)
})

test('administrators read which links end soon, also without a task of their own', async () => {
  await box.run(`update tasks set closed_at = now() where 'platformAdmin' = any (roles)`)
  await box.run(
    `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at)
     select 'inviteLink:' || id, $1, $2, 'inviteLink', 1, 'active', jsonb_build_object('expiresSoon', soon), 1, now(), now() from (values ('soon', true), ('later', false)) as l (id, soon)`,
    [box.orgId, box.cohortId],
  )
  await box.run(
    `insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, issued_at, expires_at, state, platform_state)
     select id, $1, 'inviteLink:' || id, number, 'staffRoom', 'teacher', 'group', '2037-05-28T06:00:00Z', '2037-06-10T19:59:59Z', 'active', 'live'
     from (values ('soon', 'ПР-2037-000001'), ('later', 'ПР-2037-000002')) as l (id, number)`,
    [box.orgId],
  )
  await digest(new Date(monday.getTime() - 14 * 24 * 60 * 60 * 1000))
  const administrator = smtp.received.find(({ recipients }) => recipients[0] === 'p2@zarechie.example')!
  expect((await simpleParser(administrator.raw)).text).toContain('Скоро истекает срок ссылок-приглашений. Продлить его можно в карточке ссылки:\n\n— ПР-2037-000001 — до 10.06.2037 23:59\n')
  expect((await simpleParser(administrator.raw)).text).not.toContain('ПР-2037-000002')
  await box.run(`delete from invite_links where id in ('soon', 'later')`)
  await box.run(`update tasks set closed_at = null`)
})

test('no digest on a day off', async () => {
  expect(await digest(sunday)).toBeNull()
  expect(smtp.received).toEqual([])
})

test('a digest that met a mail server that was away goes out later by itself', async () => {
  expect(await digest(tuesday, { smtpUrl: 'smtp://127.0.0.1:1' })).not.toBeNull()
  const later = new Date(tuesday.getTime() + 60 * 60 * 1000)
  await sendOverdue(deps, refuseDelivery, run(later))
  expect(smtp.received).toHaveLength(2)
  await sendOverdue(deps, refuseDelivery, run(later))
  expect(smtp.received).toHaveLength(2)
})

test('a letter whose cohort does not come back for it goes out, and its owner is told as the cohort would', async () => {
  const id = await box.queue('L-INV-TEACHER', { person: 'p3' }, { at: monday })
  const told: IncomingEvent[] = []
  const deliver = (events: IncomingEvent[]) => {
    told.push(...events)
    return Promise.resolve([])
  }
  await expect(sendOverdue(deps, { ...refuseDelivery, deliver: () => Promise.reject(new Error('away')) }, run(wednesday))).rejects.toThrow('away')
  expect(await box.run('select told_at from letters where id = $1', [id])).toEqual([{ told_at: null }])
  await sendOverdue(deps, { ...refuseDelivery, deliver }, run(new Date(wednesday.getTime() + 60_000)))
  expect(told).toEqual([{ id: `${id}:accepted:1`, to: 'invitation:inv_p3', event: { type: 'LETTER_ACCEPTED', letterId: id }, actor: { kind: 'mail' } }])
  expect(smtp.received).toHaveLength(1)
  expect(await box.run('select told_at is not null as told from letters where id = $1', [id])).toEqual([{ told: true }])
})

/** The way to the cohorts, where a plot has none to tell. */
const refuseDelivery = {
  deliver: (events: IncomingEvent[]) => Promise.reject(new Error(`${events.length} events nobody expects`)),
  start: () => Promise.reject(new Error('nothing starts here')),
}
