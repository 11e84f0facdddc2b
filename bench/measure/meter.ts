import { cpuSeconds, memoryBytes } from './process-tree.ts'

/** The processes of an engine by part: the leaders of their trees. */
export type Parts = Readonly<Record<string, readonly number[]>>

/** CPU seconds of each part in one phase, and how long the phase was, s. */
export interface Phase {
  seconds: number
  cpu: Record<string, number>
}

/** Reading smaps of a large process costs it nothing and us a few milliseconds. */
const memoryEvery = 1_000

/** Watches the processes of one run: CPU by phase and part, the peak of their memory together. */
export function meter(parts: Parts) {
  const phases: Record<string, Phase> = {}
  let peak = 0
  const look = () => {
    peak = Math.max(peak, memoryBytes(Object.values(parts).flat()))
  }
  const timer = setInterval(look, memoryEvery)
  const now = () => ({ at: performance.now(), cpu: Object.fromEntries(Object.entries(parts).map(([part, leaders]) => [part, cpuSeconds(leaders)])) })
  let mark = now()
  return {
    /** Ends the phase that began with the last call, or with the meter, under this name. */
    endPhase(name: string): void {
      const next = now()
      const cpu = Object.fromEntries(Object.entries(next.cpu).map(([part, seconds]) => [part, round(seconds - mark.cpu[part]!)]))
      phases[name] = { seconds: round((next.at - mark.at) / 1000), cpu }
      mark = next
      look()
    },
    /** Stops watching. */
    stop(): { phases: Record<string, Phase>; peakMemoryBytes: number } {
      clearInterval(timer)
      return { phases, peakMemoryBytes: peak }
    },
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000
