import { randomUUID } from 'node:crypto'
import type { Word } from '../engine.ts'
import type { InvitingSchool } from './schools.ts'

/** Schools that ask at once: as many as an office of administrators would. */
const schoolsAtOnce = 4

const bodyOf = { joined: { type: 'JOINED' }, revoked: { type: 'SUPERSEDE', reason: 'По ошибке' } } as const satisfies Record<Word, object>

/** The work of the schools' administrators, over the public HTTP API and nothing else. */
export function invitingOver(url: string, schools: readonly InvitingSchool[]) {
  const linkOf = new Map<InvitingSchool, string>()
  const invitationOf = new Map<number, { processId: string; key: string }>()

  return {
    /** Asks for a link for the people of each school and says that it is there. */
    async issue(): Promise<void> {
      const waiting = [...schools]
      await Promise.all(Array.from({ length: schoolsAtOnce }, async () => {
        for (let school = waiting.shift(); school; school = waiting.shift()) linkOf.set(school, await invite(url, school))
      }))
    },
    /** Looks up whose invitation is which. */
    async findInvitations(): Promise<void> {
      for (const school of schools) {
        const card = await ask<{ people: { processId: string; personId: string }[] }>(url, school.key, 'GET', `/links/${linkOf.get(school)!}`)
        const byPerson = new Map(card.people.map(({ personId, processId }) => [personId, processId]))
        for (const { index, personId } of school.invited) invitationOf.set(index, { processId: byPerson.get(personId)!, key: school.key })
      }
    },
    /** Says of one person that they have joined, or that the invitation is taken back. */
    async tell(index: number, word: Word): Promise<boolean> {
      const { processId, key } = invitationOf.get(index)!
      return ask(url, key, 'POST', `/processes/${processId}/events`, bodyOf[word]).then(() => true, () => false)
    },
  }
}

async function invite(url: string, { key, invited, first }: InvitingSchool): Promise<string> {
  const recipients = invited.map(({ personId }) => ({ personId }))
  const link = await requestLink(url, key, recipients, new Date(first.dueAt).toISOString())
  await linkIsThere(url, key, link.processId)
  return link.id
}

export const requestLink = (url: string, key: string, recipients: readonly { personId: string }[], expiresAt: string) =>
  ask<{ id: string; processId: string }>(url, key, 'POST', '/links', { target: 'staffRoom', platformRole: 'teacher', recipients, expiresAt })

/** Does the one task of a fresh link: it has been made on the platform. The letters go out. */
export async function linkIsThere(url: string, key: string, processId: string): Promise<void> {
  const { items } = await ask<{ items: { id: string }[] }>(url, key, 'GET', `/tasks?process=${processId}`)
  await ask(url, key, 'POST', `/tasks/${items[0]!.id}/complete`, { evidence: { url: 'https://max.ru/join/EXAMPLE-ONLY' } })
}

/** One request of the API. Rejects for every answer but a success. */
export async function ask<T>(url: string, key: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(method === 'POST' && { 'idempotency-key': randomUUID(), 'content-type': 'application/json' }) },
    ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path.split('/')[1]!}: ${response.status} ${text.slice(0, 500)}`)
  return JSON.parse(text) as T
}
