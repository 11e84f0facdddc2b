import { Client } from '@temporalio/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resumeCohort } from '../../activities/resume-cohort.ts'
import { readRunning } from '../../db/cohorts.ts'
import { asService, inSchool, openDatabase } from '../../db/connection.ts'
import { cohortHarness } from '../support/cohort-harness.ts'
import { mailCatcher } from '../support/mail-catcher.ts'
import { applicationInOrder } from '../support/sample-application.ts'
import { samplePeople } from '../support/sample-people.ts'
import { sampleSchool } from '../support/sample-school.ts'
import { scratchDatabase } from '../support/scratch-database.ts'
import { temporalEnv } from '../support/temporal-env.ts'
import { temporalNamespace } from '../support/temporal-namespace.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const temporal = await temporalEnv()
const mail = await mailCatcher()

const orgId = 'org_zarechie'
const registration = `orgRegistration:${orgId}`
beforeAll(async () => {
  await sampleSchool(db)
  await samplePeople(db, orgId)
})

/** Cohorts over the same PostgreSQL and a Temporal that remembers nothing. */
async function withEmptyTemporal() {
  const { namespace } = await temporalNamespace()
  const { connection, nativeConnection, dataConverter } = temporal
  return cohortHarness({ db, client: new Client({ connection, namespace, dataConverter }), nativeConnection, dataConverter, smtpUrl: mail.smtpUrl, schedules: false })
}

const spawn = { id: registration, kind: 'organizationRegistration', input: { number: 'СФ-2026-000001', confirmBeforeSending: false } }
const submit = { type: 'SUBMIT_DATA', administratorId: 'p2', facts: applicationInOrder }
const order = { type: 'ORDER_ATTACHED', orderId: 'o1', facts: applicationInOrder }

type Cohorts = Awaited<ReturnType<typeof withEmptyTemporal>>
/** Each harness counts its events anew: theirs would be taken for repeats of the first one's. */
const deliver = async ({ dispatcher }: Cohorts, type: string) => (await dispatcher.deliver([{ id: type, to: registration, event: { type, by: 'p2' }, actor: { kind: 'person', personId: 'p2' } }]))[0]

const cohort = async () => (await asService(db, (tx) => readRunning(tx, '', 1)))[0]!
const linesOf = () => inSchool(db, orgId, async (tx) => (await tx.query<{ event: string; to_state: string }>('select event, to_state from timeline where process_id = $1 order by id', [registration])).rows)

test('what Temporal lost is taken from PostgreSQL: nothing is refused for a state that is over, nothing happens twice', async () => {
  const first = await withEmptyTemporal()
  await first.running(async () => {
    await first.start(orgId, [spawn])
    await first.send(registration, submit)
    await first.send(registration, order)
    await expect.poll(() => first.stateOf(orgId, registration)).toBe('awaitingReply')
    await first.send(registration, { type: 'REPLY_APPROVED', receivedOn: '2026-09-01' })
    await expect.poll(async () => (await mail.letters()).length).toBe(2)
  })
  const before = await linesOf()

  // A Temporal that knows the first step only: the machine there is still in `draft`.
  const older = await withEmptyTemporal()
  await older.running(async () => {
    const { cohortId, workflowId } = await cohort()
    await older.dispatcher.start(workflowId, { orgId, cohortId, start: [spawn], events: [] })
    expect(await deliver(older, 'ADMIN_RIGHTS_CONFIRMED')).toMatchObject({ accepted: true, state: 'profileSetup' })
    expect(await linesOf()).toEqual([...before, expect.objectContaining({ event: 'ADMIN_RIGHTS_CONFIRMED', to_state: 'profileSetup' })])
  })

  // A Temporal that knows nothing.
  const empty = await withEmptyTemporal()
  await empty.running(async () => {
    await resumeCohort(db, empty.dispatcher, await cohort())
    await resumeCohort(db, empty.dispatcher, await cohort())
    expect(await linesOf()).toHaveLength(before.length + 1)
    expect(await deliver(empty, 'PROFILE_FILLED')).toMatchObject({ accepted: true, state: 'staffRoomSetup' })
  })
  expect(await mail.letters()).toHaveLength(2)
})
