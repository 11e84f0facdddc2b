import { createTransport } from 'nodemailer'
import { afterEach, expect, test } from 'vitest'
import { readMailbox } from '../../../activities/inbox/read-mailbox.ts'
import { asService, openDatabase } from '../../../db/connection.ts'
import { tcpRelay } from '../../support/tcp-relay.ts'
import { greenMail } from '../../support/green-mail.ts'
import { testInbox } from '../../support/inbox.ts'
import { deliveryReport, plainMessage } from '../../support/messages.ts'
import { outbox } from '../../support/outbox.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
const box = await outbox(db)
const mail = await greenMail()
const inbox = testInbox(db)
const applicationId = '<application@zarechie.example>'
const application = await box.queue('L-REG-APPLY', { platform: true })
await box.run(`update letters set state = 'accepted', message_id = $2 where id = $1`, [application, applicationId])

const running: { stop: AbortController; done: Promise<void> }[] = []

function read(imapUrl: string): { stop: () => Promise<void> } {
  const stop = new AbortController()
  const done = readMailbox(inbox.deps, imapUrl, stop.signal)
  running.push({ stop, done })
  return {
    stop: () => {
      stop.abort()
      return done
    },
  }
}

afterEach(async () => {
  for (const { stop, done } of running.splice(0)) {
    stop.abort()
    await done
  }
  await inbox.forget()
})

const hand = (address: string, raw: Buffer) =>
  createTransport(mail.smtpUrl).sendMail({ envelope: { from: 'support@sferum.example', to: address }, raw })
const kept = (count: number) => expect.poll(async () => (await inbox.rows()).length, { timeout: 30_000 }).toBe(count)

test('mail that is there and mail that comes is taken in, each once', async () => {
  const { address, imapUrl } = mail.newMailbox()
  await hand(address, plainMessage({ inReplyTo: applicationId }))
  read(imapUrl)
  await kept(1)
  await hand(address, plainMessage({ subject: 'Семинар' }))
  await kept(2)
  expect(inbox.told).toMatchObject([{ to: 'orgRegistration:org_zarechie', event: { type: 'REPLY_RECEIVED' } }])
  expect(inbox.errors).toEqual([])
})

test('a second start goes on where the first stopped', async () => {
  const { address, imapUrl } = mail.newMailbox()
  const first = read(imapUrl)
  await hand(address, plainMessage({ subject: 'Первое' }))
  await kept(1)
  await first.stop()
  await hand(address, plainMessage({ subject: 'Второе' }))
  read(imapUrl)
  await kept(2)
})

test('F22: a report that comes by IMAP marks the letter', async () => {
  const { address, imapUrl } = mail.newMailbox()
  read(imapUrl)
  await hand(address, deliveryReport(applicationId))
  await kept(1)
  expect(inbox.told).toMatchObject([{ event: { type: 'LETTER_BOUNCED', letterId: application } }])
  expect(await box.row(application)).toMatchObject({ state: 'bounced' })
})

test('F24: a connection that is cut after a message was taken takes it once', async () => {
  const { address, imapUrl } = mail.newMailbox()
  await hand(address, plainMessage({ subject: 'Первое', inReplyTo: applicationId }))
  await hand(address, plainMessage({ subject: 'Второе', inReplyTo: applicationId }))
  const direct = new URL(imapUrl)
  const proxy = await tcpRelay({ host: direct.hostname, port: Number(direct.port) })
  const through = new URL(imapUrl)
  through.port = String(proxy.port)
  // The moment between «taken» and «the position moved on»: the message is being told.
  inbox.state.whileTelling = () => {
    inbox.state.whileTelling = () => {}
    proxy.cut()
  }
  read(through.href)
  await kept(2)
  await expect.poll(() => inbox.told.length).toBe(2)
  expect(new Set(inbox.told.map(({ id }) => id)).size).toBe(2)
  expect(proxy.connections()).toBe(2)
})

test('F25: a rebuilt mailbox is read again and nothing is taken twice', async () => {
  const { address, imapUrl } = mail.newMailbox()
  const first = read(imapUrl)
  await hand(address, plainMessage({ subject: 'Первое', inReplyTo: applicationId }))
  await hand(address, plainMessage({ subject: 'Второе' }))
  await kept(2)
  await first.stop()
  const before = inbox.told.length
  // As if the server had given the mailbox a new UIDVALIDITY since.
  await asService(db, (tx) => tx.query('update mailbox_positions set uid_validity = uid_validity - 1, last_uid = 1000'))
  await hand(address, plainMessage({ subject: 'Третье' }))
  read(imapUrl)
  await kept(3)
  expect(inbox.told).toHaveLength(before)
})

test('a mailbox that cannot be opened is asked again', async () => {
  const url = new URL(mail.newMailbox().imapUrl)
  url.username = ''
  read(url.href)
  await expect.poll(() => inbox.errors.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2)
})
