import { ImapFlow } from 'imapflow'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { expect, test } from 'vitest'
import { greenMail } from './green-mail.ts'
import { mailCatcher } from './mail-catcher.ts'
import { scratchDatabase } from './scratch-database.ts'
import { temporalEnv } from './temporal-env.ts'
import { timeSkippingEnv } from './time-skipping-env.ts'

const databaseUrl = await scratchDatabase()
const temporal = await temporalEnv()
const skipping = await timeSkippingEnv()
const catcher = await mailCatcher()
const mail = await greenMail()

test('a scratch database is migrated and its role is no superuser', async () => {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(`select usesuper, (select count(*)::int from migrations) as migrations from pg_user where usename = current_user`)
  await client.end()
  expect(rows).toEqual([{ usesuper: false, migrations: expect.any(Number) as number }])
  expect((rows[0] as { migrations: number }).migrations).toBeGreaterThan(0)
})

test('the Temporal server takes requests', async () => {
  const { namespaceInfo } = await temporal.connection.workflowService.describeNamespace({ namespace: temporal.namespace })
  expect(namespaceInfo?.name).toBe(temporal.namespace)
})

test('thirty days pass at once on the time-skipping server', async () => {
  const before = await skipping.env.currentTimeMs()
  await skipping.env.sleep('30 days')
  expect((await skipping.env.currentTimeMs()) - before).toBeGreaterThanOrEqual(30 * 24 * 60 * 60 * 1000)
})

test('the mail catcher gives back what SMTP took', async () => {
  const arriving = catcher.letter((letter) => letter.subject === 'Проверка связи')
  await createTransport(catcher.smtpUrl).sendMail({ from: 'a@school.example', to: 'b@school.example', subject: 'Проверка связи', text: 'Здравствуйте!' })
  expect(await arriving).toMatchObject({ text: expect.stringContaining('Здравствуйте!') as string, to: [{ address: 'b@school.example' }] })
})

test('a letter handed to GreenMail is read back over IMAP', async () => {
  const { address, imapUrl } = mail.newMailbox()
  await createTransport(mail.smtpUrl).sendMail({ from: 'a@school.example', to: address, subject: 'Ответ', text: 'Готово' })
  const { hostname, port, username, password } = new URL(imapUrl)
  const imap = new ImapFlow({ host: hostname, port: Number(port), secure: false, auth: { user: decodeURIComponent(username), pass: password }, logger: false })
  await imap.connect()
  await imap.mailboxOpen('INBOX')
  const subjects = await imap.fetchAll('1:*', { envelope: true })
  await imap.logout()
  expect(subjects.map(({ envelope }) => envelope?.subject)).toEqual(['Ответ'])
})
