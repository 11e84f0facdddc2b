import { setTimeout as delay } from 'node:timers/promises'
import { Type, type Static } from 'typebox'
import type { App, AppDeps, Dependency } from '../deps.ts'
import { OneOf } from '../schemas/common.ts'

/** A dependency that says nothing for this long counts as away, ms. */
const patience = 3_000

export const Ready = Type.Object({ status: OneOf(['ready', 'degraded', 'notReady']), dependencies: Type.Record(Type.String(), OneOf(['up', 'readOnly', 'down'])) })

/** GET /health: the process is alive. GET /ready: each dependency with its state; 503 while one that it cannot do without is away. */
export function statusRoutes(app: App, { ready }: Pick<AppDeps, 'ready'>): void {
  const tags = ['Состояние службы']
  app.get('/health', { schema: { tags, summary: 'Служба жива', response: { 200: Type.Object({ status: OneOf(['alive']) }) } } }, () => ({ status: 'alive' as const }))

  app.get('/ready', { schema: { tags, summary: 'Служба и всё, что ей нужно', response: { 200: Ready, 503: Ready } } }, async (_request, reply) => {
    const state = await readiness(ready)
    return reply.code(state.status === 'notReady' ? 503 : 200).send(state)
  })
}

/** Asks every dependency at once; takes no longer than the patience with one. */
export async function readiness(ready: AppDeps['ready']): Promise<Static<typeof Ready>> {
  const checked = await Promise.all(Object.entries(ready).map(async ([name, { required, check }]) => ({ name, required, state: await answers(check) })))
  const lacking = checked.filter(({ state }) => state !== 'up')
  const status = lacking.length === 0 ? 'ready' : lacking.some(({ required, state }) => required && state === 'down') ? 'notReady' : 'degraded'
  return { status, dependencies: Object.fromEntries(checked.map(({ name, state }) => [name, state])) }
}

async function answers(check: Dependency['check']): Promise<'up' | 'readOnly' | 'down'> {
  const giveUp = new AbortController()
  const late = delay(patience, 'down' as const, { signal: giveUp.signal, ref: false }).catch(() => 'down' as const)
  const state = await Promise.race([late, check().then((state) => state ?? ('up' as const), () => 'down' as const)])
  giveUp.abort()
  return state
}
