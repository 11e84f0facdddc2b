import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** What to run and how to end it. */
export type ProcessPlan = {
  /** Name for messages. */
  name: string
  command: string
  args: readonly string[]
  /** Environment added to this process's own. */
  env?: Readonly<Record<string, string>>
  /** The signal that asks the program to finish in order. */
  stopSignal: 'INT' | 'TERM'
  /** Where its output is appended; without it the output is thrown away. */
  logFile?: string
}

/** A running program that cannot outlive this process. */
export type TetheredProcess = {
  /** Process group of the program and its tether; a signal to `-pid` reaches both. */
  readonly pid: number
  /** Resolves when the program has ended, whoever ended it. */
  readonly ended: Promise<void>
  /** Asks the program to finish and waits; after 20 seconds it is killed. */
  stop(): Promise<void>
  /** SIGKILL to the program at once, as a power cut would. */
  kill(): Promise<void>
}

// Node has no portable "die with the parent" of its own.
const tether = join(import.meta.dirname, 'tether.sh')

const patience = 20_000

/** Starts a program in a process group of its own, so that Ctrl-C in the terminal reaches it only through us. */
export function startTethered(plan: ProcessPlan): TetheredProcess {
  const log = plan.logFile ? openSync(plan.logFile, 'a', 0o600) : undefined
  const shell = spawn('/bin/sh', [tether, plan.stopSignal, plan.command, ...plan.args], {
    detached: true,
    stdio: ['pipe', log ?? 'ignore', log ?? 'ignore'],
    env: { ...process.env, ...plan.env },
  })
  if (log !== undefined) closeSync(log)
  // The pipe breaks when the program ends first; that is news for `ended`, not an error.
  shell.stdin?.on('error', () => undefined)
  const ended = new Promise<void>((resolve) =>
    shell.once('exit', () => {
      // Whoever kills the tether alone leaves the program behind, with its port and its files.
      signalGroup(shell, 'SIGKILL')
      resolve()
    }),
  )
  return {
    pid: pidOf(shell, plan.name),
    ended,
    stop: () => stop(shell, ended),
    kill: () => kill(shell, ended),
  }
}

function pidOf(child: ChildProcess, name: string): number {
  if (child.pid === undefined) throw new Error(`${name} could not be started`)
  return child.pid
}

async function stop(shell: ChildProcess, ended: Promise<void>): Promise<void> {
  shell.stdin?.end()
  const timer = setTimeout(() => signalGroup(shell, 'SIGKILL'), patience)
  await ended
  clearTimeout(timer)
}

async function kill(shell: ChildProcess, ended: Promise<void>): Promise<void> {
  signalGroup(shell, 'SIGKILL')
  await ended
}

function signalGroup(shell: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(shell.pid as number), signal)
  } catch {
    // The whole group is gone already.
  }
}
