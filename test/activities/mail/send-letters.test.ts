import { createHash } from 'node:crypto'
import { simpleParser } from 'mailparser'
import { beforeEach, expect, test } from 'vitest'
import { defaultLimits, type MailDeps, type MailRun } from '../../../activities/mail/mail-deps.ts'
import { runMs } from '../../../activities/mail/send-batch.ts'
import { sendLetters } from '../../../activities/mail/send-letters.ts'
import { SmtpSession } from '../../../activities/mail/smtp-session.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { settleByPerson } from '../../../db/letter-decision.ts'
import { openLetter } from '../../../db/letters.ts'
import { lockCohort } from '../../../db/steps.ts'
import { outbox } from '../../support/outbox.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { scriptedSmtp } from '../../support/scripted-smtp.ts'
import { tcpRelay } from '../../support/tcp-relay.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
const smtp = await scriptedSmtp()
const box = await outbox(db)
const problems: unknown[] = []

const deps: MailDeps = {
  db,
  keys: testKeyRing,
  smtpUrl: smtp.smtpUrl,
  from: 'flow@zarechie.example',
  publicUrl: 'https://flow.zarechie.example',
  onError: (error) => problems.push(error),
}
const runNow = (): MailRun => ({ now: new Date(), heartbeat: () => {}, signal: new AbortController().signal })
const send = (changes: Partial<MailDeps> = {}) => sendLetters({ ...deps, ...changes }, box, runNow())
const p3 = { person: 'p3' }

beforeEach(async () => {
  smtp.received.length = 0
  await box.run(`update letters set state = 'cancelled' where state in ('queued', 'rendered', 'sending')`)
  await box.run(`update letters set told_at = now()`)
})

test('a queued letter goes out and its owner is to be told', async () => {
  const id = await box.queue('L-INV-TEACHER', p3)
  expect(await send()).toEqual({ outcomes: [{ letterId: id, processId: 'invitation:inv_p3', outcome: 'accepted', attempts: 1 }], nextAt: null })
  expect(await box.row(id)).toMatchObject({ state: 'accepted', attempts: 1 })
  expect(smtp.received.map(({ recipients }) => recipients)).toEqual([['p3@zarechie.example']])
  const mail = await simpleParser(smtp.received[0]!.raw)
  expect(mail.messageId).toBe(`<${id}@zarechie.example>`)
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
})

test('letters of one run share a connection', async () => {
  for (let i = 0; i < 5; i += 1) await box.queue('L-INV-REMIND', p3)
  const before = smtp.sessions()
  expect((await send()).outcomes).toHaveLength(5)
  expect(smtp.sessions() - before).toBe(1)
})

test('a letter goes out while a step of its cohort is being recorded: neither waits for the other', async () => {
  const id = await box.queue('L-INV-TEACHER', p3)
  await inSchool(db, box.orgId, async (recording) => {
    await lockCohort(recording, box.cohortId)
    expect((await send()).outcomes).toMatchObject([{ letterId: id, outcome: 'accepted' }])
  })
  expect(await box.row(id)).toMatchObject({ state: 'accepted' })
})

test('two workers at once send each letter once', async () => {
  for (let i = 0; i < 20; i += 1) await box.queue('L-INV-REMIND', p3)
  await Promise.all([send(), send(), send()])
  const ids = await Promise.all(smtp.received.map(async ({ raw }) => (await simpleParser(raw)).messageId))
  expect(ids).toHaveLength(20)
  expect(new Set(ids).size).toBe(20)
})

test('F19: a mail server that is away costs nothing but time, for the whole batch', async () => {
  const first = await box.queue('L-INV-TEACHER', p3, { at: new Date(Date.now() - 2_000) })
  const second = await box.queue('L-INV-TEACHER', p3, { at: new Date(Date.now() - 1_000) })
  const { outcomes, nextAt } = await send({ smtpUrl: 'smtp://127.0.0.1:1' })
  expect(outcomes).toEqual([])
  expect(await box.row(first)).toMatchObject({ state: 'rendered', attempts: 1 })
  expect(await box.row(second)).toMatchObject({ state: 'queued', attempts: 0 })
  expect(Date.parse(nextAt!)).toBeGreaterThan(Date.now())
  await box.due(first)
  await box.due(second)
  expect((await send()).outcomes.map(({ letterId }) => letterId)).toEqual([first, second])
})

test('F20: 4xx at the recipient is tried again with the same bytes, for a day', async () => {
  const id = await box.queue('L-INV-TEACHER', p3)
  smtp.plan({ recipient: 451 }, { recipient: 451 })
  expect((await send()).outcomes).toEqual([])
  const { mime } = await box.row(id)
  expect(await box.row(id)).toMatchObject({ state: 'rendered', attempts: 1, last_error: '451' })
  await box.due(id)
  await box.run(`update letters set first_attempt_at = now() - interval '25 hours' where id = $1`, [id])
  expect((await send()).outcomes).toEqual([{ letterId: id, processId: 'invitation:inv_p3', outcome: 'failed', attempts: 2 }])
  expect(await box.row(id)).toMatchObject({ state: 'failed', attempts: 2, mime })
})

test('F20: 5xx at the recipient fails at once, and no word of the server is kept', async () => {
  const id = await box.queue('L-INV-TEACHER', p3)
  smtp.plan({ recipient: 550 })
  expect((await send()).outcomes).toEqual([{ letterId: id, processId: 'invitation:inv_p3', outcome: 'failed', attempts: 1 }])
  expect(await box.row(id)).toMatchObject({ state: 'failed', attempts: 1, last_error: '550' })
  expect(JSON.stringify(await box.run('select * from letter_attempts where letter_id = $1', [id]))).not.toContain('@')
})

test('a refused letter does not hold up the next', async () => {
  const refused = await box.queue('L-INV-TEACHER', p3, { at: new Date(Date.now() - 2_000) })
  const taken = await box.queue('L-INV-TEACHER', p3)
  smtp.plan({ recipient: 550 })
  expect((await send()).outcomes).toEqual([
    { letterId: refused, processId: 'invitation:inv_p3', outcome: 'failed', attempts: 1 },
    { letterId: taken, processId: 'invitation:inv_p3', outcome: 'accepted', attempts: 1 },
  ])
})

test('a connection that breaks before the data is no attempt at the letter', async () => {
  const id = await box.queue('L-REG-APPLY', { platform: true })
  smtp.plan('cutAtRecipient')
  expect((await send()).outcomes).toEqual([])
  expect(await box.row(id)).toMatchObject({ state: 'rendered' })
})

for (const turn of ['cutAfterDot', 'hangAfterDot', { afterDot: 421 }] as const) {
  const name = typeof turn === 'string' ? turn : '421 after the dot'

  test(`F21: ${name}: to the platform the outcome is unknown and nothing is repeated`, async () => {
    const id = await box.queue('L-REG-APPLY', { platform: true })
    smtp.plan(turn)
    const { outcomes, nextAt } = await send({ limits: { ...defaultLimits, attemptMs: 1_000 } })
    expect(outcomes).toEqual([{ letterId: id, processId: 'orgRegistration:org_zarechie', outcome: 'unknown', attempts: 1 }])
    expect(nextAt).toBeNull()
    expect(await box.row(id)).toMatchObject({ state: 'unknownOutcome', attempts: 1 })
    expect(smtp.received).toHaveLength(1)
  })

  test(`F21: ${name}: to our own people once more, the same bytes, and the doubt is on record`, async () => {
    const id = await box.queue('L-INV-TEACHER', p3)
    smtp.plan(turn)
    expect((await send({ limits: { ...defaultLimits, attemptMs: 1_000 } })).outcomes).toEqual([])
    await box.due(id)
    expect((await send()).outcomes).toEqual([{ letterId: id, processId: 'invitation:inv_p3', outcome: 'accepted', attempts: 2 }])
    expect(smtp.received).toHaveLength(2)
    expect(smtp.received[0]!.raw.equals(smtp.received[1]!.raw)).toBe(true)
    expect(await box.attempts(id)).toEqual(['uncertain', 'accepted'])
  })
}

test('F23: a mail server that takes a byte now and then holds a letter for a bounded time, and no other cohort’s at all', async () => {
  const { hostname, port } = new URL(smtp.smtpUrl)
  const wire = await tcpRelay({ host: hostname, port: Number(port) })
  const slow = await box.queue('L-REG-APPLY', { platform: true })
  const other = { orgId: box.orgId, cohortId: 'coh_other' }
  await box.run(`insert into cohorts (id, org_id, workflow_id, status) values ($2, $1, $2, 'running')`, [other.orgId, other.cohortId])
  const quick = await box.queue('L-INV-TEACHER', p3)
  await box.run('update letters set cohort_id = $2 where id = $1', [quick, other.cohortId])
  // The greeting and the envelope come through; the letter itself trickles.
  const trickles = wire.trickle('DATA')
  const sending = send({ smtpUrl: `smtp://${wire.address}`, limits: { ...defaultLimits, attemptMs: 4_000 } })
  await trickles
  expect((await sendLetters(deps, other, runNow())).outcomes).toMatchObject([{ letterId: quick, outcome: 'accepted' }])
  expect((await box.row(slow)).state).toBe('sending')
  expect((await sending).outcomes).toMatchObject([{ letterId: slow, outcome: 'unknown' }])
  expect(smtp.received.map(({ recipients }) => recipients)).toEqual([['p3@zarechie.example']])
})

test('F21: however long a letter, its attempt ends before Temporal gives the activity up', () => {
  // The scan of an order (domain.md 11) in base64, the longest there is; startToCloseTimeout of workflows/cohort.ts.
  const longest = 10 * 1024 * 1024 * 1.4
  expect(runMs + new SmtpSession(smtp.smtpUrl).bound(longest)).toBeLessThan(10 * 60 * 1000)
})

test('F21: a second doubt is left to a person', async () => {
  const id = await box.queue('L-INV-TEACHER', p3)
  smtp.plan('cutAfterDot', 'cutAfterDot')
  await send()
  await box.due(id)
  expect((await send()).outcomes).toEqual([{ letterId: id, processId: 'invitation:inv_p3', outcome: 'unknown', attempts: 2 }])
  expect(await box.attempts(id)).toEqual(['uncertain', 'uncertain'])
})

test('F8, F9: a letter whose worker died while sending is in doubt: repeated once with the same bytes', async () => {
  const id = await box.queue('L-INV-TEACHER', p3)
  const worker = new AbortController()
  smtp.plan('hangAfterDot')
  const hanging = smtp.hangs()
  // The worker of this attempt never comes back: its answer is waited for by nobody.
  const dead = sendLetters({ ...deps, limits: { ...defaultLimits, attemptMs: 2_000 } }, box, { now: new Date(), heartbeat: () => {}, signal: worker.signal })
  await hanging
  expect(await box.row(id)).toMatchObject({ state: 'sending', attempts: 1 })
  // While the claim stands nobody else touches it.
  const early = await send()
  expect(early.outcomes).toEqual([])
  expect(Date.parse(early.nextAt!)).toBeGreaterThan(Date.now())
  await box.due(id)
  expect((await send()).outcomes).toEqual([])
  await box.due(id)
  expect((await send()).outcomes).toEqual([{ letterId: id, processId: 'invitation:inv_p3', outcome: 'accepted', attempts: 2 }])
  worker.abort()
  await dead
  // F27: the late word of the lost worker changes nothing.
  expect(await box.row(id)).toMatchObject({ state: 'accepted', attempts: 2 })
  expect(await box.attempts(id)).toEqual(['uncertain', 'uncertainLate', 'accepted'])
  expect(smtp.received).toHaveLength(2)
  expect(smtp.received[0]!.raw.equals(smtp.received[1]!.raw)).toBe(true)
})

test('F8: the same to the platform waits for a person', async () => {
  const id = await box.queue('L-REG-APPLY', { platform: true })
  smtp.plan('cutAtRecipient')
  await send()
  await box.run(`update letters set state = 'sending', claimed_until = now() - interval '1 second', next_attempt_at = now() where id = $1`, [id])
  expect((await send()).outcomes).toEqual([{ letterId: id, processId: 'orgRegistration:org_zarechie', outcome: 'unknown', attempts: 1 }])
  expect(smtp.received).toHaveLength(0)
})

test('a person settles an unknown outcome: it arrived, or it goes out again with the same bytes', async () => {
  const settle = (id: string, decision: 'arrived' | 'sendAgain') => inSchool(db, box.orgId, (tx) => settleByPerson(tx, id, decision, 'p2', new Date()))
  const arrived = await box.queue('L-REG-APPLY', { platform: true })
  smtp.plan('cutAfterDot')
  await send()
  expect(await settle(arrived, 'arrived')).toEqual({ decided: true, state: 'accepted', processId: 'orgRegistration:org_zarechie' })
  expect(await box.run(`update letters set told_at = now() where id = $1 returning state`, [arrived])).toEqual([{ state: 'accepted' }])
  expect(await settle(arrived, 'arrived')).toEqual({ decided: false, state: 'accepted' })

  const again = await box.queue('L-REG-APPLY', { platform: true })
  smtp.received.length = 0
  smtp.plan('cutAfterDot')
  await send()
  expect(await settle(again, 'sendAgain')).toMatchObject({ decided: true, state: 'queued' })
  expect((await send()).outcomes).toEqual([{ letterId: again, processId: 'orgRegistration:org_zarechie', outcome: 'accepted', attempts: 2 }])
  expect(smtp.received[0]!.raw.equals(smtp.received[1]!.raw)).toBe(true)
  expect(await settle('letter.unknown', 'arrived')).toBeNull()
})

test('nobody to write to: the letter fails at once', async () => {
  await box.run(`update people set email = null where id = 'p4'`)
  const none = await box.queue('L-VERIFY', { person: 'p4' })
  await box.run(`update people set email = 'a@b.example, c@d.example' where id = 'p5'`)
  const two = await box.queue('L-VERIFY', { person: 'p5' })
  expect((await send()).outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'failed'])
  expect((await box.row(none)).last_error).toBe('noAddress')
  expect((await box.row(two)).last_error).toBe('badAddress')
  expect(smtp.received).toHaveLength(0)
})

test('a letter that cannot be written does not hold up the others', async () => {
  // A term without end: formatting it throws, as a mistake of ours would.
  const broken = await box.queue('L-INV-TEACHER', p3, { processId: 'invitation:broken', at: new Date(Date.now() - 2_000) })
  await box.run(`insert into invite_links (id, org_id, process_id, number, target, platform_role, scope, expires_at, state, platform_state) values ('lnk_2', $1, 'inviteLink:lnk_2', 'ПР-2', 'staffRoom', 'teacher', 'group', 'infinity', 'active', 'live')`, [box.orgId])
  await box.run(`insert into invitations (id, org_id, process_id, link_id, person_id, target, platform_role, state, delivery) values ('inv_b', $1, 'invitation:broken', 'lnk_2', 'p4', 'staffRoom', 'teacher', 'sent', 'notSent')`, [box.orgId])
  const good = await box.queue('L-INV-TEACHER', p3)
  expect((await send()).outcomes.map(({ letterId }) => letterId)).toEqual([good])
  expect(await box.row(broken)).toMatchObject({ state: 'queued', last_error: 'notWritten', attempts: 1 })
  expect(problems).toHaveLength(1)
  expect(await box.run(`select 1 from invitation_tokens where invitation_id = 'inv_b'`)).toEqual([])
})

test('quiet hours hold at the moment of sending; urgent letters ignore them', async () => {
  await box.run(`update organizations set settings = '{"quietHours": true}'`)
  try {
    // Far enough ahead to be later than this machine's clock; a Saturday in Samara.
    const saturday = new Date('2037-06-06T10:00:00Z')
    const calm = await box.queue('L-INV-TEACHER', p3)
    const urgent = await box.queue('L-TASK-URGENT', { role: 'head' }, { values: { task: 'T-LINK-REVOKE' }, urgent: true })
    const at = (now: Date) => sendLetters(deps, box, { now, heartbeat: () => {}, signal: new AbortController().signal })
    const { outcomes, nextAt } = await at(saturday)
    expect(outcomes.map(({ letterId }) => letterId)).toEqual([urgent])
    expect(nextAt).toBe('2037-06-08T04:00:00.000Z')
    expect((await at(new Date('2037-06-08T04:00:00Z'))).outcomes.map(({ letterId }) => letterId)).toContain(calm)
  } finally {
    await box.run(`update organizations set settings = '{"quietHours": false}'`)
  }
})

test('F29: who has answered while the link closed is not told that it closed; whose request was turned down is', async () => {
  const answered = async (type: string, told: boolean) => {
    await box.run(`delete from recipient_answers`)
    await box.run(`insert into recipient_answers (id, org_id, invitation_id, type, told_at) values ('ans_1', $1, 'inv_p3', $2, case when $3 then now() end)`, [box.orgId, type, told])
  }
  const heard = (state: string, request: string) => box.run(`update processes set state = $1, context = jsonb_build_object('request', $2::text) where id = 'invitation:inv_p3'`, [state, request])
  const sentTo = async (code: string) => {
    const id = await box.queue(code, p3)
    await send()
    return (await box.row(id)).state
  }
  // The page has the answer, the workflow has not heard it yet; then it has.
  await answered('REQUEST_SENT', false)
  await heard('expired', 'none')
  expect(await sentTo('L-INV-EXPIRED')).toBe('cancelled')
  expect(await sentTo('L-INV-REMIND')).toBe('cancelled')
  await answered('REQUEST_SENT', true)
  await heard('expired', 'sent')
  expect(await sentTo('L-INV-EXPIRED')).toBe('cancelled')
  await answered('DECLINE', false)
  await heard('expired', 'none')
  expect(await sentTo('L-INV-EXPIRED')).toBe('cancelled')
  expect(smtp.received).toHaveLength(0)

  await answered('REQUEST_SENT', true)
  await heard('sent', 'rejected')
  expect(await sentTo('L-INV-REMIND')).toBe('accepted')
  await answered('OPENED', false)
  await heard('expired', 'none')
  expect(await sentTo('L-INV-EXPIRED')).toBe('accepted')
  await heard('sent', 'none')
})

test('each letter of an invitation has a token of its own, kept as a hash and never shown', async () => {
  await box.run('delete from invitation_tokens')
  await box.queue('L-INV-TEACHER', p3)
  const reminder = await box.queue('L-INV-REMIND', p3)
  await send()
  const tokens = await Promise.all(smtp.received.map(async ({ raw }) => /\/i\/([\w-]{32})\s/.exec((await simpleParser(raw)).text!)![1]!))
  expect(new Set(tokens).size).toBe(2)
  const hashes = await box.run<{ hash: string }>('select hash from invitation_tokens')
  expect(new Set(hashes.map(({ hash }) => hash))).toEqual(new Set(tokens.map((token) => createHash('sha256').update(token).digest('hex'))))
  const shown = openLetter(testKeyRing, reminder, 'body', (await box.row(reminder)).body!)
  expect(shown).toContain('https://flow.zarechie.example/i/…')
  expect(shown).not.toContain(tokens[1])
})

test('a cancelled run stops between letters', async () => {
  await box.queue('L-INV-TEACHER', p3)
  const { nextAt } = await sendLetters(deps, box, { now: new Date(), heartbeat: () => {}, signal: AbortSignal.abort() })
  expect(smtp.received).toHaveLength(0)
  expect(nextAt).not.toBeNull()
})
