import { expect, test } from 'vitest'
import { samplePromotion } from '../support/sample-promotion.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'

const school = await schoolInSkippedTime(1)
const { id, start, classes, ready, approval } = await samplePromotion(school.db, school.orgId)
const day = 86_400_000

test('the year’s end waits for its moments: the approval is missed, the order fails, the date comes, chats live until the year is over, and one day it is too late to take it back', async () => {
  const begun = (await school.now()).getTime()
  const inDays = (days: number) => new Date(begun + days * day)
  const moments = { applyOn: '2027-07-01', applyAt: inDays(30).toISOString(), yearEndsAt: inDays(90).toISOString(), rollbackEndsAt: inDays(110).toISOString() }
  const say = (event: { type: string; [field: string]: unknown }, personId = 'p2') => school.send(id, event, { kind: 'person', personId })
  const approve = () => say({ type: 'APPROVED_WITH_ORDER', by: 'p1', orderId: 'o1', facts: approval(moments) }, 'p1')

  await school.start([start])
  await say({ type: 'CLASSES_OF_NEXT_YEAR_SET', facts: { classes: 1, windowOpen: true, approvalDueAt: inDays(10).toISOString() } })
  await expect.poll(() => school.timelineOf(id), patience).toContain('DRAFTED')
  await say({ type: 'DRAFT_READY', by: 'p2', facts: ready })
  expect(await school.tasksOf(id)).toEqual(['T-PROM-CLASS', 'T-PROM-CLASS'])
  for (const key of [classes.fifth, classes.ninth]) await say({ type: 'CLASS_CONFIRMED', key })
  expect(await school.tasksOf(id)).toEqual(['T-PROM-APPROVE'])

  await school.passTo(inDays(10))
  await expect.poll(() => school.lettersOf(id), patience).toEqual(['L-TASK-URGENT head accepted'])
  expect(await approve()).toMatchObject({ accepted: true, state: 'scheduled' })
  expect(await say({ type: 'ORDER_INVALIDATED', orderId: 'o-other' })).toMatchObject({ accepted: false, guards: ['promotionOrderIsOurs'] })
  expect(await say({ type: 'ORDER_INVALIDATED', orderId: 'o1' })).toMatchObject({ accepted: true, state: 'headApproval' })
  await approve()

  await school.passTo(inDays(29))
  expect(await school.stateOf(id)).toBe('scheduled')
  await school.passTo(inDays(30))
  await school.becomes(id, 'platformWork')
  expect((await school.rows<{ name: string }>(`select c.name from memberships m join school_classes c on c.id = m.class_id where m.kind = 'student' and m.ended_at is null`)).map(({ name }) => name)).toEqual(['6А'])
  await school.complete('T-PROM-STEPS', { result: 'done' }, { owner: id, facts: { links: [] } })
  expect(await school.tasksOf(id)).toEqual([])

  await school.passTo(inDays(90))
  await expect.poll(() => school.tasksOf(id), patience).toEqual(['T-PROM-STEPS'])
  await school.complete('T-PROM-STEPS', { result: 'done' }, { owner: id, facts: { links: [] } })
  await school.becomes(id, 'completed')
  await school.passTo(inDays(110))
  await expect.poll(() => school.endOf(id), patience).toEqual({ ended: true, cohort: 'ended' })
  expect(await say({ type: 'ROLLBACK', reason: 'поздно' })).toMatchObject({ accepted: false, reason: 'notHere' })
})
