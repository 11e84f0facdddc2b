import type { Engine } from './engine.ts'

/** Where each engine is. Loaded by name only: the packages of one need not be there for another. */
const files = {
  'sferum-flow': './sferum-flow/engine.ts',
  'temporal-activity': './temporal/activity-engine.ts',
  'temporal-leanest': './temporal/leanest-engine.ts',
  'cron-sql': './cron-sql/engine.ts',
  'pg-boss': './pg-boss/engine.ts',
  'graphile-worker': './graphile-worker/engine.ts',
  dbos: './dbos/engine.ts',
  'dbos-batched': './dbos/batched-engine.ts',
  restate: './restate/engine.ts',
  'restate-batched': './restate/batched-engine.ts',
} as const

export type EngineName = keyof typeof files
export const engineNames = Object.keys(files) as EngineName[]

export async function loadEngine(name: EngineName): Promise<Engine> {
  const { engine } = (await import(new URL(files[name], import.meta.url).href)) as { engine: Engine }
  return engine
}
