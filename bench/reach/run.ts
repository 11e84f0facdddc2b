import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Place } from '../engines/engine.ts'
import { startMailSink, type MailSink } from '../mail-sink/index.ts'
import { machine } from '../measure/machine.ts'
import { burst } from './burst.ts'
import { live } from './live.ts'
import { manySchools } from './many-schools.ts'
import { startOfCohort } from './start-of-cohort.ts'

// node bench/reach/run.ts [name[:size] …]: what the service alone has to reach, each in an installation of its own.
const measurements: Readonly<Record<string, (place: Place, sink: MailSink, size: number) => Promise<object>>> = { start: startOfCohort, burst, schools: manySchools, live }
const sizes: Readonly<Record<string, number>> = { start: 500, burst: 500, schools: 200, live: 100_000 }
const results = fileURLToPath(new URL('../results/reach/', import.meta.url))
const wanted = process.argv.slice(2)

await mkdir(results, { recursive: true })
for (const name of wanted.length > 0 ? wanted : Object.keys(measurements)) {
  const [which = '', given] = name.split(':')
  const size = given ? Number(given) : sizes[which]!
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const sink = await startMailSink()
  try {
    const at = new Date().toISOString()
    const on = machine()
    const measured = await measurements[which]!({ folder, smtpUrl: sink.smtpUrl }, sink, size)
    console.log(`${which} ${size}: ${JSON.stringify(measured)}`)
    await writeFile(join(results, `${which}.${size}.json`), `${JSON.stringify({ at, machine: on, size, ...measured }, null, 2)}\n`)
  } finally {
    sink.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
process.exit(0)
