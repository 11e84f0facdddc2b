import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { insertCohort } from '../../db/cohorts.ts'
import { inSchool, openDatabase } from '../../db/connection.ts'
import type { App } from '../../server/deps.ts'
import type { EventResult, IncomingEvent } from '../../workflows/messages.ts'
import { away, client, keyOf, scratchApp } from '../support/api.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = await sampleSchool(db)
const registrar = await keyOf(db, orgId, ['registrar'])
const pdf = Buffer.from('%PDF-1.4\n%%EOF\n')
const fields = { kind: 'main', number: '112/01-08', date: '2026-08-20', title: 'О назначении администратора ИКОП «Сферум»' }

async function upload(app: App, values: Record<string, string>, file?: { bytes: Buffer; name: string; type: string }, key = randomUUID()) {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.append(name, value)
  if (file) form.append('file', new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name)
  const request = new Response(form)
  const response = await app.inject({
    method: 'POST',
    url: '/api/v1/orders',
    headers: { authorization: `Bearer ${registrar}`, 'idempotency-key': key, 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  })
  return { status: response.statusCode, body: response.json() }
}
const scan = { bytes: pdf, name: 'prikaz.pdf', type: 'application/pdf' }

test('an order with its file is registered, and the file comes back byte for byte', async () => {
  const app = await scratchApp(db)
  const { status, body } = await upload(app, fields, scan)
  expect(status).toBe(201)
  expect(body).toMatchObject({ status: 'registered', number: '112/01-08', file: { mime: 'application/pdf', size: pdf.length } })
  const file = await app.inject({ url: `/api/v1/orders/${body.id}/file`, headers: { authorization: `Bearer ${registrar}` } })
  expect(file.rawPayload).toEqual(pdf)
  expect(file.headers).toMatchObject({ 'content-disposition': 'attachment; filename="order"', 'x-content-type-options': 'nosniff' })
})

test('the same number in another spelling is a duplicate, until the first is cancelled', async () => {
  const app = await scratchApp(db)
  const values = { ...fields, number: '113/01-08' }
  const { body } = await upload(app, values, scan)
  expect(await upload(app, { ...values, number: '113/01–08' }, scan)).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:duplicateOrder' } })
  const api = client(app, registrar)
  expect((await api.post(`orders/${body.id}/cancel`)).body.status).toBe('cancelled')
  expect((await upload(app, { ...values, number: '113/01–08' }, scan)).status).toBe(201)
})

test('everything that rests on an order hears once that it was cancelled, also when the request comes again', async () => {
  await inSchool(db, orgId, async (tx) => {
    await insertCohort(tx, { orgId, cohortId: 'coh_1', workflowId: 'promotion', input: {} })
    await tx.query(
      `insert into processes (id, org_id, cohort_id, kind, machine_version, state, context, seq, opened_at, changed_at, ended_at)
       select id, $1, 'coh_1', kind, 1, 'x', '{}', 1, now(), now(), case when id like 'past:%' then now() end
       from (values ('past:promotion', 'yearEndPromotion'), ('promotion', 'yearEndPromotion'), ('registration', 'organizationRegistration')) as row (id, kind)`,
      [orgId],
    )
  })
  const heard: IncomingEvent[] = []
  const deliver = (events: IncomingEvent[]) => {
    heard.push(...events)
    return Promise.resolve(events.map(({ id }): EventResult => ({ id, accepted: true, state: 'x', seq: 2 })))
  }
  const app = await scratchApp(db, { dispatcher: { ...away, deliver } })
  const { body } = await upload(app, { ...fields, number: '116' }, scan)
  const api = client(app, registrar)
  expect((await api.post(`orders/${body.id}/cancel`)).status).toBe(200)
  expect(await api.post(`orders/${body.id}/cancel`)).toMatchObject({ status: 409, body: { type: 'urn:sferum-flow:problem:orderCancelled' } })
  expect(heard.map(({ to, event }) => `${to} ${event.type} ${String(event.orderId)}`)).toEqual([...Array(2)].flatMap(() => ['promotion', 'registration'].map((to) => `${to} ORDER_INVALIDATED ${body.id}`)))
  // One for each of them, the same both times.
  expect(new Set(heard.map(({ id }) => id)).size).toBe(2)
})

test('a file that lies, is empty or too big is refused in Russian, and no order is entered', async () => {
  const app = await scratchApp(db)
  const values = { ...fields, number: '114' }
  const refusal = async (bytes: Buffer, name: string, type: string) => (await upload(app, values, { bytes, name, type })).body.problems[0]
  expect(await refusal(Buffer.from('MZ'), 'prikaz.pdf', 'application/pdf')).toMatchObject({ code: 'fileTypeUnknown', path: 'file', message: 'Это не PDF, JPEG или PNG' })
  expect(await refusal(pdf, 'prikaz.png', 'image/png')).toMatchObject({ code: 'fileTypeMismatch' })
  expect(await refusal(Buffer.alloc(0), 'prikaz.pdf', 'application/pdf')).toMatchObject({ code: 'fileEmpty' })
  expect(await refusal(Buffer.concat([pdf, Buffer.alloc(10 * 1024 * 1024)]), 'prikaz.pdf', 'application/pdf')).toMatchObject({ code: 'fileTooBig', message: 'Файл больше 10 МБ' })
  expect((await client(app, registrar).get('orders?kind=main')).body.items.some(({ number }: { number: string }) => number === '114')).toBe(false)
})

test('every wrong field is named at once', async () => {
  const app = await scratchApp(db)
  const { status, body } = await upload(app, { ...fields, number: '12<', date: '2999-01-01', signedBy: 'per_nobody' }, scan)
  expect(status).toBe(422)
  expect(body.problems.map(({ path, code }: { path: string; code: string }) => [path, code])).toEqual([
    ['number', 'orderNumberCharacter'],
    ['date', 'orderDateFuture'],
    ['signedBy', 'personUnknown'],
  ])
})

test('another file under the same key is another request', async () => {
  const app = await scratchApp(db)
  const key = randomUUID()
  const values = { ...fields, number: '115' }
  expect((await upload(app, values, scan, key)).status).toBe(201)
  expect((await upload(app, values, scan, key)).status).toBe(201)
  expect((await upload(app, values, { ...scan, bytes: Buffer.from('%PDF-1.7\n') }, key)).body.type).toBe('urn:sferum-flow:problem:idempotencyKeyReused')
})
