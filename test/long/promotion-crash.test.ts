import { afterAll, beforeAll, expect, test } from 'vitest'
import { inSchool, openDatabase } from '../../db/connection.ts'
import { insertOrder } from '../../db/orders.ts'
import { holdRow } from '../support/held-row.ts'
import { largeYearEnd } from '../support/large-year-end.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import type { Program } from '../support/program.ts'
import { schoolOverHttp } from '../support/school-over-http.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { apiClient } from '../support/api-client.ts'
import { keyOf } from '../support/api.ts'
import { system } from '../support/system.ts'
import { tcpRelay } from '../support/tcp-relay.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'

const databaseUrl = await scratchDatabase()
const db = openDatabase(databaseUrl)
afterAll(() => db.close())
const mail = await mailCatcher()
const temporal = await temporalNamespace()
const programs = await system({ databaseUrl, temporal, smtpUrl: mail.smtpUrl })
const { orgId, api } = await schoolOverHttp(db, programs.url)
const head = apiClient(programs.url, await keyOf(db, orgId, ['head'], 'p1'))
const ends = new Date().getFullYear()
const years = [`${ends - 1}-${ends}`, `${ends}-${ends + 1}`] as const
const { pupils, grades } = await largeYearEnd(db, orgId, years)

/** A worker whose wire to Temporal can be cut. */
const [host, port] = temporal.address.split(':')
const wire = await tcpRelay({ host: host!, port: Number(port) })
const startWorker = () => programs.startWorker({ temporalAddress: wire.address })
let worker: Program
let promotion = { id: '', processId: '' }

beforeAll(async () => {
  await inSchool(db, orgId, (tx) => insertOrder(tx, orgId, { id: 'o2', kind: 'students', number: '14-У', foldedNumber: '14-у', date: `${ends}-01-01`, title: 'О переводе', signedBy: 'p1', status: 'registered', file: { sha256: 'x', mime: 'application/pdf', size: 1 }, content: Buffer.from('x') }))
  ;[, worker] = await Promise.all([programs.startServer(), startWorker()])
})

const patience = { timeout: 180_000 }
const say = async (event: object, who = api) => expect((await who.post(`/processes/${promotion.processId}/events`, event)).status).toBe(200)
const becomes = (state: string) => expect.poll(async () => (await api.get<{ state: string }>(`/promotions/${promotion.id}`)).body.state, patience).toBe(state)
const count = async (sql: string) => (await inSchool(db, orgId, (tx) => tx.query<{ count: number }>(`select count(*)::int as count from ${sql}`))).rows[0]!.count

/** How many learn in which year, of how many, and how often the timeline says that the register was changed. */
const standing = async () => ({
  from: await count(`memberships m join school_classes c on c.id = m.class_id where m.kind = 'student' and m.ended_at is null and c.academic_year = '${years[0]}'`),
  to: await count(`memberships m join school_classes c on c.id = m.class_id where m.kind = 'student' and m.ended_at is null and c.academic_year = '${years[1]}'`),
  doubled: await count(`(select person_id from memberships where kind = 'student' and ended_at is null group by 1 having count(*) > 1) x`),
  begun: await count(`memberships where previous_id is not null and ends_on is distinct from starts_on`),
  applied: await count(`timeline where process_id = '${promotion.processId}' and event = 'REGISTER_UPDATED' and applied`),
})
/** Grade 9 leaves school. */
const staying = pupils - Math.floor((pupils - 8) / grades) - 1

/** The list is approved; carried out, it comes to a pupil whom somebody else holds. */
async function approvedAndHeld() {
  await expect.poll(async () => (await api.post(`/processes/${promotion.processId}/events`, { type: 'DRAFT_READY' })).status, patience).toBe(200)
  const { items } = (await api.get<{ items: { id: string }[] }>(`/tasks?process=${promotion.processId}&kind=T-PROM-CLASS&limit=200`)).body
  await api.post('/tasks/complete', { items: items.map(({ id }) => ({ id, evidence: { confirmed: true } })) })
  const row = await holdRow(db, orgId, 'memberships', `mem_s${pupils}`)
  await say({ type: 'APPROVED_WITH_ORDER', orderId: 'o2', confirmedUnusual: true }, head)
  await row.waitedFor()
  return row
}

test('the worker is killed in the midst of the application: nobody has moved, then everybody has, once', { timeout: 400_000 }, async () => {
  await api.patch(`/organizations/${orgId}`, { settings: { promotionWindow: { draftFrom: '01-01', approveBy: '12-31', applyFrom: '01-01', doneBy: '12-31', rollBackUntil: '12-31' } } })
  promotion = (await api.post<typeof promotion>('/promotions', { fromYear: years[0] })).body
  await expect.poll(async () => (await api.post(`/processes/${promotion.processId}/events`, { type: 'CLASSES_OF_NEXT_YEAR_SET' })).status, patience).toBe(200)
  const row = await approvedAndHeld()
  await worker.kill()
  expect(await standing()).toEqual({ from: pupils, to: 0, doubled: 0, begun: 0, applied: 0 })
  await row.release()
  worker = await startWorker()
  await becomes('platformWork')
  expect(await standing()).toEqual({ from: 0, to: staying, doubled: 0, begun: staying, applied: 1 })
})

test('taken back and applied anew, the worker is killed when the school has moved and nobody has heard of it: the answer comes once', { timeout: 400_000 }, async () => {
  await say({ type: 'ROLLBACK', reason: 'В приказе ошибка' })
  await becomes('drafting')
  expect(await standing()).toEqual({ from: pupils, to: 0, doubled: 0, begun: 0, applied: 1 })
  const row = await approvedAndHeld()
  wire.mute()
  await row.release()
  await expect.poll(async () => (await standing()).to, patience).toBe(staying)
  await worker.kill()
  wire.cut()
  worker = await startWorker()
  await becomes('platformWork')
  expect(await standing()).toEqual({ from: 0, to: staying, doubled: 0, begun: staying, applied: 2 })
})
