import { expect } from 'vitest'
import { shiftDate } from '../../../school/calendar/local-date.ts'
import type { Joining } from './joining.ts'
import { good, problemsOf, type SchoolClass, type Task, type WholeSchool } from './school.ts'
import type { Space } from './structure.ts'

interface Movement {
  id: string
  processId: string
}
interface Membership {
  kind: string
  classId: string | null
  guardianOf: string | null
  endedAt: string | null
}

const over = ['completed', 'partiallyDone', 'reversed', 'cancelled']
const pupilsOf = async ({ admin }: WholeSchool, classId: string) => good(await admin.get<{ people: { personId: string }[] }>(`/classes/${classId}`)).people.map(({ personId }) => personId)
const membershipsOf = async ({ admin }: WholeSchool, personId: string) => good(await admin.get<{ memberships: Membership[] }>(`/people/${personId}`)).memberships
/** The class a pupil learns in; undefined for who does not any more. */
const learnsIn = async (whole: WholeSchool, personId: string) => (await membershipsOf(whole, personId)).find(({ kind, endedAt }) => kind === 'student' && endedAt === null)?.classId ?? undefined

/** A day of the year that ends which is not to come, whenever the test runs. */
export const dayIn = ({ today, years }: WholeSchool) => (today < `${years.ends}-05-15` ? today : `${years.ends}-05-15`)

const enter = async ({ registrar }: WholeSchool, kind: string, personId: string, fields: object): Promise<Movement> => good(await registrar.post<Movement>('/movements', { kind, personId, ...fields }), 202)

/** Does everything that the movements ask of people, chats first, until all of them have come to their end. */
async function workThrough(whole: WholeSchool, movements: readonly Movement[]): Promise<void> {
  const { admin, tasks, completeAll } = whole
  const evidence: Record<string, object> = { 'T-CHAT-ACCEPT': { confirmed: true }, 'T-CLASS-TEACHER-REMOVE': { result: 'done' }, 'T-CLASS-TEACHER': { confirmed: true } }
  const stepsOf = async ({ id }: Task) => {
    const { values } = good(await admin.get<{ values: { name: string }[] }>(`/tasks/${id}`))
    return { results: values.filter(({ name }) => /^(rights|add|remove):/.test(name)).map(({ name }) => ({ step: name, result: 'done' })) }
  }
  const states = async () => {
    for (const [kind, given] of Object.entries(evidence)) await completeAll(await tasks(kind), () => given)
    for (const task of await tasks('T-MOVE-STEPS')) {
      const results = await stepsOf(task)
      // Another movement may have taken the task over since.
      await admin.post(`/tasks/${task.id}/complete`, { evidence: results })
    }
    return Promise.all(movements.map(async ({ id }) => good(await admin.get<{ state: string }>(`/movements/${id}`)).state))
  }
  await expect.poll(async () => (await states()).filter((state) => !over.includes(state)), { timeout: 90_000 }).toEqual([])
}

/** Pupils change classes, leave and come back; orders come late, in the wrong order and are cancelled (7.6, edge cases 8–11, 13). */
export async function pupilsMove(whole: WholeSchool, running: Joining): Promise<void> {
  const { admin, registrar, classesOf, order, say, becomes, awaited, hurry, completeAll, today, years } = whole
  const classes = (await classesOf(years.ending)).filter(({ id }) => id !== running.class.id)
  const [from, to, other] = classes.map(({ id }) => id) as [string, string, string]
  const [turned, wrong, both, back, cancelled, later] = (await pupilsOf(whole, from)) as [string, string, string, string, string, string]
  const day = dayIn(whole)
  const orderId = await order('students', day)
  const on = (days: number) => ({ effectiveOn: shiftDate(day, -days), orderId })
  const moved: Movement[] = []

  moved.push(await enter(whole, 'classTransfer', turned, { ...on(3), toClassId: to }))
  // Entered in the wrong order: the later day decides.
  moved.push(await enter(whole, 'classTransfer', wrong, { ...on(1), toClassId: other }))
  moved.push(await enter(whole, 'classTransfer', wrong, { ...on(3), toClassId: to }))
  // The order that came late speaks of a day before the pupil left.
  const leaves = await enter(whole, 'departure', both, { ...on(0), reason: 'relocation' })
  await becomes(leaves.processId, 'platformWork')
  moved.push(leaves, await enter(whole, 'classTransfer', both, { ...on(3), toClassId: to }))
  // Two at once.
  moved.push(...(await Promise.all([enter(whole, 'departure', back, { ...on(4), reason: 'other' }), enter(whole, 'classTransfer', back, { ...on(6), toClassId: to })])))
  await workThrough(whole, moved)
  expect([await learnsIn(whole, turned), await learnsIn(whole, wrong), await learnsIn(whole, both), await learnsIn(whole, back)]).toEqual([to, other, undefined, undefined])

  // Comes back; is taken back by an order of its own; by an order that was cancelled.
  const returns = await enter(whole, 'readmission', back, { ...on(2), toClassId: from })
  await workThrough(whole, [returns])
  expect(await learnsIn(whole, back)).toBe(from)
  await say(moved[0]!.processId, { type: 'REVERSE', orderId: await order('students', day), reason: 'В приказе ошибка' })
  const doomed = await order('students', day)
  const undone = await enter(whole, 'classTransfer', cancelled, { effectiveOn: day, orderId: doomed, toClassId: to })
  await workThrough(whole, [undone, moved[0]!])
  expect(await learnsIn(whole, turned)).toBe(from)
  good(await registrar.post(`/orders/${doomed}/cancel`))
  await completeAll(await awaited('T-MOVE-REORDER', 1, undone.processId), () => ({ decision: 'takeBack', orderId }))
  await workThrough(whole, [undone])
  expect(await learnsIn(whole, cancelled)).toBe(from)
  await becomes(undone.processId, 'reversed')

  // A day to come is waited for, until somebody moves it; who was never here comes.
  const waits = await enter(whole, 'departure', later, { effectiveOn: shiftDate(today, 20), orderId, reason: 'otherSchool' })
  await becomes(waits.processId, 'scheduled')
  expect(await learnsIn(whole, later)).toBe(from)
  await hurry(waits.processId, 'TIMER_EFFECTIVE')
  const { rows } = good(await registrar.post<{ rows: { person: { id: string } }[] }>('/people', { people: [{ lastName: 'Новиков', firstName: 'Савелий' }] }), 201)
  await becomes(waits.processId, 'platformWork')
  await workThrough(whole, [waits, await enter(whole, 'enrollment', rows[0]!.person.id, { ...on(0), toClassId: from })])
  expect([await learnsIn(whole, later), await learnsIn(whole, rows[0]!.person.id)]).toEqual([undefined, from])

  await guardianGoesAlong(whole, running, on(0))
  expect(problemsOf(await admin.post('/movements', { kind: 'departure', personId: both, ...on(0), reason: 'other' }))).toEqual(['personNotPupil'])
}

/** A pupil leaves while an invitation of a guardian runs: it dies at once. */
async function guardianGoesAlong(whole: WholeSchool, running: Joining, on: object): Promise<void> {
  const { admin } = whole
  const invited = running.members!.find(({ state }) => state === 'sent')!
  const child = (await membershipsOf(whole, invited.personId)).find(({ kind }) => kind === 'guardian')!.guardianOf!
  const leaves = await enter(whole, 'departure', child, { ...on, reason: 'familyEducation' })
  await workThrough(whole, [leaves])
  await expect.poll(async () => good(await admin.get<{ state: string }>(`/processes/${invited.processId}`)).state).toBe('cancelled')
}

/** A class teacher leaves: rights, class and chats change hands, whichever is confirmed first; the last administrator stays (BR-12, BR-17). */
export async function staffMoves(whole: WholeSchool): Promise<void> {
  const { head, admin, all, classesOf, order, years, today } = whole
  const classes = await classesOf(years.ending)
  const [led, others] = [classes.at(-1)!, classes.at(-2)!]
  const [leaver, successor] = [led.classTeachers[0]!.id, others.classTeachers[0]!.id]
  const orderId = await order('staff', today)
  const leaves = await enter(whole, 'staffDeparture', leaver, { effectiveOn: today, orderId, successorId: successor })
  await workThrough(whole, [leaves])
  expect(good(await admin.get<{ state: string }>(`/movements/${leaves.id}`)).state).toBe('completed')
  await expect.poll(async () => good(await admin.get<SchoolClass>(`/classes/${led.id}`)).classTeachers.map(({ id }) => id)).toEqual([successor])
  expect((await all<Space>(`/spaces?ownerId=${leaver}`)).map(({ name }) => name)).toEqual([])

  const refused = await head.post('/movements', { kind: 'longLeave', personId: 'p2', effectiveOn: today, until: shiftDate(today, 200), orderId })
  expect(problemsOf(refused)).toEqual(['administratorRemains'])
}
