import { afterAll, expect, test } from 'vitest'
import type { RecordStep } from '../../../activities/contract.ts'
import { recordStep } from '../../../activities/records/record-step.ts'
import { insertCohort } from '../../../db/cohorts.ts'
import { inSchool, openDatabase } from '../../../db/connection.ts'
import { definitionOf } from '../../../machines/catalogue.ts'
import type { IncomingEvent } from '../../../workflows/messages.ts'
import { stateOf, type Instance } from '../../../workflows/instance.ts'
import { stepCohort } from '../../../workflows/step.ts'
import { applicationInOrder } from '../../support/sample-application.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())

/** A school and a cohort of its own for each test: nothing recorded yet. */
let schools = 0
async function newCohort() {
  const orgId = await sampleSchool(db, `org_${++schools}`)
  const cohortId = `coh_${schools}`
  await inSchool(db, orgId, (tx) => insertCohort(tx, { orgId, cohortId, workflowId: cohortId, input: {} }))
  const registration = `orgRegistration:${orgId}`
  const opened: IncomingEvent = {
    id: `start:${registration}`,
    to: registration,
    event: { type: 'SPAWN', id: registration, kind: 'organizationRegistration', input: { number: 'СФ-2026-000001', confirmBeforeSending: false } },
    actor: { kind: 'process' },
  }
  const submitted = (id: string): IncomingEvent => ({
    id,
    to: registration,
    event: { type: 'SUBMIT_DATA', administratorId: 'p2', facts: applicationInOrder },
    actor: { kind: 'person', personId: 'p2' },
  })
  const count = (table: string) =>
    inSchool(db, orgId, async (tx) => (await tx.query<{ n: number }>(`select count(*)::int as n from ${table} where cohort_id = $1`, [cohortId])).rows[0]!.n)
  const stepOf = (seq: number, inputs: IncomingEvent[], at: string, instances = new Map<string, Instance>()) => recordOf(orgId, cohortId, seq, inputs, at, instances)
  return { orgId, cohortId, opened, submitted, count, stepOf }
}

/** What the host would record of these inputs as the cohort's next step. */
function recordOf(orgId: string, cohortId: string, seq: number, inputs: IncomingEvent[], at: string, instances: Map<string, Instance>): RecordStep {
  const outcome = stepCohort(orgId, instances, inputs, at)
  for (const instance of outcome.changed) instances.set(instance.id, instance)
  const changed = outcome.changed.map((instance) => ({
    id: instance.id,
    kind: instance.kind,
    version: definitionOf(instance.kind).version,
    state: stateOf(instance.snapshot),
    context: instance.snapshot.context as Record<string, unknown>,
    seq: instance.seq,
    ended: instance.ended,
  }))
  const { results, timeline, deadlines, letters, cancelLetters, settleLetters } = outcome
  return { orgId, cohortId, seq, at, inputs, changed, results, timeline, deadlines, anchors: {}, letters, cancelLetters, settleLetters }
}

test('a step writes the process, its task with the due moment, and a line for each event', async () => {
  const { orgId, cohortId, opened, submitted, stepOf } = await newCohort()
  const answer = await recordStep(db, stepOf(1, [opened, submitted('e1')], '2026-08-24T05:10:00.000Z'))
  expect(answer.outcome).toBe('recorded')
  await inSchool(db, orgId, async (tx) => {
    expect((await tx.query('select state, seq from processes where cohort_id = $1', [cohortId])).rows).toEqual([{ state: 'awaitingOrder', seq: 2 }])
    expect((await tx.query('select kind, state, roles, due_at from tasks where cohort_id = $1', [cohortId])).rows).toEqual([
      { kind: 'T-REG-ORDER', state: 'open', roles: ['registrar', 'platformAdmin'], due_at: new Date('2026-08-27T14:00:00.000Z') },
    ])
    expect((await tx.query('select event, person_id from timeline where cohort_id = $1 and owner_id is null order by id', [cohortId])).rows).toEqual([
      { event: 'BEGAN', person_id: null },
      { event: 'SUBMIT_DATA', person_id: 'p2' },
    ])
  })
})

test('a step recorded twice is written once and answered the same (F7)', async () => {
  const { opened, submitted, count, stepOf } = await newCohort()
  const step = stepOf(1, [opened, submitted('e1')], '2026-08-24T05:10:00.000Z')
  const first = await recordStep(db, step)
  const lines = await count('timeline')
  expect(await recordStep(db, step)).toEqual(first)
  expect(await count('timeline')).toBe(lines)
  expect(await count('tasks')).toBe(1)
})

test('ten workers that record one step at once agree, and one of them writes it', async () => {
  const { opened, submitted, count, stepOf } = await newCohort()
  const step = stepOf(1, [opened, submitted('e1')], '2026-08-24T05:10:00.000Z')
  const answers = await Promise.all(Array.from({ length: 10 }, () => recordStep(db, step)))
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(await count('cohort_steps')).toBe(1)
})

test('a step that another worker recorded under this number is handed back to be adopted', async () => {
  const { opened, submitted, count, stepOf } = await newCohort()
  const instances = new Map<string, Instance>()
  await recordStep(db, stepOf(1, [opened], '2026-08-24T05:10:00.000Z', instances))
  await recordStep(db, stepOf(2, [submitted('first')], '2026-08-24T05:11:00.000Z', new Map(instances)))
  const other = stepOf(2, [submitted('second')], '2026-08-24T05:12:00.000Z', new Map(instances))
  expect(await recordStep(db, other)).toMatchObject({ outcome: 'adopt', inputs: [{ id: 'first' }], at: '2026-08-24T05:11:00.000Z' })
  expect(await count('handled_events')).toBe(2)
})

test('an event answered in an earlier step is not taken again, though the workflow has forgotten it (P2)', async () => {
  const { opened, submitted, count, stepOf } = await newCohort()
  const instances = new Map<string, Instance>()
  const step = stepOf(1, [opened, submitted('e1')], '2026-08-24T05:10:00.000Z', instances)
  await recordStep(db, step)
  const again = stepOf(2, [submitted('e1')], '2026-08-24T05:12:00.000Z', instances)
  expect(await recordStep(db, again)).toEqual({ outcome: 'handled', results: [step.results[1]] })
  expect(await count('cohort_steps')).toBe(1)
})

test('one school cannot record into another: row-level security refuses the write', async () => {
  const { opened, count, stepOf } = await newCohort()
  const step = stepOf(1, [opened], '2026-08-24T05:10:00.000Z')
  const other = await newCohort()
  await expect(recordStep(db, { ...step, orgId: other.orgId })).rejects.toThrow()
  expect(await count('cohort_steps')).toBe(0)
})

test('what comes of a letter that only informs is told to nobody; of an application it is', async () => {
  const { orgId, opened, submitted, stepOf } = await newCohort()
  const to = opened.to
  const person = { kind: 'person', personId: 'p2' } as const
  const attached: IncomingEvent = { id: 'e2', to, event: { type: 'ORDER_ATTACHED', orderId: 'o1', facts: applicationInOrder }, actor: person }
  const accepted: IncomingEvent = { id: 'e3', to, event: { type: 'LETTER_ACCEPTED', letterId: 'l1' }, actor: { kind: 'mail' } }
  const approved: IncomingEvent = { id: 'e4', to, event: { type: 'REPLY_APPROVED', receivedOn: '2026-08-24' }, actor: person }
  const instances = new Map<string, Instance>()
  await recordStep(db, stepOf(1, [opened, submitted('e1'), attached], '2026-08-24T05:10:00.000Z', instances))
  // The mail server has it: what lies in the outbox still would be taken back by the answer.
  await inSchool(db, orgId, (tx) => tx.query(`update letters set state = 'accepted'`))
  await recordStep(db, stepOf(2, [accepted, approved], '2026-08-24T05:12:00.000Z', instances))
  const waiting = await inSchool(db, orgId, async (tx) => (await tx.query<{ code: string; waits: boolean }>('select code, told_at is null as waits from letters order by code')).rows)
  expect(waiting).toEqual([
    { code: 'L-REG-APPLY', waits: true },
    { code: 'L-REG-STATUS', waits: false },
  ])
})

test('a person’s word about a letter of unknown outcome is in the outbox with the step that takes it; a repeat changes nothing', async () => {
  const { orgId, opened, submitted, stepOf } = await newCohort()
  const instances = new Map<string, Instance>()
  const to = opened.to
  const person = { kind: 'person', personId: 'p2' } as const
  const attached: IncomingEvent = { id: 'e2', to, event: { type: 'ORDER_ATTACHED', orderId: 'o1', facts: applicationInOrder }, actor: person }
  await recordStep(db, stepOf(1, [opened, submitted('e1'), attached], '2026-08-24T05:10:00.000Z', instances))
  const letters = () => inSchool(db, orgId, async (tx) => (await tx.query<{ id: string; state: string; told: boolean }>('select id, state, told_at is not null as told from letters')).rows)
  const letterId = (await letters())[0]!.id
  const lost = () => inSchool(db, orgId, (tx) => tx.query(`update letters set state = 'unknownOutcome', settled_at = now() where id = $1`, [letterId]))
  const unknown = (id: string): IncomingEvent => ({ id, to, event: { type: 'LETTER_UNKNOWN', letterId }, actor: { kind: 'mail' } })

  await lost()
  await recordStep(db, stepOf(2, [unknown('e3')], '2026-08-24T05:11:00.000Z', instances))
  await recordStep(db, stepOf(3, [{ id: 'e4', to, event: { type: 'FIX', by: 'p2', facts: applicationInOrder }, actor: person }], '2026-08-24T05:12:00.000Z', instances))
  expect(await letters()).toEqual([{ id: letterId, state: 'queued', told: false }])

  await lost()
  await recordStep(db, stepOf(4, [unknown('e5')], '2026-08-24T05:13:00.000Z', instances))
  const arrived = stepOf(5, [{ id: 'e6', to, event: { type: 'LETTER_ACCEPTED', by: 'p2' }, actor: person }], '2026-08-24T05:14:00.000Z', instances)
  for (const _twice of [1, 2]) {
    expect(await recordStep(db, arrived)).toMatchObject({ outcome: 'recorded' })
    expect(await letters()).toEqual([{ id: letterId, state: 'accepted', told: true }])
  }
})
