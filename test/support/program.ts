import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** One of our programs at work as a process of its own. */
export interface Program {
  readonly pid: number
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>
  /** SIGKILL, as a crash or a power cut would end it. */
  kill(): Promise<void>
  /** SIGTERM, as an operator ends it. */
  stop(): Promise<void>
}

/**
 * Starts `runtime/…` the way an operator does and waits until it says that it is ready. Everything it prints goes to
 * `onOutput`. It ends with this process, whatever happens.
 * @throws Error with the last of its output when it ends before it is ready
 */
export async function startProgram(file: `runtime/${string}.ts`, env: Record<string, string>, onOutput: (text: string) => void): Promise<Program> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`../../${file}`, import.meta.url))], {
    // Nothing of the test runner's own environment: what the program reads is what the test says.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let tail = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-4_000)
      onOutput(text)
    })
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('error', reject)
    void ended.then(() => reject(new Error(`${file} did not start:\n${tail}`)))
  })
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return { pid: child.pid!, ended, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
