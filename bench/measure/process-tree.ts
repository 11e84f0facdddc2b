import { readdirSync, readFileSync } from 'node:fs'

interface Entry {
  pid: number
  parent: number
  /** Used by the process itself and by its children that have ended and were waited for, in clock ticks. */
  ticks: number
}

/** Linux counts CPU time in hundredths of a second on every architecture it runs Node on. */
const ticksPerSecond = 100

/** CPU time of the process trees below these leaders so far, s: live processes, and the dead that a live one has waited for. */
export function cpuSeconds(leaders: readonly number[]): number {
  return treeOf(leaders).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond
}

/** Memory of the process trees below these leaders, bytes; what several processes share is counted once (PSS). */
export function memoryBytes(leaders: readonly number[]): number {
  return treeOf(leaders).reduce((sum, { pid }) => sum + pssOf(pid), 0)
}

function treeOf(leaders: readonly number[]): Entry[] {
  const entries = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (entryOf(Number(name)) ?? []) : []))
  const children = Map.groupBy(entries, ({ parent }) => parent)
  const found = entries.filter(({ pid }) => leaders.includes(pid))
  for (const { pid } of found) found.push(...(children.get(pid) ?? []))
  return found
}

function entryOf(pid: number): Entry | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything, spaces and brackets included.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number)
    const [, parent = 0] = fields
    return { pid, parent, ticks: fields.slice(11, 15).reduce((sum, field) => sum + field, 0) }
  } catch {
    // It ended between the list and the look.
    return undefined
  }
}

function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
