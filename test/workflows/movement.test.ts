import { expect, test } from 'vitest'
import { inSchool } from '../../db/connection.ts'
import { insertMovement, type NewMovement } from '../../db/movements.ts'
import type { MovementKind } from '../../machines/movement-kinds.ts'
import { localClock } from '../../school/calendar/local-clock.ts'
import { movementWorld } from '../support/movement-world.ts'
import { patience, schoolInSkippedTime } from '../support/school-in-skipped-time.ts'

const school = await schoolInSkippedTime(2)
const { db, orgId } = school
const world = movementWorld(db, orgId)
const classes = { from: await world.addClass('5А', ['schoolClass']), to: await world.addClass('5Б', ['schoolClass']) }
await world.addPupil('s1', classes.from)
await world.addOrder('o-pupils', 'students')
await world.addOrder('o-staff', 'staff')
await world.settlePlaces()

const day = 86_400_000
const clock = localClock('Europe/Samara')

/** A movement with its order, for a day to come. */
async function scheduled(name: string, kind: MovementKind, personId: string, inDays: number, more: Partial<NewMovement> = {}): Promise<{ id: string; begins: Date }> {
  const id = `movement:${name}`
  const effectiveOn = clock.localDate(new Date((await school.now()).getTime() + inDays * day))
  const begins = clock.at(effectiveOn, '00:00')
  const row: NewMovement = { id: name, processId: id, number: `ДВ-2026-${name}`, kind, personId, effectiveOn, fromClassId: null, toClassId: null, reason: null, details: {}, membershipId: `mem_${name}`, ...more }
  await inSchool(db, orgId, (tx) => insertMovement(tx, orgId, row))
  const staff = kind === 'staffDeparture'
  const { number, details, toClassId } = row
  await school.start([{ id, kind: staff ? 'staffMovement' : 'studentMovement', input: { movementId: name, number, kind, personId, effectiveOn, effectiveAt: begins.toISOString(), details, ...(toClassId && { toClassId }) } }])
  expect(await school.send(id, { type: 'SUBMIT' })).toMatchObject({ accepted: true, state: 'awaitingOrder' })
  const facts = { kind: staff ? 'staff' : 'students', registered: true, inForce: true, administratorRemains: true }
  expect(await school.send(id, { type: 'ORDER_ATTACHED', orderId: staff ? 'o-staff' : 'o-pupils', facts })).toMatchObject({ accepted: true, state: 'scheduled' })
  return { id, begins }
}

const stepsAtHand = async (id: string, action: string) => ((await school.rows<{ context: { steps: { id: string; action: string }[] } }>('select context from processes where id = $1', [id]))[0]!.context.steps.filter((step) => step.action === action)).map((step) => ({ step: step.id, result: 'done' }))

test('a movement begins with its day; who lets it lie is reminded and the head hears of it; what removes comes last; in time it is over', async () => {
  const { id, begins } = await scheduled('mov_1', 'classTransfer', 's1', 5, { toClassId: classes.to })
  await school.passTo(new Date(begins.getTime() - day / 2))
  expect(await school.stateOf(id)).toBe('scheduled')
  expect(await world.lines('s1')).toEqual(['5А … –'])

  await school.passTo(begins)
  await expect.poll(() => school.tasksOf(id), patience).toEqual(['T-MOVE-STEPS'])
  expect(await world.lines('s1')).toHaveLength(2)
  await school.passTo(new Date(begins.getTime() + 6 * day))
  await expect.poll(() => school.lettersOf(id), patience).toContain('L-TASK-URGENT head accepted')
  expect(await school.rows('select overdue, escalated from tasks where owner_id = $1 and closed_at is null', [id])).toEqual([{ overdue: true, escalated: true }])

  expect(await school.complete('T-MOVE-STEPS', { results: await stepsAtHand(id, 'add') }, { owner: id })).toMatchObject({ accepted: true })
  expect(await world.placesOf('s1')).toEqual(['schoolClass:5А', 'schoolClass:5Б'])
  expect(await school.complete('T-MOVE-STEPS', { results: await stepsAtHand(id, 'remove') }, { owner: id })).toMatchObject({ accepted: true })
  await school.becomes(id, 'completed')
  expect(await world.placesOf('s1')).toEqual(['schoolClass:5Б'])
  await school.passTo(new Date((await school.now()).getTime() + 91 * day))
  await expect.poll(() => school.endOf(id), patience).toEqual({ ended: true, cohort: 'ended' })
})

test('whom nobody replaces by the day itself does not go: a task says why, and the movement begins when somebody is there (BR-12)', async () => {
  await inSchool(db, orgId, (tx) => tx.query('update organizations set registered_at = now()'))
  const { id, begins } = await scheduled('mov_2', 'staffDeparture', 'p2', 3)
  await school.passTo(begins)
  await expect.poll(() => school.tasksOf(id), patience).toEqual(['T-MOVE-BLOCKED'])
  expect(await school.stateOf(id)).toBe('scheduled')
  await inSchool(db, orgId, (tx) => tx.query(`update memberships set roles = '{teacher,platformAdmin}' where id = 'mem_p3'`))
  expect(await school.complete('T-MOVE-BLOCKED', { decision: 'retry' }, { owner: id, by: 'p3' })).toMatchObject({ accepted: true })
  await expect.poll(() => school.tasksOf(id), patience).toEqual(['T-MOVE-STEPS'])
  expect(await stepsAtHand(id, 'rights')).toEqual([{ step: 'rights:platformAdmin::p2', result: 'done' }])
  expect(await school.complete('T-MOVE-STEPS', { results: await stepsAtHand(id, 'rights') }, { owner: id, by: 'p3' })).toMatchObject({ accepted: true })
  await school.becomes(id, 'completed')
})
