import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { freePort } from '../../runtime/embedded/free-port.ts'
import { endLeftovers } from '../../runtime/embedded/leftovers.ts'

const portVariables = ['PORT', 'EMBEDDED_POSTGRES_PORT', 'EMBEDDED_TEMPORAL_PORT', 'EMBEDDED_TEMPORAL_UI_PORT', 'EMBEDDED_SMTP_PORT', 'EMBEDDED_MAIL_PORT']

/**
 * A data folder and ports for `npm start` of the caller's own. What still runs after the file's tests is ended, the
 * folder removed. Call at the top level of a test file.
 */
export async function installation() {
  const folder = await mkdtemp(join(tmpdir(), 'installation-'))
  const dataFolder = join(folder, 'data')
  const ports: Record<string, string> = {}
  for (const name of portVariables) ports[name] = String(await freePort())
  const { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_BINARY, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_BINARY, NODE_COMPILE_CACHE, ...ports, DATA_DIR: dataFolder }
  const processes = join(dataFolder, 'processes.json')
  const running = new Set<RunningCommand>()
  afterAll(async () => {
    for (const command of running) {
      command.signal('SIGKILL')
      await command.exited
    }
    await endLeftovers(processes).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  })
  return {
    url: `http://127.0.0.1:${ports.PORT}`,
    mailUrl: `http://127.0.0.1:${ports.EMBEDDED_MAIL_PORT}`,
    dataFolder,
    /** The parts that were started last: their names and process groups. */
    parts: async () => JSON.parse(await readFile(processes, 'utf8')) as { name: string; pid: number }[],
    /** Starts `runtime/cli.ts` with this command, as an npm script does. */
    command(...args: string[]): RunningCommand {
      const command = runCommand(args, env)
      running.add(command)
      return command
    },
  }
}

type RunningCommand = ReturnType<typeof runCommand>

function runCommand(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['runtime/cli.ts', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const lookers = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      lookers.forEach((look) => look())
    })
  }
  const exited = once(child, 'close').then(() => child.exitCode)
  return {
    pid: child.pid as number,
    output: () => output,
    /** Resolves with the match when the output has it; rejects when the command ends without. */
    says: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output)
          if (match) resolve(match)
        }
        lookers.add(look)
        look()
        void exited.then(() => reject(new Error(`ended without saying ${String(pattern)}:\n${output}`)))
      }),
    signal: (name: NodeJS.Signals) => child.kill(name),
    /** The exit code; null after a signal. */
    exited,
  }
}
