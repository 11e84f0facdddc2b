import { afterAll, expect } from 'vitest'
import { longStatements, openDatabase } from '../../../db/connection.ts'
import { localClock } from '../../../school/calendar/local-clock.ts'
import { apiClient, type Answer, type ApiClient } from '../api-client.ts'
import { keyOf } from '../api.ts'
import { generatedSchool, type SchoolSize } from '../generated-school.ts'
import { mailCatcher } from '../mail-catcher.ts'
import type { Program } from '../program.ts'
import { samplePeople } from '../sample-people.ts'
import { sampleSchool } from '../sample-school.ts'
import { scratchDatabase } from '../scratch-database.ts'
import { system } from '../system.ts'
import { temporalNamespace } from '../temporal-namespace.ts'

export type WholeSchool = Awaited<ReturnType<typeof wholeSchool>>

export interface Task {
  id: string
  kind: string
  processId: string
}

export interface SchoolClass {
  id: string
  name: string
  pupils: number
  guardians: number
  classTeachers: { id: string }[]
}

const orgId = 'org_zarechie'

/** The body of an answer that must be of this status. */
export function good<T>({ status, body }: Answer<T>, expected = 200): T {
  expect(status, JSON.stringify(body)).toBe(expected)
  return body
}

/** The codes of the problems that a refusal names. */
export const problemsOf = ({ body }: Answer<unknown>): string[] => (body as { problems?: { code: string }[] }).problems?.map(({ code }) => code) ?? []

/**
 * A generated school at the programs that `npm start` runs (server and worker as processes of their own, PostgreSQL, Temporal, a
 * mail server), and the people who work with it, each with a key: everything goes through HTTP. SEED makes the same school
 * again. Call at the top level of a test file; `start` before the first request.
 */
export async function wholeSchool(size: SchoolSize) {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
  console.info(`whole school: seed ${seed}`)
  const databaseUrl = await scratchDatabase()
  const db = openDatabase(databaseUrl, { statement: longStatements })
  afterAll(() => db.close())
  const mail = await mailCatcher()
  const programs = await system({ databaseUrl, temporal: await temporalNamespace(), smtpUrl: mail.smtpUrl })
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, 0)
  const as = async (...[roles, personId]: [Parameters<typeof keyOf>[2], string?]) => apiClient(programs.url, await keyOf(db, orgId, roles, personId))
  const adminKey = await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2')
  const [head, admin, registrar] = [await as(['head'], 'p1'), apiClient(programs.url, adminKey), await as(['registrar'])]
  let worker: Program | undefined
  let numbers = 0

  /** Every row of a list, page by page. */
  async function all<T>(path: string, who: ApiClient = admin): Promise<T[]> {
    const items: T[] = []
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page: { items: T[]; next?: string } = good(await who.get(`${path}${path.includes('?') ? '&' : '?'}limit=200${next && `&cursor=${next}`}`))
      items.push(...page.items)
      next = page.next
    }
    return items
  }

  /** The classes of an academic year. */
  const classesOf = async (year: string) => good(await admin.get<{ items: SchoolClass[] }>(`/classes?academicYear=${year}`)).items

  const tasks = (kind: string, process?: string) => all<Task>(`/tasks?kind=${kind}${process === undefined ? '' : `&process=${process}`}`)

  /** Completes these tasks at once; each must be taken. */
  async function completeAll(found: readonly Task[], evidenceOf: (task: Task) => object, who: ApiClient = admin): Promise<void> {
    for (let at = 0; at < found.length; at += 500) {
      const items = found.slice(at, at + 500).map((task) => ({ id: task.id, evidence: evidenceOf(task) }))
      const { completed, rows } = good(await who.post<{ completed: number; rows: { problem?: unknown }[] }>('/tasks/complete', { items }))
      expect(completed, JSON.stringify(rows.find(({ problem }) => problem)?.problem)).toBe(items.length)
    }
  }

  return {
    orgId,
    db,
    mail,
    programs,
    school: generatedSchool(seed, size),
    /** The academic year that ends in this calendar year, and the next; the people of the generated school come in the first. */
    years: yearsAround(new Date().getFullYear()),
    today: localClock('Europe/Samara').localDate(new Date()),
    head,
    admin,
    adminKey,
    registrar,
    as,
    all,
    classesOf,
    tasks,
    completeAll,

    async start(): Promise<void> {
      ;[, worker] = await Promise.all([programs.startServer(), programs.startWorker()])
    },

    /** Ends the worker as a power cut would, whatever it is doing; another one takes its place. */
    async killWorker(): Promise<void> {
      await worker!.kill()
      worker = await programs.startWorker()
    },

    /** The open tasks of a kind, once there are so many of them. */
    async awaited(kind: string, count: number, process?: string): Promise<Task[]> {
      await expect.poll(async () => (await tasks(kind, process)).length, { message: kind, timeout: 60_000 }).toBe(count)
      return tasks(kind, process)
    },

    /** Waits until the process is in the state. */
    becomes: (processId: string, state: string) => expect.poll(async () => good(await admin.get<{ state: string }>(`/processes/${processId}`)).state, { message: processId, timeout: 60_000 }).toBe(state),

    /** An event as a person sends it, which must be taken. */
    say: async (processId: string, event: object, who: ApiClient = admin) => good(await who.post<{ state: string }>(`/processes/${processId}/events`, event)),

    /** Moves a deadline to this moment, as a person does by hand. */
    hurry: async (processId: string, name: string) => good(await head.post(`/processes/${processId}/deadlines/${name}`, { action: 'move', at: new Date(Date.now() + 500).toISOString(), reason: 'Срочно' })),

    /** Registers an order with its file. */
    async order(kind: 'students' | 'staff', date: string): Promise<string> {
      const form = new FormData()
      for (const [name, value] of Object.entries({ kind, number: `${(numbers += 1)}-у`, date, title: 'О движении' })) form.append(name, value)
      form.append('file', new Blob(['%PDF-1.4\n%%EOF\n'], { type: 'application/pdf' }), 'prikaz.pdf')
      return good(await registrar.post<{ id: string }>('/orders', form), 201).id
    },
  }
}

const yearsAround = (ends: number) => ({ ending: `${ends - 1}-${ends}`, next: `${ends}-${ends + 1}`, ends })
