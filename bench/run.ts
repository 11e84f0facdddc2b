import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { engineNames, loadEngine, type EngineName } from './engines/catalogue.ts'
import { installPeers } from './install-peers.ts'
import { runLoad, type Measured } from './load.ts'
import { startMailSink } from './mail-sink/index.ts'
import { machine } from './measure/machine.ts'
import { fullPlan, nameOf, quickPlan, type Part } from './plan.ts'

// npm run bench [-- --quick] [-- --only a,b] [-- --list]: parts that have a result are not run again, so a run that was
// cut short goes on where it was; --quick measures anew each time.
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' }, list: { type: 'boolean' } } })
const only = values.only?.split(',')
const engines = engineNames.filter((name) => !only || only.includes(name))
const parts = values.quick ? quickPlan(engines) : fullPlan(engines)
const results = fileURLToPath(new URL(`./results/${values.quick ? 'quick' : 'full'}/`, import.meta.url))
const fileOf = (part: Part) => join(results, `${nameOf(part)}.json`)
const open = parts.filter((part) => values.quick || !existsSync(fileOf(part)))

if (values.list) {
  for (const part of parts) console.log(`${existsSync(fileOf(part)) ? 'есть ' : 'нет  '} ${nameOf(part)}`)
  process.exit(0)
}
installPeers()
// A look at all of them is of one day and one load; what was kept of an earlier one goes.
if (values.quick && !only) await rm(results, { recursive: true, force: true })
await mkdir(results, { recursive: true })
let failed = 0
for (const [at, part] of open.entries()) {
  process.stdout.write(`${at + 1}/${open.length} ${nameOf(part)}: `)
  try {
    const measured = await measurePart(part)
    if (measured.problems.length > 0) failed += 1
    console.log(summary(measured))
  } catch (error) {
    failed += 1
    console.log(`не измерено: ${error instanceof Error ? error.message : String(error)}`)
  }
}
await import('./charts/draw.ts')
await import('./scale/draw.ts')
process.exit(failed > 0 ? 1 : 0)

/** Runs one part in a folder of its own and keeps what was measured. A part with problems is kept as such. */
async function measurePart(part: Part): Promise<Measured> {
  const engine = await loadEngine(part.engine as EngineName)
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const sink = await startMailSink()
  try {
    const at = new Date().toISOString()
    const on = machine()
    const measured = await runLoad(engine, part, { folder, smtpUrl: sink.smtpUrl }, sink)
    const { title, answer, durability } = engine
    await writeFile(fileOf(part), `${JSON.stringify({ part, at, machine: on, engine: { title, answer, durability }, ...measured }, null, 2)}\n`)
    return measured
  } finally {
    sink.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function summary({ letters, event, expiryLag, cpuSecondsPer1000, bytesPerInvitation, problems }: Measured): string {
  const ms = (value: number | undefined) => (value === undefined ? '—' : `${Math.round(value)} мс`)
  const figures = [
    `${letters.perSecond.toFixed(0)} приглашений/с`,
    `слово p50 ${ms(event?.p50)} p99 ${ms(event?.p99)}`,
    `истечение p99 ${ms(expiryLag?.p99)}`,
    `ЦП ${cpuSecondsPer1000.toFixed(1)} с на 1000`,
    `${Object.values(bytesPerInvitation).reduce((sum, bytes) => sum + bytes, 0)} байт`,
  ]
  return `${figures.join(', ')}${problems.length > 0 ? `; НЕВЕРНО: ${problems.join('; ')}` : ''}`
}
