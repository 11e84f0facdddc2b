import type { EngineName } from './engines/catalogue.ts'
import type { Shape } from './load.ts'

/** One measurement: what is run, and which of its repeats it is. */
export interface Part {
  engine: EngineName
  shape: Shape
  invitations: number
  spreadSeconds: number
  repeat: number
}

/** Engines under a hundred invitations a second: ten thousand of them once is enough to wait for. */
const slow: readonly EngineName[] = ['temporal-activity', 'temporal-leanest']
const shapes: readonly Shape[] = ['together', 'spread']
const minute = 60
/** Invitations of a look at all engines that takes less than five minutes. */
const quickly = 120

/** Every engine, interleaved, so that what the machine does meanwhile falls on all of them. */
export function fullPlan(engines: readonly EngineName[]): Part[] {
  const repeats = [1, 2, 3]
  const round = (invitations: number, repeat: number, who: readonly EngineName[]) =>
    shapes.flatMap((shape) => who.map((engine): Part => ({ engine, shape, invitations, spreadSeconds: minute, repeat })))
  return [
    ...repeats.flatMap((repeat) => round(1_000, repeat, engines)),
    ...repeats.flatMap((repeat) => round(10_000, repeat, repeat === 1 ? engines : engines.filter((engine) => !slow.includes(engine)))),
  ]
}

/** A look at all of them, once; deadlines are spread over seconds, for the service and what it is compared with first. */
export function quickPlan(engines: readonly EngineName[]): Part[] {
  const both: readonly EngineName[] = ['sferum-flow', 'temporal-activity']
  return [
    ...engines.map((engine): Part => ({ engine, shape: 'together', invitations: quickly, spreadSeconds: 0, repeat: 1 })),
    ...engines.filter((engine) => both.includes(engine)).map((engine): Part => ({ engine, shape: 'spread', invitations: quickly, spreadSeconds: 10, repeat: 1 })),
  ]
}

export const nameOf = ({ engine, shape, invitations, repeat }: Part) => `${engine}.${shape}.${invitations}.${repeat}`
