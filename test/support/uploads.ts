import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { App } from '../../server/deps.ts'
import { client } from './api.ts'

/** A person who brings rosters: forms with a file, and what becomes of them. */
export function uploads(app: App, key: string) {
  const api = client(app, key)

  async function send(bytes: Buffer, fields: Record<string, string> = {}, name = 'spisok.csv', idempotencyKey: string = randomUUID()) {
    const form = new FormData()
    for (const [field, value] of Object.entries(fields)) form.append(field, value)
    form.append('file', new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' }), name)
    const request = new Response(form)
    const response = await app.inject({
      method: 'POST',
      url: '/api/v1/imports',
      headers: { authorization: `Bearer ${key}`, 'idempotency-key': idempotencyKey, 'content-type': request.headers.get('content-type')! },
      payload: Buffer.from(await request.arrayBuffer()),
    })
    return { status: response.statusCode, body: response.json() }
  }

  const card = async (id: string) => (await api.get(`imports/${id}`)).body
  const say = (id: string, event: object) => api.post(`processes/rosterImport:${id}/events`, event)

  /** Waits until the import is in the state; returns its card. */
  async function becomes(id: string, state: string) {
    await expect.poll(async () => (await card(id)).state, { message: id }).toBe(state)
    return card(id)
  }

  return {
    api,
    send,
    card,
    say,
    becomes,

    /** Uploads a file that is taken; returns the id of its import. */
    async upload(bytes: Buffer, fields?: Record<string, string>, name?: string): Promise<string> {
      const { status, body } = await send(bytes, fields, name)
      expect(status, JSON.stringify(body)).toBe(202)
      return body.id
    },

    /** Carries out what is to be seen of the import, everything confirmed. */
    async commit(id: string) {
      const { version, confirmations } = await becomes(id, 'preview')
      expect((await say(id, { type: 'COMMIT', version, rows: 'all', confirm: confirmations.map(({ code }: { code: string }) => code) })).status).toBe(200)
      return becomes(id, 'committed')
    },
  }
}
