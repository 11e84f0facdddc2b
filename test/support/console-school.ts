import { afterAll, beforeAll, expect, vi } from 'vitest'
import { asService, inSchool } from '../../db/connection.ts'
import { issueSignInToken } from '../../db/sign-in.ts'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { createApp } from '../../server/app.ts'
import type { App } from '../../server/deps.ts'
import type { Page } from 'playwright-core'
import { apiClient, type ApiClient } from './api-client.ts'
import { keyOf } from './api.ts'
import { hostedSchool } from './hosted-school.ts'
import { samplePeople } from './sample-people.ts'
import { sampleSchool } from './sample-school.ts'
import { testKeyRing } from './test-key-ring.ts'

/** Names of teachers p3…; all made up, one with what an HTML page must not take for its own. */
export const hostileName = '<script>alert(1)</script>"\'&amp;\u202eЁж'
/** Nothing waits so long unless something is wrong. */
const patience = { timeout: 20_000, interval: 50 }
const lastNames = ['Ахметова-Соколова', 'Белова', 'Васнецов', 'Громова', 'Дёмина', 'Жуков', 'Ильина', 'Ким', 'Лебедева', 'Мамедов']

/**
 * The whole service over one database, with a worker at work: a school whose staff room is there, its head (p1), its
 * administrator (p2) and teachers (p3…). Call at the top level of a test file.
 */
export async function consoleSchool({ teachers = 11 } = {}) {
  const { db, mail, cohorts, orgId } = await hostedSchool()
  const url = `http://127.0.0.1:${await freePort()}`
  const service = {} as { app: App; api: ApiClient; close: () => Promise<void> }
  beforeAll(async () => {
    await sampleSchool(db, orgId)
    await samplePeople(db, orgId, teachers)
    await inSchool(db, orgId, async (tx) => {
      await tx.query(`update organizations set staff_room_on = '2026-09-01'`)
      for (let i = 0; i < teachers; i += 1) await tx.query(`update people set last_name = $2 where id = $1`, [`p${i + 3}`, lastNames[i] ?? hostileName])
    })
    service.app = await createApp({
      db,
      dispatcher: cohorts.dispatcher,
      keys: testKeyRing,
      publicUrl: url,
      receiveMail: () => Promise.reject(new Error('no mail in this test')),
      ready: {},
      log: { level: 'silent' },
      trustProxy: [],
    })
    await service.app.listen({ host: '127.0.0.1', port: Number(new URL(url).port) })
    service.api = apiClient(url, await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2'))
    const worker = await cohorts.createWorker()
    const running = worker.run()
    service.close = async () => {
      await service.app.close()
      worker.shutdown()
      await running
    }
  })
  afterAll(() => service.close())
  type Line = { id: string; kind: string; state: string; processId: string }
  const openTasks = async (kind: string) => (await service.api.get<{ items: Line[] }>(`/tasks?kind=${kind}&limit=100`)).body.items

  return {
    db,
    mail,
    orgId,
    url,
    service,
    openTasks,

    /** A link into the console for a person. */
    linkFor: async (personId: string) => `${url}/sign-in/${await asService(db, (tx) => issueSignInToken(tx, { orgId, personId }, 10))}`,

    /** Comes in by a link, as a person does. */
    async signIn(page: Page, personId = 'p2'): Promise<void> {
      await page.goto(await this.linkFor(personId))
      await page.getByRole('button', { name: 'Войти' }).click()
      await page.getByRole('button', { name: 'Выйти' }).waitFor()
    },

    /** These teachers have been invited and ask to be let in: a task for each. */
    async askToJoin(people: readonly string[]): Promise<void> {
      const started = await service.api.post<{ rows: { processId: string }[] }>('/onboardings', { people: people.map((personId) => ({ personId })) })
      expect(started.status, JSON.stringify(started.body)).toBe(202)
      await vi.waitFor(async () => expect(await openTasks('T-LINK-CREATE')).toHaveLength(1), patience)
      const [task] = await openTasks('T-LINK-CREATE')
      expect((await service.api.post(`/tasks/${task!.id}/complete`, { evidence: { url: 'https://max.ru/join/EXAMPLE-ONLY' } })).status).toBe(200)
      for (const { processId } of started.body.rows) {
        await vi.waitFor(async () => expect((await service.api.get<{ allowed: { type: string }[] }>(`/processes/${processId}`)).body.allowed.map(({ type }) => type)).toContain('JOIN_REQUEST_SEEN'), patience)
        expect((await service.api.post(`/processes/${processId}/events`, { type: 'JOIN_REQUEST_SEEN' })).status).toBe(200)
      }
      await vi.waitFor(async () => expect(await openTasks('T-JOIN-REVIEW')).toHaveLength(people.length), patience)
    },
  }
}
