import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * When a process was started, in the words of `ps`; undefined when there is none. Process numbers are used again by
 * the system, the pair of number and start is not.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  try {
    // `lstart` follows the locale and the time zone; both are fixed so that two calls compare.
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } })
    const [, state, start] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(stdout) ?? []
    return isDead(state) ? undefined : start
  } catch {
    return undefined
  }
}

/** Whether any process of the group still runs. */
export function groupIsAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0)
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const members = execFileSync('ps', ['-A', '-o', 'pgid=,stat='], { encoding: 'utf8' })
  return members.split('\n').some((line) => {
    const [group, state] = line.trim().split(/\s+/)
    return Number(group) === pid && !isDead(state)
  })
}

/** A killed process whose parent has not taken note of it holds nothing any more; in a container it may stay so for ever. */
const isDead = (state: string | undefined) => state?.startsWith('Z') ?? true
