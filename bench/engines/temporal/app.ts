import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { Invitation } from '../engine.ts'
import { host } from '../peers/app-host.ts'
import { createActivities } from './activities.ts'
import { invitationWithActivities, leanestInvitation, saySignal, sayUpdate } from './workflows.ts'

/** Starts in flight: more only wait at the server. */
const startsAtOnce = 50
const taskQueue = 'invitations'
const idOf = (index: number) => `invitation-${index}`

await host(async ({ db, mail, env }) => {
  Runtime.install({ logger: new DefaultLogger('WARN') })
  const address = env.TEMPORAL_ADDRESS!
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
    activities: createActivities({ db, mail }),
    // Every workflow stays in the cache, at the memory it costs: nothing is replayed in this load.
    maxCachedWorkflows: 12_000,
  })
  void worker.run()
  const { workflow } = new Client({ connection: await Connection.connect({ address }) })
  const type = env.VARIANT === 'leanest' ? leanestInvitation : invitationWithActivities

  return {
    async issue(invitations) {
      const waiting = [...invitations]
      const startRest = async () => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await start(next)
      }
      await Promise.all(Array.from({ length: startsAtOnce }, startRest))
    },
    async tell(index, word) {
      const handle = workflow.getHandle(idOf(index))
      if (type === leanestInvitation) await handle.signal(saySignal, word)
      else await handle.executeUpdate(sayUpdate, { args: [word] })
      return true
    },
  }

  async function start({ index, email, dueAt }: Invitation): Promise<void> {
    await workflow.start(type, { workflowId: idOf(index), taskQueue, args: [{ index, email, dueAt }] })
  }
})
