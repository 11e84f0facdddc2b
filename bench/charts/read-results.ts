import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { engineNames } from '../engines/catalogue.ts'
import type { Measured } from '../load.ts'
import { median } from '../measure/quantiles.ts'
import type { machine } from '../measure/machine.ts'
import type { Part } from '../plan.ts'

/** One measurement as it is kept in bench/results/. */
export interface Result extends Measured {
  part: Part
  at: string
  machine: ReturnType<typeof machine>
  engine: { title: string; answer: 'decision' | 'message'; durability: string }
}

/** Medians over the repeats of one engine under one load. */
export interface Row {
  engine: string
  title: string
  answer: 'decision' | 'message'
  runs: number
  perSecond: number | null
  acceptedSeconds: number | null
  eventP50: number | null
  eventP99: number | null
  lagP50: number | null
  lagP99: number | null
  cpu: number | null
  cpuWithTail: number | null
  bytes: number | null
  memory: number | null
  problems: readonly string[]
}

const results = fileURLToPath(new URL('../results/', import.meta.url))

export function readResults(kind: 'full' | 'quick'): Result[] {
  const files = filesOf(`${results}${kind}`)
  return files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Result)
}

export function readReach(): { name: string; size: number; at: string; [figure: string]: unknown }[] {
  return filesOf(`${results}reach`).map((file) => ({ name: /([a-z]+)\.\d+\.json$/.exec(file)![1]!, ...(JSON.parse(readFileSync(file, 'utf8')) as { size: number; at: string }) }))
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => `${folder}/${name}`)
  } catch {
    return []
  }
}

/** The runs of each load (invitations and shape), and of each engine under it. */
export function byLoad(all: readonly Result[]): { invitations: number; shape: Part['shape']; spreadSeconds: number; rows: Row[]; results: Result[] }[] {
  const loads = Map.groupBy(all, ({ part }) => `${part.invitations} ${part.shape}`)
  return [...loads.values()]
    .map((found) => {
      const { invitations, shape, spreadSeconds } = found[0]!.part
      return { invitations, shape, spreadSeconds, results: found, rows: engineNames.flatMap((engine) => rowOf(engine, found.filter(({ part }) => part.engine === engine))) }
    })
    .sort((a, b) => a.invitations - b.invitations || (a.shape === 'together' ? -1 : 1))
}

export const bytesOf = ({ bytesPerInvitation }: Pick<Measured, 'bytesPerInvitation'>) => Object.values(bytesPerInvitation).reduce((sum, bytes) => sum + bytes, 0)

function rowOf(engine: string, runs: readonly Result[]): Row | [] {
  if (runs.length === 0) return []
  const of = (figure: (result: Result) => number | undefined | null) => median(runs.flatMap((run) => figure(run) ?? []))
  return {
    engine,
    title: runs[0]!.engine.title,
    answer: runs[0]!.engine.answer,
    runs: runs.length,
    perSecond: of(({ letters }) => letters.perSecond),
    acceptedSeconds: of(({ letters }) => letters.acceptedSeconds),
    eventP50: of(({ event }) => event?.p50),
    eventP99: of(({ event }) => event?.p99),
    lagP50: of(({ expiryLag }) => expiryLag?.p50),
    lagP99: of(({ expiryLag }) => expiryLag?.p99),
    cpu: of(({ cpuSecondsPer1000 }) => cpuSecondsPer1000),
    cpuWithTail: of(({ cpuSecondsPer1000WithTail }) => cpuSecondsPer1000WithTail),
    bytes: of(bytesOf),
    memory: of(({ peakMemoryBytes }) => peakMemoryBytes),
    problems: [...new Set(runs.flatMap(({ problems }) => problems))],
  }
}
