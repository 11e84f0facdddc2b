import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { receiveRaw } from '../../../activities/inbox/receive-raw.ts'
import { deliverUntold } from '../../../activities/inbox/tell-owners.ts'
import { asService, inSchool, openDatabase } from '../../../db/connection.ts'
import { openInboundContent, openInboundRaw } from '../../../db/inbound.ts'
import { testInbox } from '../../support/inbox.ts'
import { deliveryReport, plainBounce, plainMessage, vacationNote } from '../../support/messages.ts'
import { outbox } from '../../support/outbox.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
const box = await outbox(db)
const inbox = testInbox(db)
const other = await anotherSchool('org_other')
const registration = 'orgRegistration:org_zarechie'
const imap = { name: 'imap', orgId: null }

const application = await box.queue('L-REG-APPLY', { platform: true })
const invitation = await box.queue('L-INV-TEACHER', { person: 'p3' })
const applicationId = '<application@zarechie.example>'
const invitationId = '<invitation@zarechie.example>'

beforeEach(async () => {
  await inbox.forget()
  await box.run(`update letters set state = 'accepted', message_id = case id when $1 then $2 else $3 end`, [application, applicationId, invitationId])
})

test('an answer to the application is kept sealed and its process told', async () => {
  const raw = plainMessage({ inReplyTo: applicationId })
  const { id, duplicate } = await receiveRaw(inbox.deps, raw, imap)
  expect(duplicate).toBe(false)
  expect(inbox.told).toEqual([{ id: `mail:${id}`, to: registration, event: { type: 'REPLY_RECEIVED', messageId: id }, actor: { kind: 'mail' } }])
  const [row] = await inbox.rows()
  expect(row).toMatchObject({ id, org_id: box.orgId, kind: 'answer', process_id: registration, letter_id: application, told_at: expect.any(Date) as Date })
  expect(openInboundContent(testKeyRing, id, row!.content)).toMatchObject({ from: 'support@sferum.example', text: expect.stringContaining('зарегистрирована') as string, attachments: [] })
  expect(openInboundRaw(testKeyRing, id, row!.raw).equals(raw)).toBe(true)
})

test('without In-Reply-To the number in the subject finds the process', async () => {
  await receiveRaw(inbox.deps, plainMessage({ subject: 'Re: Заявка на регистрацию: МОУ, ИНН 0001000010 [СФ-2026-000001]' }), imap)
  expect(inbox.told).toMatchObject([{ to: registration, event: { type: 'REPLY_RECEIVED' } }])
})

test('numbers begin anew in every school: the INN decides, and without it nobody guesses', async () => {
  await receiveRaw(inbox.deps, plainMessage({ subject: 'Re: Заявка [СФ-2026-000001]' }), imap)
  expect(inbox.told).toEqual([])
  await receiveRaw(inbox.deps, plainMessage({ subject: 'Re: ИНН 0001000028 [СФ-2026-000001]' }), imap)
  expect(inbox.told).toMatchObject([{ to: `orgRegistration:${other}` }])
  // By the school's own webhook there is nothing to guess.
  await receiveRaw(inbox.deps, plainMessage({ subject: 'Re: Заявка [СФ-2026-000001]' }), { name: 'webhook', orgId: box.orgId })
  expect(inbox.told.at(-1)).toMatchObject({ to: registration })
})

test('what a school posts reaches no process of another school', async () => {
  await receiveRaw(inbox.deps, plainMessage({ inReplyTo: applicationId }), { name: 'webhook', orgId: other })
  await receiveRaw(inbox.deps, deliveryReport(invitationId), { name: 'webhook', orgId: other })
  expect(inbox.told).toEqual([])
  expect(await box.row(invitation)).toMatchObject({ state: 'accepted' })
  expect((await inbox.rows()).map(({ org_id }) => org_id)).toEqual([other, other])
})

test('a message that belongs to nothing waits for a person', async () => {
  const { id } = await receiveRaw(inbox.deps, plainMessage({ subject: 'Семинар', messageId: null }), imap)
  expect(inbox.told).toEqual([])
  expect(await inbox.rows()).toMatchObject([{ id, org_id: null, process_id: null, told_at: null }])
  // Filed by hand, it is told like one that was matched.
  await inbox.file(id, registration, box.orgId)
  await inbox.age()
  await deliverUntold(inbox.deps)
  expect(inbox.told).toMatchObject([{ id: `mail:${id}`, to: registration, event: { type: 'REPLY_RECEIVED' } }])
})

test('the same message twice is one, by whichever way it comes', async () => {
  const raw = plainMessage({ inReplyTo: applicationId })
  const first = await receiveRaw(inbox.deps, raw, imap)
  const relayed = Buffer.concat([Buffer.from('Received: from mx2.example\r\n'), raw])
  expect(await receiveRaw(inbox.deps, relayed, { name: 'webhook', orgId: box.orgId })).toEqual({ id: first.id, duplicate: true })
  const both = await Promise.all([1, 2, 3].map(() => receiveRaw(inbox.deps, raw, imap)))
  expect(both.every(({ duplicate }) => duplicate)).toBe(true)
  expect(inbox.told).toHaveLength(1)
})

test('of the same message at once one is kept', async () => {
  const raw = plainMessage({ inReplyTo: applicationId })
  const all = await Promise.all([1, 2, 3, 4].map(() => receiveRaw(inbox.deps, raw, imap)))
  expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  expect(all.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
  expect(inbox.told).toHaveLength(1)
})

test('two answers with one Message-ID and different words are two', async () => {
  await receiveRaw(inbox.deps, plainMessage({ inReplyTo: applicationId, messageId: '<same@x.example>' }, 'Первый'), imap)
  await receiveRaw(inbox.deps, plainMessage({ inReplyTo: applicationId, messageId: '<same@x.example>' }, 'Второй'), imap)
  expect(inbox.told).toHaveLength(2)
})

test('an automatic reply is told as one', async () => {
  const { id } = await receiveRaw(inbox.deps, vacationNote(applicationId), imap)
  expect(inbox.told).toMatchObject([{ to: registration, event: { type: 'AUTO_REPLY_RECEIVED', messageId: id } }])
})

test('F22: a bounce marks the letter once, also when the report comes twice', async () => {
  await receiveRaw(inbox.deps, deliveryReport(invitationId), imap)
  await receiveRaw(inbox.deps, deliveryReport(invitationId), imap)
  expect(inbox.told).toMatchObject([{ to: 'invitation:inv_p3', event: { type: 'LETTER_BOUNCED', letterId: invitation } }])
  expect(await box.row(invitation)).toMatchObject({ state: 'bounced' })
  expect((await inbox.rows()).map(({ kind, told_at }) => [kind, told_at !== null])).toEqual([
    ['bounce', true],
    ['bounce', true],
  ])
})

test('a letter that only informs comes back without moving the process it was about', async () => {
  const status = await box.queue('L-REG-STATUS', { role: 'head' })
  onTestFinished(async () => void (await box.run('delete from letters where id = $1', [status])))
  await box.run(`update letters set state = 'accepted', message_id = '<status@zarechie.example>', settled_at = now() where id = $1`, [status])
  await receiveRaw(inbox.deps, deliveryReport('<status@zarechie.example>'), imap)
  expect(inbox.told).toEqual([])
  expect(await box.row(status)).toMatchObject({ state: 'bounced' })
})

test('a bounce in plain words is a bounce too', async () => {
  await receiveRaw(inbox.deps, plainBounce(invitationId), imap)
  expect(inbox.told).toMatchObject([{ event: { type: 'LETTER_BOUNCED', letterId: invitation } }])
})

test('a report of a delay is no bounce', async () => {
  await receiveRaw(inbox.deps, deliveryReport(applicationId, { action: 'delayed', inReplyTo: applicationId }), imap)
  expect(inbox.told).toMatchObject([{ event: { type: 'AUTO_REPLY_RECEIVED' } }])
  expect(await box.row(application)).toMatchObject({ state: 'accepted' })
})

test('a bounce that names only the number is for a person: anybody can write a number', async () => {
  await receiveRaw(inbox.deps, deliveryReport('<unknown@x.example>', { subject: 'ИНН 0001000010 [СФ-2026-000001]' }), imap)
  expect(inbox.told).toEqual([])
  expect(await box.row(application)).toMatchObject({ state: 'accepted' })
})

test('what a teacher answers to an invitation is kept and moves nothing', async () => {
  await receiveRaw(inbox.deps, plainMessage({ from: 'p3@zarechie.example', inReplyTo: invitationId }), imap)
  expect(inbox.told).toEqual([])
  expect(await inbox.rows()).toMatchObject([{ process_id: 'invitation:inv_p3', told_at: expect.any(Date) as Date }])
})

test('while the workflow service is away a message is safe, and is told later', async () => {
  inbox.state.away = true
  const { id } = await receiveRaw(inbox.deps, plainMessage({ inReplyTo: applicationId }), imap)
  expect(inbox.errors).toHaveLength(1)
  expect(await inbox.rows()).toMatchObject([{ id, told_at: null }])
  await inbox.age()
  await expect(deliverUntold(inbox.deps)).rejects.toThrow('away')
  inbox.state.away = false
  await deliverUntold(inbox.deps)
  await deliverUntold(inbox.deps)
  expect(inbox.told).toMatchObject([{ id: `mail:${id}` }])
})

test('bytes that are no message are kept for a person', async () => {
  await receiveRaw(inbox.deps, Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0x80]), imap)
  await receiveRaw(inbox.deps, Buffer.alloc(0), imap)
  expect(await inbox.rows()).toMatchObject([{ kind: 'answer', process_id: null }, { kind: 'answer', process_id: null }])
})

/** A second school with a registration of the same number. */
async function anotherSchool(orgId: string): Promise<string> {
  await asService(db, (tx) =>
    tx.query(
      `insert into organizations (id, full_name, short_name, type, grade_max, inn, ogrn, address, timezone, school_week, email, phone)
       values ($1, 'МОУ № 8', 'МОУ № 8', 'oosh', 9, '0001000028', '1170002000024', 'с. Заречье', 'Europe/Samara', 5, 'school8@zarechie.example', '+70000000008')`,
      [orgId],
    ),
  )
  await inSchool(db, orgId, async (tx) => {
    await tx.query(`insert into cohorts (id, org_id, workflow_id) values ($1, $1, $1)`, [orgId])
    await tx.query(
      `insert into processes (id, org_id, cohort_id, kind, machine_version, number, state, context, seq, opened_at, changed_at)
       values ('orgRegistration:' || $1, $1, $1, 'organizationRegistration', 1, 'СФ-2026-000001', 'awaitingReply', '{}', 1, now(), now())`,
      [orgId],
    )
  })
  return orgId
}
