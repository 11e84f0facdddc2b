import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { groupIsAlive, processStart } from './process-identity.ts'

/** A part that was started: the leader of its process group. */
type Entry = { name: string; pid: number; startedAt: string }

const patience = 20_000

/** The list of started parts, in a file that outlives this process. */
export type ProcessRecord = {
  /** Writes down a part that has just been started. */
  add(name: string, pid: number): Promise<void>
}

/**
 * Ends what an earlier start left running — it was killed before it could stop its parts — and opens an empty
 * record. Parts normally end by themselves when the start dies; this waits for them, and ends the ones that do not.
 * @returns the names of the parts that were still running
 */
export async function endLeftovers(file: string): Promise<{ ended: string[]; record: ProcessRecord }> {
  const ended: string[] = []
  for (const entry of await readEntries(file)) {
    if (!(await isStillThere(entry))) continue
    ended.push(entry.name)
    await end(entry.pid)
  }
  let entries: Entry[] = []
  await writeEntries(file, entries)
  return {
    ended,
    record: {
      async add(name, pid) {
        const startedAt = await processStart(pid)
        if (startedAt === undefined) return
        entries = [...entries.filter((entry) => entry.name !== name), { name, pid, startedAt }]
        await writeEntries(file, entries)
      },
    },
  }
}

async function readEntries(file: string): Promise<Entry[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]')
  return JSON.parse(text) as Entry[]
}

/** Written beside and renamed: a file cut short by `kill -9` would hide the very processes it is for. */
async function writeEntries(file: string, entries: readonly Entry[]): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(entries))
  await rename(`${file}.new`, file)
}

/** A leader that is gone may leave its group behind; a leader with another start is somebody else. */
async function isStillThere({ pid, startedAt }: Entry): Promise<boolean> {
  if (!groupIsAlive(pid)) return false
  const now = await processStart(pid)
  return now === undefined || now === startedAt
}

async function end(pid: number): Promise<void> {
  signal(pid, 'SIGINT')
  const deadline = Date.now() + patience
  while (groupIsAlive(pid)) {
    if (Date.now() > deadline) signal(pid, 'SIGKILL')
    // They are not our children, so no event tells when they are gone.
    await delay(50)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // Gone between the look and the signal.
  }
}
