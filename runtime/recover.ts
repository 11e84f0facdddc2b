import { resumeCohort } from '../activities/resume-cohort.ts'
import { startSchedules } from '../activities/start-schedules.ts'
import { readAddresses, readRunning, readSchoolsAtWork } from '../db/cohorts.ts'
import { asService, openDatabase } from '../db/connection.ts'
import { parseKeyRing } from '../db/key-ring.ts'
import { createDispatcher, Unavailable } from '../workflows/dispatcher.ts'
import { SCHOOL_DAY, TASK_QUEUE } from '../workflows/messages.ts'
import type { Config } from './config.ts'
import { StartError } from './start-error.ts'
import { temporalClient } from './temporal-client.ts'

const atOnce = 20

/**
 * `npm run recover`: after a restore, everything PostgreSQL knows as running goes on from the steps it has, whether
 * Temporal's store is older or empty; schools get their schedules again. Needs a worker at work; doing it again, or
 * without need, changes nothing.
 * @returns how many cohorts were looked at
 * @throws StartError when Temporal or the workers do not answer
 */
export async function recover(config: Config & { DATABASE_URL: string; TEMPORAL_ADDRESS: string; PAYLOAD_KEYS: string }): Promise<number> {
  await using closing = new AsyncDisposableStack()
  const db = openDatabase(config.DATABASE_URL)
  closing.defer(() => db.close())
  const client = await temporalClient(config, parseKeyRing(config.PAYLOAD_KEYS))
  closing.defer(() => client.connection.close())
  const dispatcher = createDispatcher(client, (ids) => asService(db, (tx) => readAddresses(tx, ids)))
  try {
    for (const orgId of await asService(db, readSchoolsAtWork)) await startSchedules(db, client.schedule, { workflowType: SCHOOL_DAY, taskQueue: TASK_QUEUE }, orgId)
    let count = 0
    for (let after = ''; ; ) {
      const cohorts = await asService(db, (tx) => readRunning(tx, after, atOnce))
      const last = cohorts.at(-1)
      if (!last) return count
      await Promise.all(cohorts.map((cohort) => resumeCohort(db, dispatcher, cohort)))
      count += cohorts.length
      after = last.cohortId
    }
  } catch (cause) {
    if (!(cause instanceof Unavailable)) throw cause
    throw new StartError('Temporal или исполнитель процессов (worker) не отвечает. Запустите их и повторите: уже восстановленное не изменится.', { cause })
  }
}
