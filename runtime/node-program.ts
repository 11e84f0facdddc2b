import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { StartError } from './start-error.ts'
import type { Running } from './supervise.ts'

const patience = 20_000

/**
 * Starts one of our own programs (runtime/server.ts, runtime/worker.ts) as a process and waits until it says that it
 * is ready. It ends by itself when this process is gone.
 * @throws StartError when it ends before it is ready
 */
export async function startNodeProgram(file: string, env: NodeJS.ProcessEnv, logFile: string): Promise<Running> {
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url))], {
    // A group of its own: Ctrl-C in the terminal reaches it only through us, in our order.
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env,
  })
  closeSync(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('error', reject)
    void ended.then(() => reject(new StartError(`Программа ${file.replace('./', 'runtime/')} не запустилась; причина в конце файла ${logFile}.`)))
  })
  return {
    pid: child.pid as number,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), patience)
      await ended
      clearTimeout(timer)
    },
  }
}
