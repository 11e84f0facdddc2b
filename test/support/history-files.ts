import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import proto from '@temporalio/proto'
import type { DecidedStep } from './replay.ts'

// Not the SDK's historyToJSON: it wants all its packages to share one protobufjs, which npm does not give them here.
const { History: Message } = proto.temporal.api.history.v1
type Events = proto.temporal.api.history.v1.IHistory

/** A run of a workflow as the server kept it, and what its steps decided when it was recorded. */
export interface History {
  /** Version of the product, story and number of the run: `0.1.0/link.1`. */
  name: string
  history: Events
  steps: DecidedStep[]
}

const folder = fileURLToPath(new URL('../histories/', import.meta.url))

/** Every recorded history of every version, by name. */
export async function readHistories(): Promise<History[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json')).sort()
  return Promise.all(
    files.map(async (file) => {
      const { history, steps } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { history: object; steps: DecidedStep[] }
      return { name: file.slice(0, -'.json'.length), history: Message.fromObject(history), steps }
    }),
  )
}

/** Keeps a history, without the machine and process it was recorded on. Throws when there is one of this name. */
export async function writeHistory({ name, history, steps }: History): Promise<void> {
  const file = join(folder, `${name}.json`)
  const plain = Message.toObject(Message.fromObject(history), { longs: String, enums: String, bytes: String })
  const json = JSON.stringify({ steps, history: plain }, (key, value: unknown) => (key === 'identity' ? undefined : value))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${json}\n`, { flag: 'wx' })
}
