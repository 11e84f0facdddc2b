import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyPromotion } from '../../../activities/jobs/apply-promotion.ts'
import { draftPromotion } from '../../../activities/jobs/draft-promotion.ts'
import type { DoJob } from '../../../activities/jobs/index.ts'
import { rollBackPromotion } from '../../../activities/jobs/roll-back-promotion.ts'
import { ensureClass } from '../../../db/classes.ts'
import { openDatabase } from '../../../db/connection.ts'
import { insertPromotion } from '../../../db/promotions.ts'
import { movementWorld, stepsOf, year } from '../../support/movement-world.ts'
import { samplePeople } from '../../support/sample-people.ts'
import { sampleSchool } from '../../support/sample-school.ts'
import { scratchDatabase } from '../../support/scratch-database.ts'
import { testKeyRing } from '../../support/test-key-ring.ts'

const db = openDatabase(await scratchDatabase())
afterAll(() => db.close())
const orgId = 'org_zarechie'
const now = new Date('2027-07-05T06:00:00Z')
const world = movementWorld(db, orgId, now)
const work = (job: DoJob, params: Record<string, unknown> = {}) =>
  job({ db, keys: testKeyRing }, { orgId, processId: 'promotion:x', params: { promotionId: 'prm_1', ...params }, now, heartbeat: () => {}, signal: new AbortController().signal })

beforeAll(async () => {
  await sampleSchool(db, orgId)
  await samplePeople(db, orgId)
  const classes: Record<string, string> = {}
  for (const name of ['5А', '9А']) classes[name] = await world.addClass(name)
  await world.tx((tx) => ensureClass(tx, orgId, '2027-2028', '6А'))
  await world.addOrder('o-pupils', 'students')
  await world.addOrder('o-year', 'students')
  for (const [pupil, name, guardian] of [['s1', '5А', 'g1'], ['s2', '5А', 'g2'], ['s3', '9А', 'g3'], ['s4', '9А', 'g2'], ['s5', '5А', 'g5']] as const) await world.addPupil(pupil, classes[name]!, [guardian])
  await world.settlePlaces()
  await world.tx((tx) => insertPromotion(tx, orgId, { id: 'prm_1', fromYear: year, toYear: '2027-2028' }))
  await work(draftPromotion)
  expect(await work(applyPromotion, { attempt: 1, orderId: 'o-year', applyOn: '2027-07-01' })).toMatchObject({ type: 'REGISTER_UPDATED' })
})

const guardians = () =>
  world.tx(async (tx) => (await tx.query<{ line: string }>(`select person_id || ' ' || guardian_of as line from memberships where kind = 'guardian' and ended_at is null order by 1`)).rows.map(({ line }) => line))

test('guardians go with the last child who graduates, and stay for another', async () => {
  expect(await guardians()).toEqual(['g1 s1', 'g2 s2', 'g5 s5'])
})

test('who turns out to have left before the year’s end does not go on with the class; taken back, goes on after all (edge case 10)', async () => {
  expect(await world.lines('s1')).toEqual(['5А … – 2027-07-01', '6А 2027-07-01 –'])
  await world.enter('m1', 's1', { kind: 'departure', on: '2027-05-25' })
  const answer = await world.begin('m1')
  expect(await world.lines('s1')).toEqual(['5А … – 2027-05-25'])
  expect(stepsOf(answer)).toEqual(['remove:classStudents:5А:s1', 'remove:schoolClass:5А:s1', 'remove:classGuardians:5А:g1'])
  expect(await guardians()).toEqual(['g2 s2', 'g5 s5'])

  await world.reverse('m1')
  expect(await world.lines('s1')).toEqual(['5А … – 2027-07-01', '6А 2027-07-01 –'])
  expect(await guardians()).toEqual(['g1 s1', 'g2 s2', 'g5 s5'])
  const { rows } = await world.tx((tx) => tx.query<{ order: string }>(`select end_order_id as "order" from memberships where id = 'mem_s1'`))
  expect(rows).toEqual([{ order: 'o-year' }])
})

test('the year’s end taken back leaves who had left before it where they are, also when their movement is taken back later', async () => {
  await world.enter('m5', 's5', { kind: 'departure', on: '2027-06-10' })
  await world.begin('m5')
  await work(rollBackPromotion, { attempt: 1, done: [] })
  expect(await world.lines('s1')).toEqual(['5А … –'])
  expect(await world.lines('s5')).toEqual(['5А … – 2027-06-10'])
  expect(await guardians()).toEqual(['g1 s1', 'g2 s2', 'g2 s4', 'g3 s3'])

  await world.reverse('m5')
  expect(await world.lines('s5')).toEqual(['5А … –'])
})
