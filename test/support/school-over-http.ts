import { expect } from 'vitest'
import { inSchool, type Database } from '../../db/connection.ts'
import { apiClient } from './api-client.ts'
import { keyOf } from './api.ts'
import { samplePeople } from './sample-people.ts'
import { sampleSchool } from './sample-school.ts'

/** What samplePeople and the tests make up and no log may have: names, telephones, addresses, the platform's links. */
const canaries = ['Воронцова', 'Лисицын', 'Мамедов', 'Вагиф', '7900000000', 'p1@zarechie', 'p2@zarechie', 'p3@zarechie', 'EXAMPLE-ONLY']

interface Line {
  event: string
  at: string
}

/**
 * A school whose staff room is there, with its people (p1 head, p2 administrator, p3… teachers), as its administrator
 * sees it at the API of a running system.
 */
export async function schoolOverHttp(db: Database, url: string, { teachers = 3, orgId = 'org_zarechie' } = {}) {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId, teachers)
  await inSchool(db, orgId, (tx) => tx.query(`update organizations set staff_room_on = '2026-09-01'`))
  const api = apiClient(url, await keyOf(db, orgId, ['platformAdmin', 'teacher'], 'p2'))

  const tasksOf = async (processId: string) => (await api.get<{ items: { id: string; kind: string; state: string }[] }>(`/tasks?process=${processId}`)).body.items

  return {
    orgId,
    api,
    canaries,
    tasksOf,

    /** Asks for a link for these people; returns it with the task to make it on the platform. */
    async requestLink(people: readonly string[], expiresAt?: Date) {
      const recipients = people.map((personId) => ({ personId }))
      const { status, body } = await api.post<{ id: string; processId: string }>('/links', { target: 'staffRoom', platformRole: 'teacher', recipients, ...(expiresAt && { expiresAt }) })
      expect(status, JSON.stringify(body)).toBe(202)
      await expect.poll(async () => (await tasksOf(body.processId)).length).toBe(1)
      return { ...body, createTask: (await tasksOf(body.processId))[0]!.id }
    },

    /** Says that the link is there on the platform; its letters go out. */
    createLink: (task: string, key?: string) => api.post<{ state: string }>(`/tasks/${task}/complete`, { evidence: { url: 'https://max.ru/join/EXAMPLE-ONLY' } }, key),

    stateOf: async (processId: string) => (await api.get<{ state: string }>(`/processes/${processId}`)).body.state,

    /** The lines of one event in the timeline of a process. */
    linesOf: async (processId: string, event: string) => (await api.get<{ items: Line[] }>(`/processes/${processId}/timeline?limit=100`)).body.items.filter((line) => line.event === event),
  }
}
