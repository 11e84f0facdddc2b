import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * When a process was started, in the words of `ps`; undefined when there is none. Process numbers are used again by
 * the system, the pair of number and start is not.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    // `lstart` follows the locale and the time zone; both are fixed so that two calls compare.
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } })
    return stdout.trim() || undefined
  } catch {
    return undefined
  }
}

/** Whether any process of the group still runs. */
export function groupIsAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
