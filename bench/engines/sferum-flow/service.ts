import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../runtime/embedded/free-port.ts'
import { migrateDatabase } from '../../../runtime/migrate-database.ts'
import { startNodeProgram } from '../../../runtime/node-program.ts'
import { writeWorkflowBundle } from '../../../runtime/workflow-bundle.ts'
import { openBenchDatabase } from '../database.ts'
import { openDevTemporal } from '../dev-temporal.ts'
import type { Place } from '../engine.ts'

let made: Promise<string> | undefined

/** Made once: every installation of a run has the same. */
function madeBundle(): Promise<string> {
  return (made ??= mkdtemp(join(tmpdir(), 'bench-bundle-')).then(async (folder) => {
    const file = join(folder, 'workflow-bundle.cjs')
    await writeWorkflowBundle(file)
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    return file
  }))
}

/** The service as its operator runs it, with its database and its Temporal, brought up in an empty folder. */
export async function openService({ folder, smtpUrl }: Place) {
  const database = await openBenchDatabase(folder)
  await migrateDatabase(database.url)
  const temporal = await openDevTemporal(folder)
  const bundle = join(folder, 'workflow-bundle.cjs')
  await copyFile(await madeBundle(), bundle)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    PATH: process.env.PATH,
    // So that a profile can be taken of a run: BENCH_NODE_OPTIONS='--cpu-prof --cpu-prof-dir=…' npm run bench.
    NODE_OPTIONS: process.env.BENCH_NODE_OPTIONS,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'flow@zarechie.example',
    PUBLIC_URL: url,
    PORT: String(port),
    PAYLOAD_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    WORKFLOW_BUNDLE: bundle,
  }
  const startWorker = () => startNodeProgram('./worker.ts', env, join(folder, 'worker.log'))
  const startServer = () => startNodeProgram('./server.ts', env, join(folder, 'server.log'))
  let [worker, server] = [await startWorker(), await startServer()]
  return {
    url,
    database,
    temporal,
    worker,
    server,
    /** SIGKILL to everything at once, as a power cut; everything again. Returns after how many seconds it was ready. */
    async killAndStartAgain(): Promise<number> {
      for (const { pid } of [server, worker]) process.kill(pid, 'SIGKILL')
      await Promise.all([temporal.kill(), database.kill(), server.ended, worker.ended])
      const began = performance.now()
      await database.startAgain()
      await temporal.startAgain()
      ;[worker, server] = [await startWorker(), await startServer()]
      return Math.round((performance.now() - began) / 100) / 10
    },
    async stop() {
      await server.stop()
      await worker.stop()
      await temporal.stop()
      await database.stop()
    },
  }
}
