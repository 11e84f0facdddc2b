import { createHash } from 'node:crypto'
import { afterAll, expect } from 'vitest'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { startProgram, type Program } from './program.ts'
import { testKeys } from './test-key-ring.ts'
import { workflowBundle } from './workflow-bundle.ts'

export interface SystemParts {
  databaseUrl: string
  temporal: { address: string; namespace: string }
  smtpUrl: string
  /** The sender's address, whose mailbox is read for answers. */
  mailFrom?: string
  imapUrl?: string
}

/** What one process has otherwise than the rest. */
export interface Otherwise {
  temporalAddress?: string
  databaseUrl?: string
  /** Its clock is ahead of this machine's by so much, ms; behind when negative. */
  clockAhead?: number
  temporaryFolder?: string
}

const clock = new URL('./shifted-clock.ts', import.meta.url).href

const variablesOf = ({ temporalAddress, databaseUrl, clockAhead, temporaryFolder }: Otherwise): Record<string, string> => ({
  ...(temporalAddress && { TEMPORAL_ADDRESS: temporalAddress }),
  ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  ...(clockAhead && { NODE_OPTIONS: `--import=${clock}`, CLOCK_AHEAD_MS: String(clockAhead) }),
  ...(temporaryFolder && { TMPDIR: temporaryFolder }),
})

/**
 * The product as its operator runs it: `server` and `worker` as processes, any number of each, configured by the
 * environment alone. Nothing is started yet. Whatever still runs is killed after the file's tests; call at the top
 * level of a test file.
 */
export async function system({ databaseUrl, temporal, smtpUrl, mailFrom = 'flow@zarechie.example', imapUrl }: SystemParts) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SMTP_URL: smtpUrl,
    MAIL_FROM: mailFrom,
    ...(imapUrl && { IMAP_URL: imapUrl }),
    PUBLIC_URL: url,
    PAYLOAD_KEYS: testKeys,
    WORKFLOW_BUNDLE: (await workflowBundle()).codePath,
    LOG_LEVEL: 'debug',
  }
  const running = new Set<Program>()
  let output = ''
  afterAll(() => Promise.all([...running].map((program) => program.kill())))

  async function start(file: 'runtime/server.ts' | 'runtime/worker.ts', more: Record<string, string>): Promise<Program> {
    const program = await startProgram(file, { ...env, ...more }, (text) => (output += text))
    running.add(program)
    void program.ended.then(() => running.delete(program))
    return program
  }

  return {
    /** Where people reach it; the same for every server started one after another. */
    url,
    /** Started one after another they have the same address; a second one at once needs a port of its own. */
    startServer: (on = port, otherwise: Otherwise = {}) => start('runtime/server.ts', { PORT: String(on), ...variablesOf(otherwise) }),
    startWorker: (otherwise: Otherwise = {}) => start('runtime/worker.ts', variablesOf(otherwise)),
    /** P7: none of these texts stands in anything a process has printed. */
    expectSilenceAbout(canaries: readonly string[]) {
      const printed = canaries.filter((canary) => output.toLowerCase().includes(canary.toLowerCase()))
      // Their hashes: the report of a failure is a log too.
      expect(printed.map((canary) => createHash('sha256').update(canary).digest('hex')), 'canaries in the logs').toEqual([])
      expect(output.length, 'the processes log something').toBeGreaterThan(0)
    },
  }
}
