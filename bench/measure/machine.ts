import { cpus, loadavg, totalmem } from 'node:os'

/** What the figures were measured on; no names of the machine or of its folders. */
export function machine() {
  const [first] = cpus()
  return { cpu: first?.model ?? '', cores: cpus().length, memoryGb: Math.round(totalmem() / 1024 ** 3), node: process.version, loadBefore: loadavg()[0]! }
}
