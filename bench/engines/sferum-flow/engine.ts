import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { postgresDisk } from '../../measure/disk.ts'
import { postgresDurability } from '../database.ts'
import { temporalDurability } from '../dev-temporal.ts'
import type { Engine, Invitation, Place, RunningEngine } from '../engine.ts'
import { invitingOver } from './inviting.ts'
import { historyOf } from './history.ts'
import { otherLetters, outcomesIn } from './records.ts'
import { openSchools } from './schools.ts'
import { openService } from './service.ts'

/** This service as its operator runs it: server and worker as processes, asked over HTTP, everything on. */
export const engine: Engine = {
  name: 'sferum-flow',
  title: 'Этот сервис (HTTP, всё включено)',
  answer: 'decision',
  durability: `${postgresDurability}; ${temporalDurability}`,
  surely: 60,
  remindsMidway: true,
  start,
}

async function start(place: Place): Promise<RunningEngine> {
  const service = await openService(place)
  const { url, database, temporal, worker, server } = service
  let inviting: ReturnType<typeof invitingOver> | undefined
  return {
    parts: { postgres: [database.pid], temporal: [temporal.pid], worker: [worker.pid], server: [server.pid] },
    async prepare(invitations: readonly Invitation[]) {
      inviting = invitingOver(url, await openSchools(database.url, invitations))
    },
    issue: () => inviting!.issue(),
    lettersAreOut: () => inviting!.findInvitations(),
    tell: (index, word) => inviting!.tell(index, word),
    async expired() {
      const { rows } = await database.admin.query<{ count: number }>(`select count(*)::int as count from invitations where state = 'expired'`)
      return rows[0]!.count
    },
    outcomes: () => outcomesIn(database.admin),
    otherLetters: () => otherLetters(database.admin),
    async disk() {
      const { kept, walWritten } = await postgresDisk(database.admin)
      return { kept: { ...kept, temporal: temporal.bytes() }, walWritten }
    },
    details: () => historyOf(temporal.address),
    versions: async () => ({
      'sferum-flow': (await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'])).stdout.trim(),
      postgresql: await database.version(),
      temporal: await temporal.version(),
    }),
    stop: () => service.stop(),
  }
}
